package ecs

import (
	"net/netip"
	"slices"
	"strings"
	"time"
)

// Instance is an ECS instance that is always running, with one network
// interface.
type Instance struct {
	ID        string // i-...
	IP        netip.Addr
	VPCID     string
	VSwitchID string
	Zone      string
}

// eniID differs from the instance's id in what it begins with.
func (i Instance) eniID() string { return "eni-" + strings.TrimPrefix(i.ID, "i-") }

// NetworkInterface is an elastic network interface in use.
type NetworkInterface struct {
	ID              string
	Type            string // Primary or Secondary
	InstanceID      string // what it is attached to
	IP              netip.Addr
	VPCID           string
	VSwitchID       string
	Zone            string
	SecurityGroupID string
	Created         time.Time
}

// network is what the product knows of interfaces.
type network struct {
	instances []Instance
	others    func() []NetworkInterface
}

// interfaces are those of the instances, then the others.
func (n network) interfaces() []NetworkInterface {
	var list []NetworkInterface
	for _, i := range n.instances {
		list = append(list, NetworkInterface{
			ID: i.eniID(), Type: "Primary", InstanceID: i.ID, IP: i.IP,
			VPCID: i.VPCID, VSwitchID: i.VSwitchID, Zone: i.Zone,
		})
	}
	if n.others != nil {
		list = append(list, n.others()...)
	}
	return list
}

// LookupInstance answers the address of an instance.
func (s *Service) LookupInstance(id string) (netip.Addr, bool) {
	i := slices.IndexFunc(s.network.instances, func(x Instance) bool { return x.ID == id })
	if i < 0 {
		return netip.Addr{}, false
	}
	return s.network.instances[i].IP, true
}

// LookupENI reports whether an interface of an instance has an address.
func (s *Service) LookupENI(id string, ip netip.Addr) bool {
	return slices.ContainsFunc(s.network.instances, func(x Instance) bool { return x.eniID() == id && x.IP == ip })
}
