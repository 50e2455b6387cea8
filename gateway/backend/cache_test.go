package backend

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/intstr"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

func TestAddressesOfAService(t *testing.T) {
	web := service("web", corev1.ServicePort{Name: "http", Port: 80, TargetPort: intstr.FromString("serve")},
		corev1.ServicePort{Name: "rpc", Port: 81, AppProtocol: new("kubernetes.io/h2c")},
		corev1.ServicePort{Name: "dns", Port: 53, Protocol: corev1.ProtocolUDP})
	objects := []client.Object{web,
		slice("web-a", "web", ports{"http": 8080, "rpc": 9000}, pod("10.0.0.2", "b"), pod("10.0.0.1", "a"), unready("10.0.0.3"), gone("10.0.0.4")),
		// Pods that give the port's name to another number are in another slice.
		slice("web-b", "web", ports{"http": 8081, "rpc": 9000}, pod("10.0.0.5", "e"), pod("10.0.0.1", "a")),
		slice("other", "other", ports{"http": 8080}, pod("10.9.9.9", "z")),
	}
	tests := map[string]struct {
		port intstr.IntOrString
		want []Address
	}{
		"number": {intstr.FromInt32(80), []Address{
			{"10.0.0.1", 8080, named("a"), false}, {"10.0.0.1", 8081, named("a"), false},
			{"10.0.0.2", 8080, named("b"), false}, {"10.0.0.5", 8081, named("e"), false}}},
		"name": {intstr.FromString("rpc"), []Address{
			{"10.0.0.1", 9000, named("a"), true}, {"10.0.0.2", 9000, named("b"), true}, {"10.0.0.5", 9000, named("e"), true}}},
		"number in quotes": {intstr.FromString("81"), []Address{
			{"10.0.0.1", 9000, named("a"), true}, {"10.0.0.2", 9000, named("b"), true}, {"10.0.0.5", 9000, named("e"), true}}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			cache := cacheOf(t, objects...)
			for what, find := range map[string]find{"public": cache.Public, "pods": cache.Pods} {
				got, err := find(context.Background(), named("web"), test.port)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(test.want, got); diff != "" {
					t.Errorf("%s: %s", what, diff)
				}
			}
		})
	}
}

// TestRevision: the public Service leads to the activator, the private one to
// pods. Slices are as the mirroring and the slice controller write them.
func TestRevision(t *testing.T) {
	objects := append(revision("coffee"),
		labelled(slice("coffee-m", "coffee", ports{"http": 8012}, plain("10.1.0.1")), "coffee", ServiceTypePublic),
		labelled(slice("coffee-private-x", "coffee-private", ports{"http": 8012, "http-istio": 8012, "https": 8112, "queue": 9090},
			pod("10.0.0.1", "coffee-1"), gone("10.0.0.2")), "coffee", ServiceTypePrivate),
		labelled(slice("tea-private-x", "tea-private", ports{"http": 8012}, pod("10.0.0.3", "tea-1")), "tea", ServiceTypePrivate))
	cache := cacheOf(t, objects...)
	for what, test := range map[string]struct {
		find find
		want []Address
	}{
		"public":  {cache.Public, []Address{{IP: "10.1.0.1", Port: 8012}}},
		"pods":    {cache.Pods, []Address{{IP: "10.0.0.1", Port: 8012, Pod: named("coffee-1")}}},
		"leaving": {cache.Leaving, []Address{{IP: "10.0.0.2", Port: 8012, Pod: named("10.0.0.2")}}},
	} {
		got, err := test.find(context.Background(), named("coffee"), intstr.FromInt32(80))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s: %s", what, diff)
		}
	}
}

func TestRevisionWithoutPods(t *testing.T) {
	activator := labelled(slice("coffee-m", "coffee", ports{"http": 8012}, plain("10.1.0.1")), "coffee", ServiceTypePublic)
	empty := labelled(slice("coffee-private-x", "coffee-private", nil), "coffee", ServiceTypePrivate)
	for what, objects := range map[string][]client.Object{
		"at zero": append(revision("coffee"), activator, empty), "without a private Service": {revision("coffee")[0], activator},
	} {
		got, err := cacheOf(t, objects...).Pods(context.Background(), named("coffee"), intstr.FromInt32(80))
		if err != nil || len(got) != 0 {
			t.Errorf("%s: %v, %v", what, got, err)
		}
	}
}

