package gateway

import (
	"context"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// meetBalancers learns of the load balancers that there are: the first one of
// each visibility, those that users name, and those that Services show.
func (g *gateway) meetBalancers(ctx context.Context) error {
	var shown corev1.ServiceList
	if err := g.reader.List(ctx, &shown, client.InNamespace(g.Namespace), client.UnsafeDisableDeepCopy); err != nil {
		return fmt.Errorf("list Services of namespace %s: %w", g.Namespace, err)
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, v := range visibilities {
		for i := range max(1, len(g.LoadBalancers[v])) {
			g.meet(balancerKey{v, i + 1})
		}
	}
	for i := range shown.Items {
		s := &shown.Items[i]
		key, ok := balancerOf(s.Name)
		if !ok || !ours(s) {
			continue
		}
		b := g.meet(key)
		b.recorded = s.Annotations[AnnotationLoadBalancer]
		if in := s.Status.LoadBalancer.Ingress; len(in) > 0 {
			b.address = in[0].IP
		}
	}
	return nil
}

// meet makes a load balancer known. The caller holds mu.
func (g *gateway) meet(key balancerKey) *balancer {
	b := g.directory.balancers[key]
	if b == nil {
		b = newBalancer(key)
		g.directory.balancers[key] = b
		g.balancers.add(key)
	}
	return b
}
