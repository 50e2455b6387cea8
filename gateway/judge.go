package gateway

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"knative.dev/networking/pkg/apis/networking/v1alpha1"

	"github.com/ebb-node/ebb/gateway/ingress"
	"github.com/ebb-node/ebb/gateway/relay"
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
		v.again = next.Sub(now)
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

// prove looks whether a route is on its load balancer as it should be; nil: it
// is. What was proved once stays ready through everything that passes: a
// change of pods, a restart, a cloud that does not answer.
func (d *directory) prove(r *route, v ingress.Visibility) *problem {
	h := r.home(v)
	b := d.balancers[balancerKey{v, h.at}]
	if h.at == 0 {
		return &problem{reason: ReasonNoRoom, message: fmt.Sprintf(
			"no load balancer of the %s has room for it, and there may be no more than %d", v, d.budget.most)}
	}
	p := d.look(r, v, h, b)
	if p != nil && p.passing && h.proved {
		return nil
	}
	h.proved = p == nil
	return p
}

// look at a route's load balancer as it was read back last.
func (d *directory) look(r *route, v ingress.Visibility, h *home, b *balancer) *problem {
	relayed := d.mode == ModeRelay || r.needsRelay(v)
	switch {
	case b.err != nil:
		return unavailable(b.err)
	case b.state == nil:
		return programming
	case b.state.Err != nil:
		return unavailable(b.state.Err)
	case relayed && len(d.replicas) == 0:
		return &problem{reason: ReasonRelayUnavailable, passing: true,
			message: "the relay has no replica that load balancers can reach"}
	case h.version == 0 || b.wishes.stated < h.version:
		return programming
	}
	p := d.proof(r, v, b.state)
	if p == nil && relayed && !h.proved && !r.relayed {
		return programming
	}
	return p
}

// asksRelay reports whether the relay's replicas have to tell that they have a
// route.
func (d *directory) asksRelay(r *route) bool {
	for i, v := range visibilities {
		if !r.homes[i].proved && r.on(v) && (d.mode == ModeRelay || r.needsRelay(v)) {
			return !r.relayed
		}
	}
	return false
}

var programming = &problem{reason: ReasonProgramming, message: "the load balancer is being programmed", passing: true}

// unavailable says why there is no load balancer.
func unavailable(err error) *problem {
	if slb.IsGone(err) {
		return &problem{reason: ReasonLoadBalancerGone, message: err.Error()}
	}
	return &problem{reason: ReasonLoadBalancerUnavailable, message: explain(err), passing: true}
}

// proof looks at every object of a route.
func (d *directory) proof(r *route, v ingress.Visibility, state *slb.State) *problem {
	if d.mode == ModeRelay {
		for i, f := range []relay.Front{relay.Plain, relay.TLS} {
			port := []int{plainPort, tlsPort}[i]
			err := cmp.Or(state.Listener(slb.Endpoint{Protocol: slb.TCP, Port: port}), state.Group(relayKey(f)))
			if err != nil {
				return refused(err)
			}
		}
		return nil
	}
	var worst *problem
	for i := range r.sites {
		if r.sites[i].visibility != v {
			continue
		}
		for _, err := range r.sites[i].proofs(state) {
			if err != nil {
				worst = worse(worst, refused(err))
			}
		}
	}
	return worst
}

// proofs are what is missing of a host. TLS without a certificate is a problem
// of its own.
func (s *site) proofs(state *slb.State) (out []error) {
	fronts := []relay.Front{relay.Plain}
	if s.certificate != nil {
		fronts = append(fronts, relay.Terminated)
		out = append(out, s.certificateProof(state))
	}
	for _, f := range fronts {
		for _, p := range s.paths {
			out = append(out, state.Rule(endpointOf(f), s.host, p.url))
		}
	}
	return out
}

// certificateProof looks at what stands for the host's name, if it is not the
// default certificate.
func (s *site) certificateProof(state *slb.State) error {
	for _, domain := range []string{s.host, wildcardOf(s.host)} {
		if slices.ContainsFunc(state.Desired.Listeners, func(l slb.Listener) bool {
			return slices.ContainsFunc(l.Extensions, func(e slb.Extension) bool { return e.Domain == domain })
		}) {
			return state.Extension(tlsPort, domain)
		}
	}
	return nil
}

// refused says why an object is not as it should be.
func refused(err error) *problem {
	if errors.Is(err, slb.ErrPending) {
		return programming
	}
	return &problem{reason: ReasonRefused, message: explain(err), passing: !final(err)}
}

// final errors stay until somebody changes something.
func final(err error) bool {
	var (
		invalid  *slb.InvalidError
		limit    *slb.LimitError
		conflict *slb.ConflictError
	)
	return errors.As(err, &invalid) || errors.As(err, &limit) || errors.As(err, &conflict) || slb.IsGone(err)
}

// needsRelay reports whether some request of a visibility goes to the relay.
func (r *route) needsRelay(v ingress.Visibility) bool {
	for i := range r.sites {
		s := &r.sites[i]
		if s.visibility != v {
			continue
		}
		for _, p := range s.paths {
			if s.redirect || p.pool == nil || !p.pool.direct() || p.pool.leans() {
				return true
			}
		}
	}
	return false
}

// promise that an Ingress's status gives, by the addresses of load balancers.
func (d *directory) promise(ing *v1alpha1.Ingress) promise {
	out := promise{ready: ing.IsReady()}
	for i, lb := range []*v1alpha1.LoadBalancerStatus{ing.Status.PublicLoadBalancer, ing.Status.PrivateLoadBalancer} {
		if lb == nil || len(lb.Ingress) == 0 || lb.Ingress[0].IP == "" {
			continue
		}
		for k, b := range d.balancers {
			if k.visibility == visibilities[i] && b.address == lb.Ingress[0].IP {
				out.at[i] = k.ordinal
			}
		}
	}
	return out
}
