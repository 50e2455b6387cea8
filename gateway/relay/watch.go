package relay

import (
	"context"
	"fmt"
	"maps"

	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	toolscache "k8s.io/client-go/tools/cache"
	"knative.dev/networking/pkg/apis/networking/v1alpha1"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/manager"

	"github.com/ebb-node/ebb/gateway/backend"
)

// Add makes a Relay that the Manager runs in every replica, leader or not. The
// Manager's Scheme must know Knative's networking API. What is wrong with an
// Ingress is not reported here: that is for the one replica that leads.
func Add(mgr manager.Manager, c Config) (*Relay, error) {
	r, err := newRelay(c, mgr.GetCache())
	if err != nil {
		return nil, err
	}
	if err := r.watch(mgr.GetCache()); err != nil {
		return nil, fmt.Errorf("relay: %w", err)
	}
	return r, mgr.Add(r)
}

// watch follows caches without a queue: what changes here is in memory, and
// cannot fail for a while.
func (r *Relay) watch(from cache.Cache) error {
	for object, changed := range map[client.Object]func(client.Object){
		&v1alpha1.Ingress{}:          r.ingressChanged,
		&discoveryv1.EndpointSlice{}: r.backendChanged,
		&corev1.Service{}:            r.backendChanged,
	} {
		informer, err := from.GetInformer(context.Background(), object, cache.BlockUntilSynced(false))
		if err != nil {
			return err
		}
		if _, err := informer.AddEventHandler(hears(changed)); err != nil {
			return err
		}
	}
	return nil
}

// hears of an object as it was and as it is.
func hears(changed func(client.Object)) toolscache.ResourceEventHandler {
	tell := func(o any) {
		if gone, ok := o.(toolscache.DeletedFinalStateUnknown); ok {
			o = gone.Obj
		}
		if object, ok := o.(client.Object); ok {
			changed(object)
		}
	}
	return toolscache.ResourceEventHandlerFuncs{
		AddFunc: tell, DeleteFunc: tell,
		UpdateFunc: func(old, new any) {
			if object, ok := old.(client.Object); ok && !maps.Equal(object.GetLabels(), new.(client.Object).GetLabels()) {
				tell(old) // it may have been of another Service
			}
			tell(new)
		},
	}
}

// backendChanged looks for the addresses of a Service again.
func (r *Relay) backendChanged(o client.Object) {
	if service, ok := backend.ServiceOf(o); ok {
		r.table.Refresh(service)
	}
}

// ingressChanged brings the hosts of an Ingress up to date.
func (r *Relay) ingressChanged(o client.Object) {
	if err := r.config.Ledger.Update(client.ObjectKeyFromObject(o)); err != nil {
		r.config.Log.WithError(err).Error("the relay cannot read its cache")
	}
}
