package gateway

import (
	"cmp"
	"slices"
	"time"

	"github.com/ebb-node/ebb/gateway/relay"
	"github.com/ebb-node/ebb/slb"
)

// assembleGroups makes the vServer groups: the relay's, those of the routes'
// pools, and those that nothing leads to any more, until requests to their
// members have ended.
func (b *balancer) assembleGroups(routes []*route, fronts []relay.Front, l layout) []slb.Group {
	var out []slb.Group
	wanted := map[string]bool{}
	add := func(key string, members []slb.Member) {
		m := b.groups[key]
		if m == nil {
			m = &membership{}
			b.groups[key] = m
		}
		wanted[key] = true
		out = append(out, slb.Group{Key: key, Members: m.update(members, l.lingering)})
	}
	for _, f := range fronts {
		add(relayKey(f), evenly(b.relayAt(f, false, l)))
	}
	for _, r := range routes {
		for _, p := range r.poolsOn(b.key.visibility) {
			// A group that was never served is not made before it is.
			if p.direct() && !l.crowded[p.key] || b.groups[p.key] != nil {
				add(p.key, b.poolMembers(p, r.frontOf(p, b.key.visibility), l))
			}
		}
	}
	out = append(out, b.abandoned(wanted, l.lingering)...)
	b.shed(out, l.limits.BackendsPerInstance-b.instance.DefaultBackends)
	return out
}

// relayAt are the relay's replicas at the port of a front: that for all requests,
// or that for those of splits without pods.
func (b *balancer) relayAt(f relay.Front, podless bool, l layout) []target {
	port := relay.Entry{Visibility: b.key.visibility, Front: f, Podless: podless}.Port(l.relayPort)
	out := make([]target, len(l.relay))
	for i, t := range l.relay {
		out[i] = t.onPort(port)
	}
	return out
}

// poolMembers are the members of a pool that serves; none when rules lead to
// the relay.
func (b *balancer) poolMembers(p *pool, f relay.Front, l layout) []slb.Member {
	if !p.direct() || l.crowded[p.key] {
		return nil
	}
	var relay []target
	if p.leans() {
		relay = b.relayAt(f, true, l)
	}
	present := func(place) int { return slb.NewPod }
	if m := b.groups[p.key]; m != nil {
		present = m.present
	}
	return weigh(p.shares, relay, present)
}

// abandoned are the groups that no route has any more.
func (b *balancer) abandoned(wanted map[string]bool, l lingering) []slb.Group {
	var out []slb.Group
	for key, m := range b.groups {
		if wanted[key] {
			continue
		}
		if members := m.update(nil, l); len(members) > 0 {
			out = append(out, slb.Group{Key: key, Members: members})
			continue
		}
		delete(b.groups, key)
	}
	slices.SortFunc(out, func(x, y slb.Group) int { return cmp.Compare(x.Key, y.Key) })
	return out
}

// shed lets leaving members go at once where they take places that others
// need.
func (b *balancer) shed(groups []slb.Group, room int) {
	total := 0
	for _, g := range groups {
		total += len(g.Members)
	}
	for i := len(groups) - 1; i >= 0 && total > room; i-- {
		g, m := &groups[i], b.groups[groups[i].Key]
		if len(m.leaving) == 0 {
			continue
		}
		kept := slices.DeleteFunc(slices.Clone(g.Members), func(member slb.Member) bool { return m.isLeaving(placeOf(member)) })
		total -= len(g.Members) - len(kept)
		g.Members, m.members, m.leaving = kept, kept, nil
	}
}

// due is when the next leaving member of any group is released.
func (b *balancer) due(l lingering) (at time.Time) {
	for _, m := range b.groups {
		at = earlier(at, m.due(l))
	}
	return at
}
