package backend

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	discoveryv1 "k8s.io/api/discovery/v1"
	"k8s.io/apimachinery/pkg/types"
	toolscache "k8s.io/client-go/tools/cache"
)

// ready is what may get requests. No condition means yes, as the API says.
func ready(c discoveryv1.EndpointConditions) bool {
	return is(c.Ready, true) && !is(c.Terminating, false)
}

// leaving still answers and is on its way out.
func leaving(c discoveryv1.EndpointConditions) bool {
	return is(c.Serving, is(c.Ready, true)) && is(c.Terminating, false)
}

func is(condition *bool, unset bool) bool {
	if condition == nil {
		return unset
	}
	return *condition
}

// addresses of a port whose condition is wanted. Of a Service with both
// families only IPv4 counts, or each pod would be there twice.
func (c *Cache) addresses(ctx context.Context, t target, wanted func(discoveryv1.EndpointConditions) bool) ([]Address, error) {
	if !c.synced() && !toolscache.WaitForCacheSync(ctx.Done(), c.synced) {
		return nil, fmt.Errorf("EndpointSlices of Service %s: %w", t.service, ctx.Err())
	}
	list, err := c.slices.ByIndex(sliceIndex, ownerKey(t.service.Namespace, t.service.Name))
	if err != nil {
		return nil, fmt.Errorf("EndpointSlices of Service %s: %w", t.service, err)
	}
	for _, family := range []discoveryv1.AddressType{discoveryv1.AddressTypeIPv4, discoveryv1.AddressTypeIPv6} {
		var found []Address
		for _, o := range list {
			if slice := o.(*discoveryv1.EndpointSlice); slice.AddressType == family {
				found = appendWanted(found, slice, t, wanted)
			}
		}
		if len(found) > 0 {
			return unique(found), nil
		}
	}
	return nil, nil
}

func appendWanted(found []Address, slice *discoveryv1.EndpointSlice, t target, wanted func(discoveryv1.EndpointConditions) bool) []Address {
	port, ok := portIn(slice, t.name)
	if !ok {
		return found
	}
	for i := range slice.Endpoints {
		endpoint := &slice.Endpoints[i]
		if len(endpoint.Addresses) == 0 || !wanted(endpoint.Conditions) {
			continue
		}
		// All addresses of an endpoint lead to the same place.
		found = append(found, Address{IP: endpoint.Addresses[0], Port: port, Pod: podOf(slice, endpoint), H2C: t.h2c})
	}
	return found
}

// portIn is the number that the pods of a slice have for a port of the
// Service: slices differ in it when pods give one name to different ports.
func portIn(slice *discoveryv1.EndpointSlice, name string) (int, bool) {
	for _, p := range slice.Ports {
		if p.Port != nil && (p.Name == nil && name == "" || p.Name != nil && *p.Name == name) {
			return int(*p.Port), true
		}
	}
	return 0, false
}

func podOf(slice *discoveryv1.EndpointSlice, endpoint *discoveryv1.Endpoint) types.NamespacedName {
	ref := endpoint.TargetRef
	if ref == nil || ref.Kind != "Pod" {
		return types.NamespacedName{}
	}
	return types.NamespacedName{Namespace: cmp.Or(ref.Namespace, slice.Namespace), Name: ref.Name}
}

// unique sorts addresses and drops what several slices say, as they do while
// a slice controller moves an endpoint.
func unique(found []Address) []Address {
	slices.SortFunc(found, func(a, b Address) int {
		return cmp.Or(cmp.Compare(a.IP, b.IP), cmp.Compare(a.Port, b.Port))
	})
	return slices.CompactFunc(found, func(a, b Address) bool { return a.IP == b.IP && a.Port == b.Port })
}
