package gateway

import (
	"context"
	"fmt"
	"slices"
	"strings"

	discoveryv1 "k8s.io/api/discovery/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/ebb-node/ebb/gateway/backend"
)

// replicas of the relay that a load balancer can reach. Waiting means that
// there may be more.
func (g *gateway) replicas(ctx context.Context, key balancerKey) (out []target, waiting bool, err error) {
	var list discoveryv1.EndpointSliceList
	err = g.reader.List(ctx, &list, client.InNamespace(g.RelayService.Namespace),
		client.MatchingLabels{discoveryv1.LabelServiceName: g.RelayService.Name}, client.UnsafeDisableDeepCopy)
	if err != nil {
		return nil, false, fmt.Errorf("replicas of the relay, Service %s: %w", g.RelayService, err)
	}
	for _, a := range readyAddresses(list.Items) {
		t, found := g.resolver.target(ctx, a, key, nil)
		waiting = waiting || found.waiting
		if t.eni == "" {
			if !found.waiting {
				g.Log.WithError(found.err).WithField("address", a.IP).Warn("no network interface of the VPC has the address of this replica of the relay")
			}
			continue
		}
		t.about = relayDescription
		out = append(out, t)
	}
	return out, waiting, nil
}

// readyAddresses of slices, sorted, each once.
func readyAddresses(list []discoveryv1.EndpointSlice) []backend.Address {
	var out []backend.Address
	for i := range list {
		for _, e := range list[i].Endpoints {
			if len(e.Addresses) == 0 || e.Conditions.Ready != nil && !*e.Conditions.Ready {
				continue
			}
			a := backend.Address{IP: e.Addresses[0]}
			if ref := e.TargetRef; ref != nil && ref.Kind == "Pod" {
				a.Pod = types.NamespacedName{Namespace: list[i].Namespace, Name: ref.Name}
			}
			out = append(out, a)
		}
	}
	slices.SortFunc(out, func(a, b backend.Address) int { return strings.Compare(a.IP, b.IP) })
	return slices.CompactFunc(out, func(a, b backend.Address) bool { return a.IP == b.IP })
}
