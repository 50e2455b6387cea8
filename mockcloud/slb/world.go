package slb

import (
	"net/netip"
	"time"
)

// world is the circumstances of a call: all that an action may look at besides
// the state and its own parameters.
type world struct {
	now    time.Time
	caller string // access key id
	region string
	quotas Quotas
	// refuseEmpty is Config.RefuseEmptyGroups.
	refuseEmpty bool

	// configuring is how long a load balancer is busy after a write.
	configuring time.Duration

	vSwitches          []VSwitch
	intranet, internet netip.Prefix
	servers            Servers

	// newID makes an id that begins with a prefix.
	newID func(prefix string) string
}

// Servers answers whether a back-end server exists and runs. A nil function
// knows none.
type Servers struct {
	// LookupENI reports whether an elastic network interface has the address
	// and belongs to something that runs.
	LookupENI func(eniID string, ip netip.Addr) bool
	// LookupECI answers the address of a running container group.
	LookupECI func(groupID string) (netip.Addr, bool)
	// LookupECS answers the primary private address of a running instance.
	LookupECS func(instanceID string) (netip.Addr, bool)
}

// VSwitch is a subnet that intranet load balancers may be made in.
type VSwitch struct {
	ID    string
	VPCID string
	Zone  string
}

// timestamp writes a moment as the service does.
func timestamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }
