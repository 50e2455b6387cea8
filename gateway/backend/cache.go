package backend

import (
	"context"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/intstr"
	toolscache "k8s.io/client-go/tools/cache"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// sliceIndex finds EndpointSlices by the Service that they are of; those of a
// private Service by the revision's public one.
const sliceIndex = discoveryv1.LabelServiceName

// private marks the latter: no Service can have such a name.
const private = "private/"

// sliceOwner is the value in the index.
func sliceOwner(o any) ([]string, error) {
	slice, ok := o.(*discoveryv1.EndpointSlice)
	if !ok {
		return nil, fmt.Errorf("%T is no EndpointSlice", o)
	}
	owner := slice.Labels[discoveryv1.LabelServiceName]
	if slice.Labels[ServiceTypeLabel] == ServiceTypePrivate {
		owner = private + slice.Labels[RevisionLabel]
	}
	return []string{ownerKey(slice.Namespace, owner)}, nil
}

func ownerKey(namespace, owner string) string { return namespace + "/" + owner }

// Cache is a Finder over the caches of a Manager. It is safe for concurrent
// use and copies nothing out of the caches but addresses.
type Cache struct {
	reader client.Reader
	slices toolscache.Indexer
	synced toolscache.InformerSynced
}

var _ LeavingFinder = (*Cache)(nil)

// NewCache adds an index of EndpointSlices to a Manager's cache, so it must be
// called once for each Manager. The index is the informer's own: one of the
// Manager's would hold every Service twice.
func NewCache(ctx context.Context, from cache.Cache, reader client.Reader) (*Cache, error) {
	informer, err := from.GetInformer(ctx, &discoveryv1.EndpointSlice{}, cache.BlockUntilSynced(false))
	if err != nil {
		return nil, fmt.Errorf("watch EndpointSlices: %w", err)
	}
	shared, ok := informer.(toolscache.SharedIndexInformer)
	if !ok { // a cache of some namespaces only
		return nil, fmt.Errorf("index EndpointSlices by Service: a %T has no index", informer)
	}
	if err := shared.AddIndexers(toolscache.Indexers{sliceIndex: sliceOwner}); err != nil {
		return nil, fmt.Errorf("index EndpointSlices by Service: %w", err)
	}
	return &Cache{reader, shared.GetIndexer(), shared.HasSynced}, nil
}

// Public implements Finder.
func (c *Cache) Public(ctx context.Context, service types.NamespacedName, port intstr.IntOrString) ([]Address, error) {
	target, err := c.resolve(ctx, service, port)
	if err != nil {
		return nil, err
	}
	if target.externalName != "" {
		return []Address{{IP: target.externalName, Port: target.number, H2C: target.h2c}}, nil
	}
	return c.addresses(ctx, target, ready)
}

// Pods implements Finder.
func (c *Cache) Pods(ctx context.Context, service types.NamespacedName, port intstr.IntOrString) ([]Address, error) {
	return c.pods(ctx, service, port, ready)
}

// Leaving implements LeavingFinder.
func (c *Cache) Leaving(ctx context.Context, service types.NamespacedName, port intstr.IntOrString) ([]Address, error) {
	return c.pods(ctx, service, port, leaving)
}

func (c *Cache) pods(ctx context.Context, service types.NamespacedName, port intstr.IntOrString, wanted func(discoveryv1.EndpointConditions) bool) ([]Address, error) {
	target, err := c.resolve(ctx, service, port)
	if err != nil || target.externalName != "" {
		return nil, err
	}
	if target.revision {
		// Both Services of a revision name their ports alike.
		target.service.Name = private + service.Name
	}
	return c.addresses(ctx, target, wanted)
}

func (c *Cache) service(ctx context.Context, name types.NamespacedName) (*corev1.Service, error) {
	var service corev1.Service
	if err := c.reader.Get(ctx, name, &service, client.UnsafeDisableDeepCopy); err != nil {
		return nil, fmt.Errorf("Service %s: %w", name, err)
	}
	return &service, nil
}
