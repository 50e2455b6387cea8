package gateway

import (
	"context"
	"time"

	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"github.com/ebb-node/ebb/slb"
)

// wish assembles what a load balancer shall look like and tells its Writer.
func (g *gateway) wish(ctx context.Context, b *balancer) (again time.Duration, err error) {
	relay, err := g.replicas(ctx, b.key)
	if err != nil {
		return 0, err
	}
	standard, again := g.readStandard(ctx, b)
	g.mu.Lock()
	defer g.mu.Unlock()
	routes := g.directory.onBalancer(b.key)
	if b.wishes.version == 0 && (relay.waiting || anyWaiting(routes)) {
		return again, nil // who waits is woken
	}
	if some := len(g.directory.replicas) > 0; some != (len(relay.reachable) > 0) {
		g.reviewAll()
	}
	g.directory.replicas = relay.addresses()
	if relay.missing {
		again = sooner(again, g.missingAge)
	}
	now := g.Clock.Now()
	l := g.layout(ctx, relay.reachable, standard, now)
	b.want(b.assemble(routes, l), now)
	if b.freed {
		again = sooner(again, attachAgain)
	}
	for _, r := range routes {
		if h := r.home(b.key.visibility); h.at == b.key.ordinal && h.version == 0 {
			h.version = b.wishes.version
			if b.wishes.stated == b.wishes.version { // no state will come for it
				g.statuses.add(reconcile.Request{NamespacedName: r.name})
			}
		}
	}
	if due := b.due(l.lingering); !due.IsZero() {
		again = sooner(again, max(due.Sub(now), time.Millisecond))
	}
	return again, nil
}

// sooner of two waits, of which 0 is none.
func sooner(a, b time.Duration) time.Duration {
	if a == 0 || b != 0 && b < a {
		return b
	}
	return a
}

func anyWaiting(routes []*route) bool {
	for _, r := range routes {
		if r.waiting {
			return true
		}
	}
	return false
}

func (g *gateway) layout(ctx context.Context, relay []target, standard standard, now time.Time) layout {
	return layout{
		mode: g.Mode, relay: relay, relayPort: g.RelayPort, standard: standard, limits: *g.Limits,
		attachments: attachments(len(g.directory.balancers)),
		request:     g.RequestTimeout, idle: g.IdleTimeout, cipher: g.TLSCipherPolicy,
		lingering: lingering{
			now: now, request: g.RequestTimeout, settle: g.goneSettle,
			gone: func(m slb.Member) bool { return g.resolver.gone(ctx, m.Description) },
		},
	}
}
