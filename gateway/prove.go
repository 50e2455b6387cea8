package gateway

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/ebb-node/ebb/gateway/ingress"
	"github.com/ebb-node/ebb/gateway/relay"
	"github.com/ebb-node/ebb/slb"
)

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
	for _, domain := range []string{s.host, ingress.WildcardOf(s.host)} {
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
