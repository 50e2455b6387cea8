package gateway

import (
	"context"
	"time"

	"github.com/bombsimon/logrusr/v4"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	"k8s.io/client-go/util/workqueue"
	"knative.dev/networking/pkg/apis/networking/v1alpha1"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller"
	"sigs.k8s.io/controller-runtime/pkg/handler"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"
	"sigs.k8s.io/controller-runtime/pkg/source"

	"github.com/ebb-node/ebb/gateway/backend"
)

// How often what failed is tried again.
const (
	retryFirst = 200 * time.Millisecond
	retryLast  = time.Minute
)

func retries[request comparable]() workqueue.TypedRateLimiter[request] {
	return workqueue.NewTypedItemExponentialFailureRateLimiter[request](retryFirst, retryLast)
}

// statusWriters is how many statuses are written at once: the API server takes
// a few milliseconds for each, and a start has many.
const statusWriters = 8

func (g *gateway) watchIngresses(mgr ctrl.Manager) error {
	c, err := controller.New("gateway-ingress", mgr, controller.Options{
		Reconciler: reconcile.Func(g.reconcileIngress), RateLimiter: retries[reconcile.Request](), Logger: logrusr.New(g.Log),
	})
	if err != nil {
		return err
	}
	served := handler.EnqueueRequestsFromMapFunc(g.servedBy)
	for _, s := range []source.Source{
		source.Kind[client.Object](mgr.GetCache(), &v1alpha1.Ingress{}, &handler.EnqueueRequestForObject{}),
		source.Kind[client.Object](mgr.GetCache(), &corev1.Service{}, served),
		source.Kind[client.Object](mgr.GetCache(), &discoveryv1.EndpointSlice{}, served),
		&g.ingresses,
	} {
		if err := c.Watch(s); err != nil {
			return err
		}
	}
	return nil
}

// servedBy are the Ingresses that split to a Service, which an object is or
// belongs to.
func (g *gateway) servedBy(_ context.Context, o client.Object) (out []reconcile.Request) {
	service, ok := backend.ServiceOf(o)
	if !ok {
		return nil
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, r := range g.directory.byService[service] {
		out = append(out, reconcile.Request{NamespacedName: r.name})
	}
	return out
}

func (g *gateway) watchStatuses(mgr ctrl.Manager) error {
	c, err := controller.New("gateway-status", mgr, controller.Options{
		Reconciler: reconcile.Func(g.reconcileStatus), RateLimiter: retries[reconcile.Request](), Logger: logrusr.New(g.Log),
		MaxConcurrentReconciles: statusWriters,
	})
	if err != nil {
		return err
	}
	return c.Watch(&g.statuses)
}

// balancerWorkers make load balancers side by side: each takes seconds.
const balancerWorkers = 4

func (g *gateway) watchBalancers(mgr ctrl.Manager) error {
	c, err := controller.NewTyped("gateway-load-balancer", mgr, controller.TypedOptions[balancerKey]{
		Reconciler:  reconcile.TypedFunc[balancerKey](g.reconcileBalancer),
		RateLimiter: retries[balancerKey](), Logger: logrusr.New(g.Log), MaxConcurrentReconciles: balancerWorkers,
	})
	if err != nil {
		return err
	}
	for _, s := range []source.TypedSource[balancerKey]{
		source.TypedKind(mgr.GetCache(), client.Object(&corev1.Service{}), handler.TypedEnqueueRequestsFromMapFunc(g.shownBy)),
		source.TypedKind(mgr.GetCache(), client.Object(&discoveryv1.EndpointSlice{}), handler.TypedEnqueueRequestsFromMapFunc(g.leadsTo)),
		source.TypedKind(mgr.GetCache(), client.Object(podMetadata()), handler.TypedFuncs[client.Object, balancerKey]{DeleteFunc: g.podDeleted}),
		&g.balancers,
	} {
		if err := c.Watch(s); err != nil {
			return err
		}
	}
	return nil
}
