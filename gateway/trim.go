package gateway

import (
	"fmt"
	"reflect"
	"strings"
	"sync"

	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/selection"
	utilruntime "k8s.io/apimachinery/pkg/util/runtime"
	"k8s.io/client-go/rest"
	toolscache "k8s.io/client-go/tools/cache"
	"knative.dev/networking/pkg/apis/networking/v1alpha1"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/apiutil"

	"github.com/ebb-node/ebb/gateway/backend"
)

// CacheOptions keep a Manager's cache small: it holds of each object what the
// gateway and the relay read, so nobody else may read these kinds through it.
// Neither writes a trimmed object back as a whole: Ingresses and the gateway's
// own Services are patched, and the latter and their EndpointSlices are not
// trimmed.
func CacheOptions() cache.Options {
	t := &trimmer{}
	return cache.Options{
		DefaultTransform: cache.TransformStripManagedFields(),
		ByObject: map[client.Object]cache.ByObject{
			&v1alpha1.Ingress{}:          {Transform: transform(t.ingress)},
			&corev1.Service{}:            {Transform: transform(t.service), Label: notPrivate()},
			&discoveryv1.EndpointSlice{}: {Transform: transform(t.slice)},
			&corev1.Pod{}:                {Transform: transform(t.pod)},
		},
	}
}

// NewCache is for a Manager with CacheOptions. It knows the kinds of these by
// itself: how they are served is asked for when a cache is made, and Knative may
// be installed long after that.
func NewCache(config *rest.Config, o cache.Options) (cache.Cache, error) {
	known := meta.NewDefaultRESTMapper(nil)
	for object := range CacheOptions().ByObject {
		gvk, err := apiutil.GVKForObject(object, o.Scheme)
		if err != nil {
			return nil, fmt.Errorf("cache of the gateway: %w", err)
		}
		known.Add(gvk, meta.RESTScopeNamespace)
	}
	o.Mapper = meta.FirstHitRESTMapper{MultiRESTMapper: meta.MultiRESTMapper{known, o.Mapper}}
	return cache.New(config, o)
}

// notPrivate leaves out the private Services of revisions: package backend
// reads their EndpointSlices alone.
func notPrivate() labels.Selector {
	requirement, err := labels.NewRequirement(backend.ServiceTypeLabel, selection.NotEquals, []string{backend.ServiceTypePrivate})
	utilruntime.Must(err)
	return labels.NewSelector().Add(*requirement)
}

func transform[T any](trim func(T)) toolscache.TransformFunc {
	return func(in any) (any, error) {
		if object, ok := in.(T); ok {
			trim(object)
		}
		return in, nil
	}
}

// trimmer trims objects on their way into the cache, and lets equal parts of
// them be one.
type trimmer struct {
	texts         sharer[string]
	maps          sharer[map[string]string]
	balancers     sharer[*v1alpha1.LoadBalancerStatus]
	servicePorts  sharer[[]corev1.ServicePort]
	endpointPorts sharer[[]discoveryv1.EndpointPort]
	conditions    sharer[discoveryv1.EndpointConditions]
}

// sharer hands out one value for equal ones, of which there are few: the last
// ones are remembered. What it hands out must not be changed.
type sharer[T any] struct {
	mu    sync.Mutex
	known []T
}

// sharedMost bounds what a search compares.
const sharedMost = 32

func (s *sharer[T]) one(of T) T {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, same := range s.known {
		if reflect.DeepEqual(same, of) {
			return same
		}
	}
	if len(s.known) == sharedMost {
		s.known = append(s.known[:0], s.known[1:]...)
	}
	s.known = append(s.known, of)
	return of
}

// meta keeps what identifies an object and its version.
func (t *trimmer) meta(m *metav1.ObjectMeta) {
	*m = metav1.ObjectMeta{
		Namespace: t.texts.one(m.Namespace), Name: m.Name, ResourceVersion: m.ResourceVersion,
		Generation: m.Generation, CreationTimestamp: m.CreationTimestamp, DeletionTimestamp: m.DeletionTimestamp,
	}
}

// some entries of a map; nil when there are none.
func some(of map[string]string, keys ...string) map[string]string {
	var out map[string]string
	for _, key := range keys {
		value, has := of[key]
		if has && out == nil {
			out = make(map[string]string, 1)
		}
		if has {
			out[key] = value
		}
	}
	return out
}

// part lets a text be a part of another one that has it.
func part(of, text string) string {
	if i := strings.Index(of, text); i >= 0 {
		return of[i : i+len(text)]
	}
	return text
}

// fit is a list without room to grow, which decoding leaves.
func fit[E any](list []E) []E {
	if len(list) == 0 || len(list) == cap(list) {
		return list
	}
	out := make([]E, len(list))
	copy(out, list)
	return out
}
