package gateway

import (
	"slices"

	"github.com/ebb-node/ebb/gateway/ingress"
)

// place finds a route a home for a visibility, together with those that share
// a host with it. The route's status may say where it lives.
func (d *directory) place(r *route, v ingress.Visibility, says promise, together []*route, touched map[balancerKey]bool) {
	h, hint := r.home(v), says.at[index(v)]
	if !r.on(v) {
		if h.at != 0 {
			*h = home{}
		}
		return
	}
	if d.mode == ModeRelay { // no rules, no limits
		d.settleAt(r, v, 1, touched)
		return
	}
	if says.kept {
		if hint != 0 { // else it is placed when all who live somewhere do
			d.settleAt(r, v, hint, touched)
		}
		return
	}
	family := append([]*route{r}, together...)
	slices.SortFunc(family, byAge)
	need, at := load{}, []int(nil)
	for _, m := range family {
		need = need.and(m.loads[index(v)])
		ordinal := m.home(v).at
		if ordinal == 0 && m == r {
			ordinal = hint
		}
		if ordinal != 0 {
			at = append(at, ordinal-1)
		}
	}
	if i := d.budget.choose(need, at, d.loads(v, family)); i >= 0 {
		for _, m := range family {
			d.settleAt(m, v, i+1, touched)
		}
	}
}

func index(v ingress.Visibility) int { return slices.Index(visibilities[:], v) }

// settleAt makes a load balancer a route's home.
func (d *directory) settleAt(r *route, v ingress.Visibility, ordinal int, touched map[balancerKey]bool) {
	key := balancerKey{v, ordinal}
	if d.balancers[key] == nil {
		d.balancers[key] = newBalancer(key)
		for k := range d.balancers { // they share what the relay can be attached
			touched[k] = true
		}
	}
	h := r.home(v)
	if h.at == ordinal {
		return
	}
	h.move(ordinal)
	d.note(touched, r, true)
}

// loads are what the load balancers of a visibility carry without some routes.
func (d *directory) loads(v ingress.Visibility, without []*route) []load {
	out := make([]load, d.count(v))
	for _, r := range d.order {
		if slices.Contains(without, r) {
			continue
		}
		h, l := r.home(v), &r.loads[index(v)]
		for i := range out {
			if h.serves(i + 1) {
				out[i].add(l)
			}
		}
	}
	return out
}

// linger keeps routes on a load balancer that still has rules of them though
// they live elsewhere: they have moved away before a restart.
func (d *directory) linger(b *balancer) {
	left := map[string]bool{}
	for _, rules := range b.found.rules {
		for _, r := range rules {
			left[r.Domain] = true
		}
	}
	key := b.key
	for _, r := range d.order {
		h := r.home(key.visibility)
		if h.at == 0 || h.serves(key.ordinal) {
			continue
		}
		if slices.ContainsFunc(r.sites, func(s site) bool { return s.visibility == key.visibility && left[s.host] }) {
			h.former = append(h.former, former{at: key.ordinal})
		}
	}
}
