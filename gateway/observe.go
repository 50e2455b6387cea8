package gateway

import (
	"strings"

	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"github.com/ebb-node/ebb/slb"
)

// observe takes what a Writer has read back. Ingresses that wait for it are
// looked at again, and all of the load balancer when its problems are others.
func (g *gateway) observe(b *balancer, s slb.State) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, w := range b.wishes.settle(s.Desired) {
		b.undone = append(b.undone, w.changed)
	}
	// The oldest are the ones that took long, so they are what is kept.
	b.undone = b.undone[:min(len(b.undone), maxUndone)]
	if s.Settled { // what is refused for good would keep the others from counting
		now := g.Clock.Now()
		for _, since := range b.undone {
			g.metrics.programmed.Observe(now.Sub(since).Seconds())
		}
		b.undone = nil
	}
	text := troubleText(s)
	changed := text != b.trouble
	b.state, b.trouble = &s, text
	if s.Err == nil {
		b.err = nil
	}
	if changed && text != "" {
		g.Log.WithField("loadBalancer", b.key.String()).Warn("not all is as it should be: " + text)
	}
	if slb.IsGone(s.Err) {
		g.balancers.add(b.key)
	}
	for _, r := range g.directory.onBalancer(b.key) {
		if changed || !r.home(b.key.visibility).proved {
			g.statuses.add(reconcile.Request{NamespacedName: r.name})
		}
	}
}

// maxUndone bounds the memory of a load balancer on which writes fail for long:
// it is more wishes than a minute's quota of writes can bring about.
const maxUndone = 100

// maxTrouble bounds a line of the log.
const maxTrouble = 10

// troubleText is what is wrong with a load balancer.
func troubleText(s slb.State) string {
	var lines []string
	if s.Err != nil {
		lines = append(lines, explain(s.Err))
	}
	for i, p := range s.Problems {
		if i == maxTrouble {
			lines = append(lines, "and more")
			break
		}
		lines = append(lines, explain(p))
	}
	return strings.Join(lines, "; ")
}

// review looks at all Ingresses of a load balancer again. The caller holds mu.
func (g *gateway) review(b *balancer) {
	for _, r := range g.directory.onBalancer(b.key) {
		g.statuses.add(reconcile.Request{NamespacedName: r.name})
	}
}

// reviewAll looks at all Ingresses again. The caller holds mu.
func (g *gateway) reviewAll() {
	for _, r := range g.directory.order {
		g.statuses.add(reconcile.Request{NamespacedName: r.name})
	}
}
