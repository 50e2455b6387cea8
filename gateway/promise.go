package gateway

import (
	"knative.dev/networking/pkg/apis/networking/v1alpha1"
)

// promise is what the status of an Ingress says: on which load balancers it
// lives, by visibilities (0: it does not say), and that it is ready.
type promise struct {
	at    [2]int
	ready bool
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

// keep a promise that was given before a restart: it was proved then.
func (r *route) keep(p promise) {
	r.relayed = true
	for i := range r.homes {
		r.homes[i].proved = r.homes[i].at == p.at[i]
	}
}
