package relay

import (
	"math/rand/v2"
	"net"
	"slices"
	"strconv"
	"sync/atomic"
	"time"
)

// suspicion is how long an address that could not be connected to is the last
// choice: about as long as it takes until a lost pod is no longer listed.
const suspicion = 10 * time.Second

// pool has the addresses of one Target.
type pool struct {
	target Target
	users  int // guarded by pools.mu
	state  atomic.Pointer[poolState]
}

// poolState is never changed.
type poolState struct {
	addresses []*address
	pods      bool
	changed   chan struct{} // closed when there is a newer one
}

// address is a backend. It is the same object as long as it is listed.
type address struct {
	endpoint string // host:port
	h2c      bool
	inFlight atomic.Int64
	suspect  atomic.Int64 // until then, in Unix nanoseconds
}

func newPool(t Target) *pool {
	p := &pool{target: t}
	p.state.Store(&poolState{changed: make(chan struct{})})
	return p
}

// update must not run twice at once.
func (p *pool) update(b Backends) {
	old := p.state.Load()
	known := map[string]*address{}
	for _, a := range old.addresses {
		known[a.endpoint] = a
	}
	next := &poolState{pods: b.Pods, changed: make(chan struct{})}
	for _, a := range b.Addresses {
		endpoint := net.JoinHostPort(a.IP, strconv.Itoa(a.Port))
		same := known[endpoint]
		if same == nil || same.h2c != a.H2C {
			same = &address{endpoint: endpoint, h2c: a.H2C}
		}
		next.addresses = append(next.addresses, same)
	}
	p.state.Store(next)
	close(old.changed)
}

// pick is the address with the fewest requests in flight of two drawn by lot,
// which balances nearly as well as looking at all of them. It is nil when all
// have been tried.
func (s *poolState) pick(tried []*address, now time.Time) *address {
	n := len(s.addresses)
	if n == 0 {
		return nil
	}
	a, b := s.addresses[rand.IntN(n)], s.addresses[rand.IntN(n)]
	good := func(a *address) bool { return a.suspect.Load() <= now.UnixNano() && !slices.Contains(tried, a) }
	switch {
	case good(a) && good(b):
		return lessBusy(a, b)
	case good(a):
		return a
	case good(b):
		return b
	}
	return s.search(tried, good)
}

// search goes through all addresses: for a good one, else for one that has not
// been tried.
func (s *poolState) search(tried []*address, good func(*address) bool) *address {
	start := rand.IntN(len(s.addresses))
	rotated := slices.Concat(s.addresses[start:], s.addresses[:start])
	if i := slices.IndexFunc(rotated, good); i >= 0 {
		return rotated[i]
	}
	if i := slices.IndexFunc(rotated, func(a *address) bool { return !slices.Contains(tried, a) }); i >= 0 {
		return rotated[i]
	}
	return nil
}

func lessBusy(a, b *address) *address {
	if b.inFlight.Load() < a.inFlight.Load() {
		return b
	}
	return a
}
