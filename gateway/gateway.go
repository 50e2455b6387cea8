package gateway

import (
	"context"
	"sync"

	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"
)

// gateway is the state of the reconcilers.
type gateway struct {
	Config
	client     client.Client // for writes
	reader     client.Reader // of caches
	secrets    *secrets
	interfaces *interfaces
	resolver   *resolver
	services   *services
	keeper     *keeper
	prober     *prober
	metrics    *metrics

	// Requests that come from elsewhere than watches.
	ingresses inlet[reconcile.Request]
	statuses  inlet[reconcile.Request]
	balancers inlet[balancerKey]

	// reading serialises what reads Ingresses.
	reading sync.Mutex
	booted  bool

	mu        sync.Mutex // never held while waiting for a network
	directory *directory
	told      told
}

// touch tells load balancers that something has changed. The caller holds mu.
func (g *gateway) touch(keys []balancerKey) {
	now := g.Clock.Now()
	for _, key := range keys {
		if b := g.directory.balancers[key]; b != nil && b.changed.IsZero() {
			b.changed = now
		}
		g.balancers.add(key)
	}
}

// wakeUp is for those who asked for network interfaces.
func (g *gateway) wakeUp(w waiter) {
	switch w := w.(type) {
	case types.NamespacedName:
		g.ingresses.add(reconcile.Request{NamespacedName: w})
	case balancerKey:
		g.balancers.add(w)
	}
}

// serviceHost is the name by which the cluster knows a load balancer.
func (g *gateway) serviceHost(key balancerKey) string {
	return serviceName(key) + "." + g.Namespace + ".svc." + g.ClusterDomain
}

// verdict about an Ingress; false when it is not known.
func (g *gateway) verdict(ctx context.Context, name types.NamespacedName) (verdict, bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	r := g.directory.routes[name]
	if r == nil {
		return verdict{}, false
	}
	v := g.directory.judge(r, g.Clock.Now())
	if len(v.left) > 0 {
		g.touch(v.left)
		g.offer()
	}
	if g.directory.asksRelay(r) && !r.probing && len(g.directory.replicas) > 0 {
		revision := r.revision
		r.probing = g.keeper.spawn(ctx, func(ctx context.Context) { g.probe(ctx, name, revision) }) == nil
	}
	return v, true
}
