package gateway

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ebb-node/ebb/gateway/ingress"
	"github.com/ebb-node/ebb/slb"
)

// verdict is what an Ingress's status says.
type verdict struct {
	generation int64
	problems   []problem // of the Ingress itself
	balancer   *problem  // nil: ready
	early      bool      // the load balancer has hardly had time for it
	shown      [2]shown  // by visibilities
	warnings   []problem
	left       []balancerKey // load balancers that the route is no longer on
	again      time.Duration // when to look again; 0: when something changes
}

// shown is a load balancer's address.
type shown struct {
	key     balancerKey
	address string // empty: not known
}

// judge says how an Ingress fares, by what its load balancers were last seen
// to be.
func (d *directory) judge(r *route, now time.Time) verdict {
	v := verdict{generation: r.generation, problems: r.problems, warnings: slices.Clip(r.warnings)}
	for i, visibility := range visibilities {
		h := &r.homes[i]
		if r.on(visibility) {
			v.balancer = worse(v.balancer, d.prove(r, visibility))
			v.warnings = append(v.warnings, d.strays(r, visibility)...)
			d.settle(&v, visibility, h, now)
		}
		// Without a host there, every Ingress still has the first one's address:
		// Knative looks for both.
		key := balancerKey{visibility, cmp.Or(h.shown(), 1)}
		v.shown[i].key = key
		if b := d.balancers[key]; b != nil {
			v.shown[i].address = b.address
		}
	}
	r.ready = v.balancer == nil && len(v.problems) == 0
	v.early = v.balancer == programming && now.Sub(r.asked) < hurry
	return v
}

// hurry is how long an Ingress may take without its status saying that it is
// under way: mostly it is done within that, and one write is saved.
const hurry = time.Second

// strays are pods that the load balancer did not take.
func (d *directory) strays(r *route, v ingress.Visibility) (out []problem) {
	b := d.balancers[balancerKey{v, r.home(v).at}]
	if b == nil || b.state == nil {
		return nil
	}
	for _, p := range b.state.Problems {
		if p.Object.Kind != slb.KindMember {
			continue
		}
		group, _, _ := strings.Cut(p.Object.Name, " ")
		if slices.ContainsFunc(r.pools, func(p *pool) bool { return p.key == group }) {
			out = append(out, problem{reason: ReasonRefused, message: explain(p)})
		}
	}
	return out
}

// settle follows a route that moves.
func (d *directory) settle(v *verdict, visibility ingress.Visibility, h *home, now time.Time) {
	before := slices.Clone(h.former)
	next := h.settle(now, d.moveGrace)
	if !next.IsZero() {
		v.again = sooner(v.again, next.Sub(now))
	}
	for _, f := range before {
		key := balancerKey{visibility, f.at}
		switch {
		case !h.serves(f.at):
			v.left = append(v.left, key)
		case h.proved && f.at != h.at:
			v.warnings = append(v.warnings, d.moved(key, balancerKey{visibility, h.at}))
		}
	}
}

// moved tells that an address has changed.
func (d *directory) moved(from, to balancerKey) problem {
	return problem{reason: ReasonMoved, message: fmt.Sprintf(
		"load balancer %s has no room for it any more; it moved from %s to %s and can be reached at both for %s: change DNS records",
		from, d.balancers[from].address, d.balancers[to].address, d.moveGrace)}
}

// worse of two problems: one that stays rather than one that passes.
func worse(a, b *problem) *problem {
	if a == nil || b != nil && a.passing && !b.passing {
		return b
	}
	return a
}
