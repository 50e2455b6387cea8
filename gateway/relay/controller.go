package relay

import (
	"context"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/types"
	"knative.dev/networking/pkg/apis/networking/v1alpha1"
	"sigs.k8s.io/controller-runtime/pkg/builder"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller"
	"sigs.k8s.io/controller-runtime/pkg/handler"
	"sigs.k8s.io/controller-runtime/pkg/manager"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"github.com/ebb-node/ebb/gateway/backend"
	"github.com/ebb-node/ebb/gateway/ingress"
)

// Add makes a Relay that the Manager runs in every replica, leader or not. The
// Manager's Scheme must know Knative's networking API. What is wrong with an
// Ingress is not reported here: that is for the one replica that leads.
func Add(mgr manager.Manager, c Config) (*Relay, error) {
	r, err := newRelay(c, mgr.GetCache())
	if err != nil {
		return nil, err
	}
	if err := r.watch(mgr); err != nil {
		return nil, fmt.Errorf("relay: %w", err)
	}
	return r, mgr.Add(r)
}

func (r *Relay) watch(mgr manager.Manager) error {
	options := controller.Options{NeedLeaderElection: new(false)}
	err := builder.ControllerManagedBy(mgr).Named("relay-ingress").
		For(&v1alpha1.Ingress{}).
		WithOptions(options).
		Complete(reconcile.Func(r.reconcileIngress))
	if err != nil {
		return err
	}
	toService := handler.EnqueueRequestsFromMapFunc(requestForService)
	return builder.ControllerManagedBy(mgr).Named("relay-backend").
		Watches(&discoveryv1.EndpointSlice{}, toService).
		Watches(&corev1.Service{}, toService).
		Watches(&v1alpha1.ServerlessService{}, toService).
		WithOptions(options).
		Complete(reconcile.Func(r.reconcileService))
}

func requestForService(_ context.Context, o client.Object) []reconcile.Request {
	service, ok := backend.ServiceOf(o)
	if !ok {
		return nil
	}
	return []reconcile.Request{{NamespacedName: service}}
}

func (r *Relay) reconcileService(_ context.Context, request reconcile.Request) (reconcile.Result, error) {
	r.table.Refresh(request.NamespacedName)
	return reconcile.Result{}, nil
}

func (r *Relay) reconcileIngress(ctx context.Context, request reconcile.Request) (reconcile.Result, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	claims, err := r.claims(ctx, request.NamespacedName)
	if err != nil {
		return reconcile.Result{}, err
	}
	r.settle(r.registry.Put(claims))
	return reconcile.Result{}, nil
}

func (r *Relay) claims(ctx context.Context, name types.NamespacedName) (ingress.Claims, error) {
	var ing v1alpha1.Ingress
	err := r.reader.Get(ctx, name, &ing, client.UnsafeDisableDeepCopy)
	if apierrors.IsNotFound(err) {
		return ingress.Claims{Ingress: name}, nil
	}
	if err != nil {
		return ingress.Claims{}, fmt.Errorf("Ingress %s: %w", name, err)
	}
	claims, _ := ingress.ClaimsOf(&ing)
	return claims, nil
}

// fill reads all Ingresses at once.
func (r *Relay) fill(ctx context.Context) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	var all v1alpha1.IngressList
	if err := r.reader.List(ctx, &all, client.UnsafeDisableDeepCopy); err != nil {
		return fmt.Errorf("list Ingresses: %w", err)
	}
	var keys []ingress.Key
	for i := range all.Items {
		claims, _ := ingress.ClaimsOf(&all.Items[i])
		keys = append(keys, r.registry.Put(claims)...)
	}
	r.settle(keys)
	return nil
}

// settle brings hosts into the table. The caller holds mu.
func (r *Relay) settle(keys []ingress.Key) {
	if len(keys) > 0 {
		r.table.Set(r.registry.Owners(keys))
	}
}
