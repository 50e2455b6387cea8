package gateway

import (
	"knative.dev/networking/pkg/apis/networking/v1alpha1"
)

// promise is what the status of an Ingress says: on which load balancers it
// lives, by visibilities (0: it does not say), and that it is ready.
type promise struct {
	at    [2]int
	ready bool
	// kept means that it lives there whether there is room or not: at the start
	// not all that live there are known yet.
	kept bool
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

// served reports whether the status of an Ingress says that load balancers have
// it. Addresses alone do not: they stay when it finds no room any more, and an
// Ingress without a host of a visibility has one there all the same.
func (p promise) served(ing *v1alpha1.Ingress) bool {
	c := ing.Status.GetCondition(v1alpha1.IngressConditionLoadBalancerReady)
	return p.at != [2]int{} && (c == nil || c.Reason != ReasonNoRoom)
}

// keep a promise that was given before a restart: it was proved then.
func (r *route) keep(p promise) {
	r.relayed = true
	for i := range r.homes {
		r.homes[i].proved = r.homes[i].at == p.at[i]
	}
}
