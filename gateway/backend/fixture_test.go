package backend

import (
	"context"
	"maps"
	"testing"

	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/intstr"
	toolscache "k8s.io/client-go/tools/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
)

type find func(context.Context, types.NamespacedName, intstr.IntOrString) ([]Address, error)

func cacheOf(t *testing.T, objects ...client.Object) *Cache {
	t.Helper()
	scheme := runtime.NewScheme()
	if err := corev1.AddToScheme(scheme); err != nil {
		t.Fatal(err)
	}
	builder := fake.NewClientBuilder().WithScheme(scheme)
	slices := toolscache.NewIndexer(toolscache.MetaNamespaceKeyFunc, toolscache.Indexers{sliceIndex: sliceOwner})
	for _, o := range objects {
		if slice, ok := o.(*discoveryv1.EndpointSlice); !ok {
			builder.WithObjects(o)
		} else if err := slices.Add(slice); err != nil {
			t.Fatal(err)
		}
	}
	return &Cache{builder.Build(), slices, func() bool { return true }}
}

func named(name string) types.NamespacedName {
	return types.NamespacedName{Namespace: "default", Name: name}
}

func meta(name string) metav1.ObjectMeta {
	return metav1.ObjectMeta{Namespace: "default", Name: name}
}

func service(name string, ports ...corev1.ServicePort) *corev1.Service {
	return &corev1.Service{ObjectMeta: meta(name), Spec: corev1.ServiceSpec{Ports: ports}}
}

// revision's Services, with the labels that Knative gives them.
func revision(name string) []client.Object {
	http, https := corev1.ServicePort{Name: "http", Port: 80}, corev1.ServicePort{Name: "https", Port: 443}
	return []client.Object{
		labelled(service(name, http, https), name, ServiceTypePublic), labelled(service(name+"-private", http, https), name, ServiceTypePrivate),
	}
}

// labelled is of a revision's Service.
func labelled[T client.Object](o T, revision, kind string) T {
	labels := map[string]string{RevisionLabel: revision, ServiceTypeLabel: kind}
	maps.Copy(labels, o.GetLabels())
	o.SetLabels(labels)
	return o
}

type ports map[string]int32

func slice(name, service string, ports ports, endpoints ...discoveryv1.Endpoint) *discoveryv1.EndpointSlice {
	s := &discoveryv1.EndpointSlice{ObjectMeta: meta(name), AddressType: discoveryv1.AddressTypeIPv4, Endpoints: endpoints}
	s.Labels = map[string]string{discoveryv1.LabelServiceName: service}
	for name, number := range ports {
		s.Ports = append(s.Ports, discoveryv1.EndpointPort{Name: &name, Port: &number})
	}
	return s
}

// plain is an endpoint without conditions, as a mirrored one may be.
func plain(ip string) discoveryv1.Endpoint { return discoveryv1.Endpoint{Addresses: []string{ip}} }

func pod(ip, name string) discoveryv1.Endpoint {
	e := plain(ip)
	e.Conditions = discoveryv1.EndpointConditions{Ready: new(true), Serving: new(true), Terminating: new(false)}
	e.TargetRef = &corev1.ObjectReference{Kind: "Pod", Namespace: "default", Name: name}
	return e
}

func unready(ip string) discoveryv1.Endpoint {
	e := pod(ip, ip)
	e.Conditions = discoveryv1.EndpointConditions{Ready: new(false), Serving: new(false), Terminating: new(false)}
	return e
}

// gone is terminating and still serves.
func gone(ip string) discoveryv1.Endpoint {
	e := pod(ip, ip)
	e.Conditions = discoveryv1.EndpointConditions{Ready: new(false), Serving: new(true), Terminating: new(true)}
	return e
}
