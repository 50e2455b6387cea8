package slb

import (
	"sync"

	"github.com/ebb-node/ebb/mockcloud/balancer"
)

// DataPlane forwards traffic as it is told; *balancer.Balancer is one. Its
// methods must not block for long and must not call the Service.
type DataPlane interface {
	// Apply has a load balancer be as described, with its groups by id.
	Apply(lb balancer.LoadBalancer, groups map[string]balancer.Group) error
	// Remove ends a load balancer. One that is not there is fine.
	Remove(id string) error
	// Health answers how the members behind a load balancer's listeners stand.
	Health(id string) []balancer.MemberHealth
}

// effects hands states to the data plane, in their order, each when its time
// has come.
type effects struct {
	config Config

	working sync.Mutex // held while the data plane works; guards what follows
	version uint64     // of shown
	shown   *state
	failed  map[string]bool // load balancers that are not as in shown

	waiting sync.Mutex // guards what follows
	newest  uint64
	next    *state // to be delivered by flush
}

func (e *effects) init(c Config) {
	e.config, e.shown, e.failed = c, newState(), map[string]bool{}
}

// add notes what a write has led to. The order of calls is that of states.
func (e *effects) add(s *state) {
	if e.config.DataPlane == nil {
		return
	}
	e.waiting.Lock()
	defer e.waiting.Unlock()
	e.newest++
	if e.config.Latencies.Effect <= 0 {
		e.next = s
		return
	}
	version := e.newest
	e.config.Clock.AfterFunc(e.config.Latencies.Effect, func() { e.deliver(s, version) })
}

// flush delivers what takes effect at once. The last of several states says it
// all.
func (e *effects) flush() {
	e.waiting.Lock()
	s, version := e.next, e.newest
	e.next = nil
	e.waiting.Unlock()
	if s != nil {
		e.deliver(s, version)
	}
}

// deliver tells the data plane what differs from the state that it shows.
func (e *effects) deliver(s *state, version uint64) {
	e.working.Lock()
	defer e.working.Unlock()
	if version <= e.version {
		return
	}
	for id := range e.shown.balancers {
		if _, ok := s.balancers[id]; !ok {
			delete(e.failed, id)
			e.note(id, e.config.DataPlane.Remove(id))
		}
	}
	for _, lb := range sorted(s.balancers) {
		if e.failed[lb.id] || s.differs(e.shown, lb.id) {
			err := e.config.DataPlane.Apply(s.desired(lb))
			e.failed[lb.id] = err != nil
			e.note(lb.id, err)
		}
	}
	e.shown, e.version = s, version
}

func (e *effects) note(id string, err error) {
	if err != nil && e.config.Log != nil {
		e.config.Log.WithError(err).WithField("loadBalancer", id).Error("data plane could not follow")
	}
}

// health is how the data plane sees a load balancer's members.
func (e *effects) health(id string) []balancer.MemberHealth {
	if e.config.DataPlane == nil {
		return nil
	}
	return e.config.DataPlane.Health(id)
}

// differs reports whether a load balancer or one of its groups is another than
// in an earlier state. Objects of a state never change, so it is enough to
// compare pointers.
func (s *state) differs(earlier *state, id string) bool {
	if s.balancers[id] != earlier.balancers[id] {
		return true
	}
	for _, g := range s.groups {
		if g.balancer == id && earlier.groups[g.id] != g {
			return true
		}
	}
	for _, g := range earlier.groups {
		if g.balancer == id && s.groups[g.id] == nil {
			return true
		}
	}
	return false
}
