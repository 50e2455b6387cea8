package reserve

import (
	"context"
	"fmt"
	"net"
	"strconv"

	discoveryv1 "k8s.io/api/discovery/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// The Service of Knative's autoscaler and its port for statistics (serving
// config/core/deployments/autoscaler.yaml).
const (
	autoscalerService = "autoscaler"
	autoscalerPort    = "http"
)

// addresses finds the autoscaler's pods when a connection is made, rather than its
// Service: ebb need not be where the cluster's names and virtual addresses work.
func (c *Controller) addresses(reader client.Reader) func(context.Context) ([]string, error) {
	return func(ctx context.Context) ([]string, error) {
		if c.AutoscalerAddress != "" {
			return []string{c.AutoscalerAddress}, nil
		}
		slices := &discoveryv1.EndpointSliceList{}
		err := reader.List(ctx, slices, client.InNamespace(c.KnativeNamespace), client.MatchingLabels{discoveryv1.LabelServiceName: autoscalerService})
		if err != nil {
			return nil, fmt.Errorf("endpoints of Service %s/%s: %w", c.KnativeNamespace, autoscalerService, err)
		}
		return addressesOf(slices.Items), nil
	}
}

// addressesOf are the ready ones, with the port for statistics.
func addressesOf(slices []discoveryv1.EndpointSlice) []string {
	var out []string
	for i := range slices {
		port := portOf(&slices[i])
		if port == "" {
			continue
		}
		for _, e := range slices[i].Endpoints {
			if e.Conditions.Ready != nil && !*e.Conditions.Ready {
				continue
			}
			for _, ip := range e.Addresses {
				out = append(out, net.JoinHostPort(ip, port))
			}
		}
	}
	return out
}

func portOf(slice *discoveryv1.EndpointSlice) string {
	for _, p := range slice.Ports {
		if p.Name != nil && *p.Name == autoscalerPort && p.Port != nil {
			return strconv.Itoa(int(*p.Port))
		}
	}
	return ""
}
