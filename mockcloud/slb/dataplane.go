package slb

import (
	"sync"

	"github.com/ebb-node/ebb/mockcloud/balancer"
)

// DataPlane forwards traffic as it is told. Its methods must not block for
// long and must not call the Service.
type DataPlane interface {
	// Apply takes over all that should be there: every load balancer with its
	// listeners, and the groups that they refer to by id.
	Apply(loadBalancers []balancer.LoadBalancer, groups []balancer.Group) error
	// Health answers how the members of a load balancer's groups stand.
	Health(loadBalancerID string) []balancer.MemberHealth
}

// effects hands states to the data plane, in their order, each when its time
// has come.
type effects struct {
	config Config

	mu        sync.Mutex // held while the data plane works
	delivered uint64

	waiting sync.Mutex // guards what follows
	version uint64
	next    *state // to be delivered by flush
}

func (e *effects) init(c Config) { e.config = c }

// add notes what a write has led to. The order of calls is that of states.
func (e *effects) add(s *state) {
	if e.config.DataPlane == nil {
		return
	}
	e.waiting.Lock()
	defer e.waiting.Unlock()
	e.version++
	if e.config.Latencies.Effect <= 0 {
		e.next = s
		return
	}
	version := e.version
	e.config.Clock.AfterFunc(e.config.Latencies.Effect, func() { e.deliver(s, version) })
}

// flush delivers what takes effect at once. The last of several states says it
// all.
func (e *effects) flush() {
	e.waiting.Lock()
	s, version := e.next, e.version
	e.next = nil
	e.waiting.Unlock()
	if s != nil {
		e.deliver(s, version)
	}
}

func (e *effects) deliver(s *state, version uint64) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if version <= e.delivered {
		return
	}
	e.delivered = version
	if err := e.config.DataPlane.Apply(s.desired()); err != nil && e.config.Log != nil {
		e.config.Log.WithError(err).Error("load balancers could not be configured")
	}
}

// health is how the data plane sees a load balancer's members.
func (e *effects) health(id string) []balancer.MemberHealth {
	if e.config.DataPlane == nil {
		return nil
	}
	return e.config.DataPlane.Health(id)
}
