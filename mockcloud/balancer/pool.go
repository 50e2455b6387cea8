package balancer

import (
	"errors"
	"maps"
	"slices"
	"sync"
)

// Why no member takes a request.
var (
	errNoMember = errors.New("no member with a weight")
	errUnwell   = errors.New("no member is healthy")
)

// memberKey is a member's identity.
type memberKey struct {
	server  string
	address string
}

func keyOf(m Member) memberKey {
	return memberKey{server: m.ServerID, address: m.endpoint()}
}

// poolKey is what rules of a listener share a pool by.
type poolKey struct {
	group  string
	policy Policy
}

// pool is a group as a listener's policy sees it: who is next, who is well.
type pool struct {
	key   poolKey
	watch func(Member) *monitor // starts a monitor; used with health checks on
	left  func(memberKey)       // called for a member that is removed

	mu       sync.Mutex
	members  map[memberKey]Member
	order    []Member
	wheels   []wheel[memberKey] // one for each node
	monitors map[memberKey]*monitor
}

func newPool(key poolKey, nodes int, watch func(Member) *monitor, left func(memberKey)) *pool {
	return &pool{key: key, watch: watch, left: left, wheels: make([]wheel[memberKey], nodes),
		members: map[memberKey]Member{}, monitors: map[memberKey]*monitor{}}
}

// set gives the pool its members. Who stays keeps its health; turns begin anew
// when anything is different.
func (p *pool) set(members []Member) {
	for _, m := range p.swap(members) {
		if m.monitor != nil {
			m.monitor.stop()
		}
		p.left(m.key)
	}
}

// retire ends what the pool does by itself. Requests that were routed to it
// still find their members.
func (p *pool) retire() {
	p.mu.Lock()
	monitors, members := maps.Clone(p.monitors), slices.Clone(p.order)
	p.mu.Unlock()
	for _, m := range monitors {
		m.stop()
	}
	for _, m := range members {
		p.left(keyOf(m))
	}
}

// gone is a member that was removed.
type gone struct {
	key     memberKey
	monitor *monitor
}

func (p *pool) swap(members []Member) []gone {
	p.mu.Lock()
	defer p.mu.Unlock()
	if slices.Equal(p.order, members) {
		return nil
	}
	next, slots := map[memberKey]Member{}, make([]slot[memberKey], 0, len(members))
	for _, m := range members {
		key := keyOf(m)
		next[key] = m
		slots = append(slots, slot[memberKey]{key: key, weight: p.weight(m)})
		if p.key.policy.HealthCheck.Enabled && p.monitors[key] == nil {
			p.monitors[key] = p.watch(m)
		}
	}
	var left []gone
	for key := range p.members {
		if _, stays := next[key]; !stays {
			left = append(left, gone{key, p.monitors[key]})
			delete(p.monitors, key)
		}
	}
	p.members, p.order = next, slices.Clone(members)
	for i := range p.wheels {
		p.wheels[i].set(slots)
	}
	return left
}

// weight of a member's slot. Round robin ignores weights, but zero takes a
// member out in every algorithm.
func (p *pool) weight(m Member) int {
	if p.key.policy.Scheduler == RR {
		return min(m.Weight, 1)
	}
	return m.Weight
}

// next picks the member whose turn it is at a node, among those not tried yet;
// the wanted one, when it can, goes before its turn.
func (p *pool) next(node int, wanted string, tried map[memberKey]bool) (Member, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if m, ok := p.wanted(wanted); ok && !tried[keyOf(m)] {
		return m, nil
	}
	weighted := false
	key, ok := p.wheels[node].next(func(key memberKey) bool {
		weighted = true
		return !tried[key] && p.well(key)
	})
	switch {
	case ok:
		return p.members[key], nil
	case weighted:
		return Member{}, errUnwell
	default:
		return Member{}, errNoMember
	}
}

// wanted is the member that a sticky client was at.
func (p *pool) wanted(ticket string) (Member, bool) {
	if ticket == "" {
		return Member{}, false
	}
	for _, m := range p.order {
		if m.Weight > 0 && stickyTicket(m) == ticket && p.well(keyOf(m)) {
			return m, true
		}
	}
	return Member{}, false
}

// well reports whether a member may get something.
func (p *pool) well(key memberKey) bool {
	if !p.key.policy.HealthCheck.Enabled {
		return true
	}
	return p.monitors[key].status() == StatusNormal
}

// has reports whether a member is in the pool and may get something.
func (p *pool) has(key memberKey) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	_, ok := p.members[key]
	return ok && p.well(key)
}

// status is how each member stands, in the group's order.
func (p *pool) status() []MemberHealth {
	p.mu.Lock()
	defer p.mu.Unlock()
	var all []MemberHealth
	for _, m := range p.order {
		status := StatusUnavailable
		if monitor := p.monitors[keyOf(m)]; monitor != nil {
			status = monitor.status()
			if m.Weight == 0 {
				status = StatusNormal // the documents: weight 0 is shown as normal
			}
		}
		all = append(all, MemberHealth{Group: p.key.group, Member: m, Status: status})
	}
	return all
}