func TestExternalName(t *testing.T) {
	s := service("coffee", corev1.ServicePort{Name: "http2", Port: 80})
	s.Spec.Type, s.Spec.ExternalName = corev1.ServiceTypeExternalName, "gate.example.com"
	cache := cacheOf(t, s)
	public, err := cache.Public(context.Background(), named("coffee"), intstr.FromInt32(80))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]Address{{IP: "gate.example.com", Port: 80, H2C: true}}, public); diff != "" {
		t.Error(diff)
	}
	if pods, err := cache.Pods(context.Background(), named("coffee"), intstr.FromInt32(80)); err != nil || len(pods) != 0 {
		t.Errorf("pods %v, %v", pods, err)
	}
}

func TestFamilies(t *testing.T) {
	v6 := slice("web-6", "web", ports{"http": 80}, plain("fd00::1"))
	v6.AddressType = discoveryv1.AddressTypeIPv6
	v4 := slice("web-4", "web", ports{"http": 80}, plain("10.0.0.1"))
	web := service("web", corev1.ServicePort{Name: "http", Port: 80})
	for want, slices := range map[string][]client.Object{"10.0.0.1": {v6, v4}, "fd00::1": {v6}} {
		got, err := cacheOf(t, append(slices, web)...).Public(context.Background(), named("web"), intstr.FromInt32(80))
		if err != nil || len(got) != 1 || got[0].IP != want {
			t.Errorf("got %v, %v, want %s", got, err, want)
		}
	}
}

func TestMissing(t *testing.T) {
	cache := cacheOf(t, service("web", corev1.ServicePort{Name: "http", Port: 80}, corev1.ServicePort{Port: 81}))
	_, err := cache.Public(context.Background(), named("tea"), intstr.FromInt32(80))
	if !apierrors.IsNotFound(err) {
		t.Errorf("Service: %v", err)
	}
	_, err = cache.Pods(context.Background(), named("web"), intstr.FromString("rpc"))
	var port *PortError
	if !errors.As(err, &port) {
		t.Fatalf("port: %v", err)
	}
	if want := "Service default/web has no port rpc; use one of: 80 http, 81"; err.Error() != want {
		t.Errorf("got %s", err)
	}
}

func TestUnnamedPort(t *testing.T) {
	web := service("web", corev1.ServicePort{Port: 80})
	s := slice("web-a", "web", nil, plain("10.0.0.1"))
	s.Ports = []discoveryv1.EndpointPort{{Port: new(int32(8080))}}
	got, err := cacheOf(t, web, s).Public(context.Background(), named("web"), intstr.FromInt32(80))
	if err != nil || len(got) != 1 || got[0].Port != 8080 {
		t.Errorf("%v, %v", got, err)
	}
}

func TestH2C(t *testing.T) {
	for _, test := range []struct {
		port corev1.ServicePort
		want bool
	}{
		{corev1.ServicePort{Name: "http2"}, true},
		{corev1.ServicePort{Name: "h2c"}, true},
		{corev1.ServicePort{Name: "x", AppProtocol: new("kubernetes.io/h2c")}, true},
		{corev1.ServicePort{Name: "http"}, false},
		{corev1.ServicePort{Name: "x", AppProtocol: new("kubernetes.io/ws")}, false},
	} {
		if got := isH2C(test.port); got != test.want {
			t.Errorf("%+v: %v", test.port, got)
		}
	}
}

func TestServiceOf(t *testing.T) {
	for name, test := range map[string]struct {
		object client.Object
		want   types.NamespacedName
		ok     bool
	}{
		"Service":             {service("web"), named("web"), true},
		"private Service":     {labelled(service("coffee-private"), "coffee", ServiceTypePrivate), named("coffee"), true},
		"slice":               {slice("web-x", "web", nil), named("web"), true},
		"slice of a revision": {labelled(slice("p-x", "coffee-private", nil), "coffee", ServiceTypePrivate), named("coffee"), true},
		"slice of nothing":    {&discoveryv1.EndpointSlice{}, types.NamespacedName{}, false},
	} {
		if got, ok := ServiceOf(test.object); got != test.want || ok != test.ok {
			t.Errorf("%s: %v, %v", name, got, ok)
		}
	}
}
