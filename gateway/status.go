package gateway

import (
	"context"
	"fmt"

	"k8s.io/apimachinery/pkg/api/equality"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"knative.dev/networking/pkg/apis/networking/v1alpha1"
	"knative.dev/pkg/apis"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"
)

// reconcileStatus writes the status of an Ingress when it has changed.
func (g *gateway) reconcileStatus(ctx context.Context, request reconcile.Request) (reconcile.Result, error) {
	v, known := g.verdict(ctx, request.NamespacedName)
	switch {
	case !known:
		return reconcile.Result{}, nil
	case v.early:
		return reconcile.Result{RequeueAfter: hurry}, nil
	}
	var ing v1alpha1.Ingress
	if err := g.reader.Get(ctx, request.NamespacedName, &ing); err != nil {
		return reconcile.Result{}, client.IgnoreNotFound(err)
	}
	if ing.Generation != v.generation {
		return reconcile.Result{}, nil // the route comes, and then its status
	}
	before := ing.DeepCopy()
	v.apply(&ing.Status, ing.GetConditionSet().Manage(&ing.Status), g.serviceHost)
	if !equality.Semantic.DeepEqual(before.Status, ing.Status) {
		if err := g.client.Status().Patch(ctx, &ing, client.MergeFrom(before)); err != nil {
			return reconcile.Result{}, ignoreGone(fmt.Errorf("status of Ingress %s: %w", request, err))
		}
	}
	g.tell(&ing, v)
	return reconcile.Result{RequeueAfter: v.again}, nil
}

func ignoreGone(err error) error {
	if apierrors.IsNotFound(err) {
		return nil
	}
	return err
}

// apply writes a verdict into a status.
func (v *verdict) apply(s *v1alpha1.IngressStatus, conditions apis.ConditionManager, host func(balancerKey) string) {
	s.InitializeConditions()
	s.ObservedGeneration = v.generation
	var first *problem
	if len(v.problems) > 0 {
		first = &v.problems[0]
	}
	mark(conditions, v1alpha1.IngressConditionNetworkConfigured, first)
	if v.balancer == nil {
		s.MarkLoadBalancerReady(v.addresses(0, host), v.addresses(1, host))
		return
	}
	mark(conditions, v1alpha1.IngressConditionLoadBalancerReady, v.balancer)
}

func mark(conditions apis.ConditionManager, t apis.ConditionType, p *problem) {
	switch {
	case p == nil:
		conditions.MarkTrue(t)
	case p.passing:
		conditions.MarkUnknown(t, p.reason, "%s", p.message)
	default:
		conditions.MarkFalse(t, p.reason, "%s", p.message)
	}
}

// addresses has one entry: Knative allows no more.
func (v *verdict) addresses(i int, host func(balancerKey) string) []v1alpha1.LoadBalancerIngressStatus {
	if v.shown[i].address == "" {
		return nil
	}
	return []v1alpha1.LoadBalancerIngressStatus{{IP: v.shown[i].address, DomainInternal: host(v.shown[i].key)}}
}
