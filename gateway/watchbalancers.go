package gateway

import (
	"context"

	discoveryv1 "k8s.io/api/discovery/v1"
	"k8s.io/client-go/util/workqueue"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/event"
)

// shownBy is the load balancer that a Service shows.
func (g *gateway) shownBy(_ context.Context, o client.Object) []balancerKey {
	if key, ok := balancerOf(o.GetName()); ok && o.GetNamespace() == g.Namespace && g.knows(key) {
		return []balancerKey{key}
	}
	return nil
}

func (g *gateway) knows(key balancerKey) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.directory.balancers[key] != nil
}

// leadsTo are the load balancers that have what an EndpointSlice lists: all of
// them have the relay's replicas.
func (g *gateway) leadsTo(ctx context.Context, o client.Object) (out []balancerKey) {
	service := o.GetLabels()[discoveryv1.LabelServiceName]
	if o.GetNamespace() != g.RelayService.Namespace || service != g.RelayService.Name {
		return g.shownBy(ctx, o)
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	for key := range g.directory.balancers {
		out = append(out, key)
	}
	return out
}

// podDeleted wakes the load balancers on which the pod is leaving.
func (g *gateway) podDeleted(_ context.Context, e event.TypedDeleteEvent[client.Object], queue workqueue.TypedRateLimitingInterface[balancerKey]) {
	about := client.ObjectKeyFromObject(e.Object).String()
	g.mu.Lock()
	defer g.mu.Unlock()
	for key, b := range g.directory.balancers {
		if b.leaves(about) {
			queue.Add(key)
		}
	}
}

// leaves reports whether a member of that description is leaving.
func (b *balancer) leaves(about string) bool {
	for _, m := range b.groups {
		for _, member := range m.members {
			if member.Description == about && m.isLeaving(placeOf(member)) {
				return true
			}
		}
	}
	return false
}
