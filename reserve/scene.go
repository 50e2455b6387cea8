package reserve

import (
	"context"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/types"
	autoscalingv1alpha1 "knative.dev/serving/pkg/apis/autoscaling/v1alpha1"
	servingv1 "knative.dev/serving/pkg/apis/serving/v1"
	"knative.dev/serving/pkg/reconciler/revision/resources/names"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/ebb-node/ebb/instancespecs"
	"github.com/ebb-node/ebb/reserve/record"
	"github.com/ebb-node/ebb/reserve/settings"
	"github.com/ebb-node/ebb/reserve/shape"
)

// scene is all that is known of one revision. Objects that do not exist are nil.
type scene struct {
	revision *servingv1.Revision
	scaler   *autoscalingv1alpha1.PodAutoscaler
	standard *appsv1.Deployment
	reserve  *appsv1.Deployment
	pods     []corev1.Pod // of the reserve
	routes   []servingv1.Route

	settings settings.Settings
	problem  error // of the settings
	record   record.Record
	specs    shape.Specs
	noSpec   error
}

// look reads the objects of a revision; nil if there is no such revision.
func (r *reconciler) look(ctx context.Context, key types.NamespacedName) (*scene, error) {
	s := &scene{}
	var err error
	if s.revision, err = get[servingv1.Revision](ctx, r, key); s.revision == nil {
		return nil, err
	}
	if s.scaler, err = get[autoscalingv1alpha1.PodAutoscaler](ctx, r, key); err != nil {
		return nil, err
	}
	if s.standard, err = get[appsv1.Deployment](ctx, r, named(key, names.Deployment(s.revision))); err != nil {
		return nil, err
	}
	if s.reserve, err = get[appsv1.Deployment](ctx, r, named(key, shape.Name(key.Name))); err != nil {
		return nil, err
	}
	pods, routes := &corev1.PodList{}, &servingv1.RouteList{}
	mine := client.MatchingLabels{shape.LabelReserve: string(s.revision.UID)}
	if err := r.client.List(ctx, pods, client.InNamespace(key.Namespace), mine); err != nil {
		return nil, err
	}
	if err := r.client.List(ctx, routes, client.InNamespace(key.Namespace)); err != nil {
		return nil, err
	}
	s.pods, s.routes = pods.Items, routes.Items
	r.understand(s)
	return s, nil
}

// understand reads what the objects say.
func (r *reconciler) understand(s *scene) {
	s.settings, s.problem = settings.Parse(s.revision.Annotations)
	if s.reserve != nil {
		var err error
		if s.record, err = record.Read(s.reserve.Annotations); err != nil {
			r.logFor(s).WithError(err).Warn("cannot read what was remembered of a reserve, goes on without")
		}
	}
	if s.standard != nil && s.problem == nil {
		market := r.Market()
		var price *instancespecs.Price
		if known, ok := r.standardPrice(s, market.Prices()); ok {
			price = &known
		}
		s.specs, s.noSpec = shape.Choose(market, s.settings, &s.standard.Spec.Template, price, r.Region)
	}
}

// named is another object in the namespace of one.
func named(key types.NamespacedName, name string) types.NamespacedName {
	return types.NamespacedName{Namespace: key.Namespace, Name: name}
}

// get reads an object; nil if it does not exist.
func get[T any, P interface {
	*T
	client.Object
}](ctx context.Context, r *reconciler, key types.NamespacedName) (*T, error) {
	object := P(new(T))
	err := r.client.Get(ctx, key, object)
	if apierrors.IsNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return (*T)(object), nil
}
