package gateway

import (
	"context"
	"net/http"
	"reflect"
	"sync"
	"testing"
	"time"

	"github.com/bombsimon/logrusr/v4"
	"github.com/go-logr/logr"
	"github.com/sirupsen/logrus"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/rest"
	toolscache "k8s.io/client-go/tools/cache"
	"knative.dev/networking/pkg/apis/networking/v1alpha1"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/apiutil"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
	"sigs.k8s.io/controller-runtime/pkg/config"
	"sigs.k8s.io/controller-runtime/pkg/metrics/server"
)

func init() { ctrl.SetLogger(logr.Discard()) }

// kinds that the gateway watches, or reads.
var kinds = []client.Object{
	&v1alpha1.Ingress{}, &corev1.Service{}, &discoveryv1.EndpointSlice{}, &corev1.Pod{}, &corev1.Secret{},
}

func testScheme(t testing.TB) *runtime.Scheme {
	t.Helper()
	s := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{corev1.AddToScheme, discoveryv1.AddToScheme, v1alpha1.AddToScheme} {
		if err := add(s); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// newCluster is an API server in memory.
func newCluster(t testing.TB) client.WithWatch {
	return fake.NewClientBuilder().WithScheme(testScheme(t)).
		WithStatusSubresource(&v1alpha1.Ingress{}, &corev1.Service{}).Build()
}

// newManager is a real Manager whose caches watch a cluster in memory.
func newManager(t testing.TB, cluster client.WithWatch, log logrus.FieldLogger) ctrl.Manager {
	t.Helper()
	scheme := cluster.Scheme()
	mapper := meta.NewDefaultRESTMapper(nil)
	for _, o := range kinds {
		gvk, err := apiutil.GVKForObject(o, scheme)
		if err != nil {
			t.Fatal(err)
		}
		mapper.Add(gvk, meta.RESTScopeNamespace)
	}
	mgr, err := ctrl.NewManager(&rest.Config{Host: "http://127.0.0.1:1"}, ctrl.Options{
		Scheme: scheme, Logger: logrusr.New(log),
		MapperProvider:         func(*rest.Config, *http.Client) (meta.RESTMapper, error) { return mapper, nil },
		Metrics:                server.Options{BindAddress: "0"},
		HealthProbeBindAddress: "0",
		Controller:             config.Controller{SkipNameValidation: new(true)},
		NewClient:              func(*rest.Config, client.Options) (client.Client, error) { return cluster, nil },
		NewCache: func(c *rest.Config, o cache.Options) (cache.Cache, error) {
			kept := CacheOptions()
			o.DefaultTransform, o.ByObject = kept.DefaultTransform, kept.ByObject
			o.NewInformer = func(_ toolscache.ListerWatcher, o runtime.Object, resync time.Duration, by toolscache.Indexers) toolscache.SharedIndexInformer {
				return toolscache.NewSharedIndexInformer(&follower{cluster: cluster, kind: o, selector: selectorOf(kept, o)}, o, resync, by)
			}
			return cache.New(c, o)
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return mgr
}

// selectorOf is what a cache selects of a kind.
func selectorOf(o cache.Options, kind runtime.Object) labels.Selector {
	for object, by := range o.ByObject {
		if reflect.TypeOf(object) == reflect.TypeOf(kind) && by.Label != nil {
			return by.Label
		}
	}
	return labels.Everything()
}

// follower lists and watches a kind. The cluster in memory has no history, so
// the watch begins before the list.
type follower struct {
	cluster client.WithWatch
	kind    runtime.Object
	// selector of labels, which never change here.
	selector labels.Selector

	mu    sync.Mutex
	ahead watch.Interface
}

func (f *follower) list() client.ObjectList {
	gvk := f.kind.GetObjectKind().GroupVersionKind()
	if _, ok := f.kind.(*metav1.PartialObjectMetadata); !ok {
		gvk, _ = apiutil.GVKForObject(f.kind, f.cluster.Scheme())
	}
	made, _ := f.cluster.Scheme().New(gvk.GroupVersion().WithKind(gvk.Kind + "List"))
	return made.(client.ObjectList)
}

func (f *follower) List(metav1.ListOptions) (runtime.Object, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	list := f.list()
	ahead, err := f.cluster.Watch(context.Background(), list)
	if err != nil {
		return nil, err
	}
	f.ahead = watch.Filter(ahead, func(e watch.Event) (watch.Event, bool) {
		if o, ok := e.Object.(client.Object); ok && !f.selector.Matches(labels.Set(o.GetLabels())) {
			return e, false
		}
		e.Object = f.asKind(e.Object)
		return e, true
	})
	if err := f.cluster.List(context.Background(), list, client.MatchingLabelsSelector{Selector: f.selector}); err != nil {
		return nil, err
	}
	if _, ok := f.kind.(*metav1.PartialObjectMetadata); !ok {
		return list, nil
	}
	out := &metav1.PartialObjectMetadataList{ListMeta: metav1.ListMeta{ResourceVersion: list.GetResourceVersion()}}
	err = meta.EachListItem(list, func(o runtime.Object) error {
		out.Items = append(out.Items, *f.asKind(o).(*metav1.PartialObjectMetadata))
		return nil
	})
	return out, err
}

func (f *follower) Watch(metav1.ListOptions) (watch.Interface, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	ahead := f.ahead
	f.ahead = nil
	if ahead == nil {
		return nil, context.Canceled // list again
	}
	return ahead, nil
}

// IsWatchListSemanticsUnSupported keeps reflectors from asking for a list by
// watch.
func (f *follower) IsWatchListSemanticsUnSupported() bool { return true }

// asKind turns objects into metadata where that is what is watched.
func (f *follower) asKind(o runtime.Object) runtime.Object {
	if _, ok := f.kind.(*metav1.PartialObjectMetadata); !ok {
		return o
	}
	m, err := meta.Accessor(o)
	if err != nil {
		return o
	}
	out := meta.AsPartialObjectMetadata(m)
	out.SetGroupVersionKind(schema.GroupVersionKind{Version: "v1", Kind: "Pod"})
	return out
}
