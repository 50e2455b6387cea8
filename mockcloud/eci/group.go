package eci

import (
	"net/netip"
	"time"

	"github.com/ebb-node/ebb/mockcloud/clock"
	"github.com/ebb-node/ebb/mockcloud/runtime"
)

// The documented states of a container group
// (https://www.alibabacloud.com/help/doc-detail/122385.htm).
const (
	scheduling     = "Scheduling"
	scheduleFailed = "ScheduleFailed"
	pending        = "Pending"
	running        = "Running"
	restarting     = "Restarting"
	terminating    = "Terminating"
	succeeded      = "Succeeded"
	failed         = "Failed"
	expired        = "Expired"
)

// group is one container group. The Service's lock guards it.
type group struct {
	id     string
	serial uint64 // order of creation
	region string

	request      *createRequest
	subnet       *subnet
	securityID   string
	ip           netip.Addr
	size         size
	instanceType string
	noStock      bool // stock runs out after the create call

	status  string
	reason  string
	message string

	created   time.Time
	began     time.Time // Pending
	ready     time.Time // of the Ready condition's last change
	ended     time.Time
	changed   time.Time // anything that the status call tells
	reclaimed bool      // spot reclaim announced
	rerunning bool      // Restarting, and already stopped
	inRuntime bool      // the runtime has accepted it
	forgotten bool      // no longer in the cloud

	containers     []runtime.ContainerStatus
	initContainers []runtime.ContainerStatus
	wasReady       bool

	events  []event
	samples []sample
	credits account

	pendingTimer *clock.Timer // ends a group that stays Pending
}

// final reports whether the group will never run again.
func (g *group) final() bool {
	switch g.status {
	case scheduleFailed, succeeded, failed, expired:
		return true
	}
	return false
}

// started reports whether the runtime was asked to run the group.
func (g *group) started() bool { return !g.began.IsZero() }

// tagged reports whether the group has all tags; one without value matches any.
func (g *group) tagged(wanted []tag) bool {
	for _, w := range wanted {
		found := false
		for _, t := range g.request.Tag {
			found = found || t.Key == w.Key && (w.Value == "" || t.Value == w.Value)
		}
		if !found {
			return false
		}
	}
	return true
}

func (g *group) allReady() bool {
	for _, c := range g.containers {
		if !c.Ready {
			return false
		}
	}
	return len(g.containers) > 0
}
