package gateway

import (
	"context"
	"fmt"
	"slices"

	"knative.dev/networking/pkg/apis/networking/v1alpha1"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// boot learns all Ingresses and load balancers that there are, once: a wish
// that lacks some of them would delete what they asked for.
func (g *gateway) boot(ctx context.Context) error {
	g.reading.Lock()
	defer g.reading.Unlock()
	if g.booted {
		return nil
	}
	if err := g.meetBalancers(ctx); err != nil {
		return err
	}
	var all v1alpha1.IngressList
	if err := g.reader.List(ctx, &all, client.UnsafeDisableDeepCopy); err != nil {
		return fmt.Errorf("list Ingresses: %w", err)
	}
	// All claims first: who gets a host depends on them. They are at least as
	// new as the list.
	if err := g.Ledger.Follow(ctx, g.followClaims()); err != nil {
		return err
	}
	served, others := g.sortForBoot(all.Items)
	for _, ing := range served {
		g.follow(ctx, ing)
	}
	g.resettle()
	for _, ing := range others {
		g.follow(ctx, ing)
	}
	g.booted = true
	return nil
}

// sortForBoot tells those that load balancers serve from those that look for a
// place: no newcomer shall take the place of one that is served. Those come by
// age, but first the ones that have a place for their other visibility.
func (g *gateway) sortForBoot(all []v1alpha1.Ingress) (served, others []*v1alpha1.Ingress) {
	g.mu.Lock()
	defer g.mu.Unlock()
	var placed, homeless []*v1alpha1.Ingress
	for i := range all {
		ing := &all[i]
		switch says := g.directory.promise(ing); {
		case !isOurs(ing):
		case says.served(ing):
			served = append(served, ing)
		case says.at != [2]int{}:
			placed = append(placed, ing)
		default:
			homeless = append(homeless, ing)
		}
	}
	slices.SortFunc(placed, olderFirst)
	slices.SortFunc(homeless, olderFirst)
	return served, append(placed, homeless...)
}

func olderFirst(a, b *v1alpha1.Ingress) int {
	bare := func(ing *v1alpha1.Ingress) *route {
		return &route{name: client.ObjectKeyFromObject(ing), created: ing.CreationTimestamp.Time}
	}
	return byAge(bare(a), bare(b))
}

// resettle looks for places again, now that all who are served are where they
// were: for those that were on their way to another load balancer, and those
// that share a host with one on another. The rest has its place.
func (g *gateway) resettle() {
	g.mu.Lock()
	defer g.mu.Unlock()
	touched := map[balancerKey]bool{}
	for _, r := range slices.Clone(g.directory.order) {
		for _, v := range visibilities {
			family := g.relatives(r, v)
			apart := slices.ContainsFunc(family, func(o *route) bool { return o.home(v).at != r.home(v).at })
			if h := r.home(v); r.on(v) && (apart || h.at == 0 || !h.proved) {
				g.directory.place(r, v, promise{}, family, touched)
			}
		}
	}
	g.touch(sortedKeys(touched))
}
