package relay

import (
	"sync"

	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/ebb-node/ebb/gateway/backend"
)

// Target is a port of a Service.
type Target struct {
	Service types.NamespacedName
	Port    intstr.IntOrString
}

// Backends are what a Target's requests may go to.
type Backends struct {
	Addresses []backend.Address
	// Pods means that there are some, so that the load balancer sends the
	// Target's requests to them by itself.
	Pods bool
}

// pools has one pool for each Target that a host refers to.
type pools struct {
	find func(Target) Backends

	mu        sync.Mutex // also orders refreshes, so that the newest answer stays
	byService map[types.NamespacedName][]*pool
}

func newPools(find func(Target) Backends) *pools {
	return &pools{find: find, byService: map[types.NamespacedName][]*pool{}}
}

// use returns the pool of a Target, which leave gives back.
func (p *pools) use(t Target) *pool {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, pool := range p.byService[t.Service] {
		if pool.target == t {
			pool.users++
			return pool
		}
	}
	pool := newPool(t)
	pool.update(p.find(t))
	pool.users = 1
	p.byService[t.Service] = append(p.byService[t.Service], pool)
	return pool
}

func (p *pools) leave(left *pool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if left.users--; left.users > 0 {
		return
	}
	service := left.target.Service
	var rest []*pool
	for _, pool := range p.byService[service] {
		if pool != left {
			rest = append(rest, pool)
		}
	}
	if len(rest) == 0 {
		delete(p.byService, service)
		return
	}
	p.byService[service] = rest
}

func (p *pools) refresh(service types.NamespacedName) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, pool := range p.byService[service] {
		pool.update(p.find(pool.target))
	}
}
