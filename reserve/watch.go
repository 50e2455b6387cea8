package reserve

import (
	"context"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/selection"
	"k8s.io/apimachinery/pkg/types"
	utilruntime "k8s.io/apimachinery/pkg/util/runtime"
	clientgoscheme "k8s.io/client-go/kubernetes/scheme"
	"knative.dev/serving/pkg/apis/autoscaling/v1alpha1"
	"knative.dev/serving/pkg/apis/serving"
	servingv1 "knative.dev/serving/pkg/apis/serving/v1"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/cluster"
	crcontroller "sigs.k8s.io/controller-runtime/pkg/controller"
	"sigs.k8s.io/controller-runtime/pkg/event"
	"sigs.k8s.io/controller-runtime/pkg/handler"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"
	"sigs.k8s.io/controller-runtime/pkg/source"

	"github.com/ebb-node/ebb/reserve/shape"
)

// scheme knows Kubernetes' and Knative's kinds.
var scheme = func() *runtime.Scheme {
	s := runtime.NewScheme()
	utilruntime.Must(clientgoscheme.AddToScheme(s))
	utilruntime.Must(servingv1.AddToScheme(s))
	utilruntime.Must(v1alpha1.AddToScheme(s))
	return s
}()

// kinds are those of Knative that are watched.
var kinds = []schema.GroupVersionKind{
	servingv1.SchemeGroupVersion.WithKind("Revision"),
	servingv1.SchemeGroupVersion.WithKind("Route"),
	v1alpha1.SchemeGroupVersion.WithKind("PodAutoscaler"),
}

// installed says which kind the API server does not know; nil if it knows all.
func installed(mapper meta.RESTMapper) error {
	for _, kind := range kinds {
		if _, err := mapper.RESTMapping(kind.GroupKind(), kind.Version); err != nil {
			return err
		}
	}
	return nil
}

// clusterOptions restrict the cache to Deployments of revisions and pods of reserves.
func clusterOptions(o *cluster.Options) {
	o.Scheme = scheme
	o.Cache = cache.Options{
		DefaultTransform: cache.TransformStripManagedFields(),
		ByObject: map[client.Object]cache.ByObject{
			&appsv1.Deployment{}: {Label: having(serving.RevisionUID)},
			&corev1.Pod{}:        {Label: having(shape.LabelReserve)},
		},
	}
}

// having selects objects with a label, whatever its value.
func having(label string) labels.Selector {
	requirement, err := labels.NewRequirement(label, selection.Exists, nil)
	utilruntime.Must(err)
	return labels.NewSelector().Add(*requirement)
}

// watch lets a controller hear of everything that concerns a revision, and of what
// the reporter saw.
func watch(c crcontroller.Controller, from cache.Cache, words <-chan event.TypedGenericEvent[types.NamespacedName]) error {
	for object, revisions := range map[client.Object]handler.MapFunc{
		&servingv1.Revision{}:     itself,
		&v1alpha1.PodAutoscaler{}: itself, // it has the Revision's name
		&appsv1.Deployment{}:      owners,
		&corev1.Pod{}:             ofReserve,
		&servingv1.Route{}:        routed,
	} {
		if err := c.Watch(source.Kind(from, object, handler.EnqueueRequestsFromMapFunc(revisions))); err != nil {
			return err
		}
	}
	passed := handler.TypedEnqueueRequestsFromMapFunc(func(_ context.Context, key types.NamespacedName) []reconcile.Request {
		return []reconcile.Request{{NamespacedName: key}}
	})
	return c.Watch(source.TypedChannel(words, passed))
}

func request(o client.Object, revision string) reconcile.Request {
	return reconcile.Request{NamespacedName: types.NamespacedName{Namespace: o.GetNamespace(), Name: revision}}
}

func itself(_ context.Context, o client.Object) []reconcile.Request {
	return []reconcile.Request{request(o, o.GetName())}
}

// owners are the revisions that own a Deployment: the standard one, or the reserve.
func owners(_ context.Context, o client.Object) []reconcile.Request {
	var out []reconcile.Request
	for _, owner := range o.GetOwnerReferences() {
		if owner.Kind == "Revision" {
			out = append(out, request(o, owner.Name))
		}
	}
	return out
}

func ofReserve(_ context.Context, o client.Object) []reconcile.Request {
	if name := o.GetLabels()[shape.LabelOf]; name != "" {
		return []reconcile.Request{request(o, name)}
	}
	return nil
}

// routed are the revisions that a Route names. Of a change both sides are asked, so
// that a revision that is named no more is among them.
func routed(_ context.Context, o client.Object) []reconcile.Request {
	var out []reconcile.Request
	for _, t := range o.(*servingv1.Route).Status.Traffic {
		out = append(out, request(o, t.RevisionName))
	}
	return out
}
