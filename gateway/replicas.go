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

// replicas are those of the relay.
type replicas struct {
	reachable []target
	waiting   bool // it is not known yet where the others are
	missing   bool // others have no network interface
}

func (r replicas) addresses() (out []string) {
	for _, t := range r.reachable {
		out = append(out, t.ip)
	}
	return out
}

// replicas of the relay that a load balancer can reach.
func (g *gateway) replicas(ctx context.Context, key balancerKey) (out replicas, err error) {
	var list discoveryv1.EndpointSliceList
	err = g.reader.List(ctx, &list, client.InNamespace(g.RelayService.Namespace),
		client.MatchingLabels{discoveryv1.LabelServiceName: g.RelayService.Name}, client.UnsafeDisableDeepCopy)
	if err != nil {
		return out, fmt.Errorf("replicas of the relay, Service %s: %w", g.RelayService, err)
	}
	for _, a := range readyAddresses(list.Items) {
		t, found := g.resolver.target(ctx, a, key, nil)
		switch {
		case t.eni != "":
			t.about = relayDescription
			out.reachable = append(out.reachable, t)
		case found.waiting:
			out.waiting = true
		default:
			out.missing = true
			g.Log.WithError(found.err).WithField("address", a.IP).Warn("no network interface of the VPC has the address of this replica of the relay")
		}
	}
	return out, nil
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
