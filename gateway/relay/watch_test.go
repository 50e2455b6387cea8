package relay

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"
	discoveryv1 "k8s.io/api/discovery/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/intstr"
	toolscache "k8s.io/client-go/tools/cache"
	"knative.dev/networking/pkg/apis/networking"
	"knative.dev/networking/pkg/apis/networking/v1alpha1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/ebb-node/ebb/gateway/backend"
	"github.com/ebb-node/ebb/gateway/ingress"
)

// object is an Ingress for one host that was made on a day of January.
func object(name, host, service string, day int) *v1alpha1.Ingress {
	return &v1alpha1.Ingress{
		ObjectMeta: metav1.ObjectMeta{
			Namespace: "default", Name: name, UID: types.UID(name + host), CreationTimestamp: metav1.NewTime(now.AddDate(0, 0, day)),
			Annotations: map[string]string{networking.IngressClassAnnotationKey: ingress.Class},
		},
		Spec: v1alpha1.IngressSpec{Rules: []v1alpha1.IngressRule{{
			Hosts: []string{host},
			HTTP: &v1alpha1.HTTPIngressRuleValue{Paths: []v1alpha1.HTTPIngressPath{{
				Splits: []v1alpha1.IngressBackendSplit{{Percent: 100, IngressBackend: v1alpha1.IngressBackend{
					ServiceNamespace: "default", ServiceName: service, ServicePort: intstr.FromInt32(80),
				}}},
			}}},
		}}},
	}
}

func (w *world) expect(step, url, service string) {
	w.t.Helper()
	if got := routed(w.table, internetPlain, get(url)); got != service {
		w.t.Errorf("%s: %s goes to %q, want %q", step, url, got, service)
	}
}

// TestIngressesAreThereBeforeTheFirstRequest and follow changes afterwards.
func TestIngressesAreThereBeforeTheFirstRequest(t *testing.T) {
	foreign := object("foreign", "c.com", "c", 1)
	foreign.Annotations = nil
	w := newWorld(t, nil, object("a", "a.com", "a", 1), object("late", "a.com", "late", 2), foreign)
	ctx, objects := context.Background(), w.objects
	w.expect("start", "http://a.com/", "a")
	w.expect("another class", "http://c.com/", "")

	changed := object("a", "b.com", "b", 1)
	if err := objects.Delete(ctx, object("a", "a.com", "a", 1)); err != nil {
		t.Fatal(err)
	}
	if err := objects.Create(ctx, changed); err != nil {
		t.Fatal(err)
	}
	w.ingressChanged(changed)
	w.expect("changed", "http://b.com/", "b")
	w.expect("the host is free", "http://a.com/", "late")

	if err := objects.Delete(ctx, changed); err != nil {
		t.Fatal(err)
	}
	w.ingressChanged(changed)
	w.expect("deleted", "http://b.com/", "")
}

func TestServicesAreFollowed(t *testing.T) {
	w := newWorld(t, nil, object("a", "a.com", "a", 1))
	slice := &discoveryv1.EndpointSlice{ObjectMeta: metav1.ObjectMeta{Namespace: "default", Name: "a-private-x", Labels: map[string]string{
		discoveryv1.LabelServiceName: "a-private", "networking.internal.knative.dev/serverlessservice": "a",
	}}}
	w.services.set("a", []backend.Address{{IP: "10.0.0.1", Port: 8012}}, nil)
	hears(w.backendChanged).OnAdd(slice, false)
	p, err := w.table.snapshot.Load().plan(internetPlain, get("http://a.com/"))
	if err != nil {
		t.Fatal(err)
	}
	if got := p.pool.state.Load().addresses; len(got) != 1 || got[0].endpoint != "10.0.0.1:8012" {
		t.Errorf("addresses %v", got)
	}
}

// TestBothServicesOfASliceHear when it goes over from one to the other.
func TestBothServicesOfASliceHear(t *testing.T) {
	of := func(service string) *discoveryv1.EndpointSlice {
		return &discoveryv1.EndpointSlice{ObjectMeta: metav1.ObjectMeta{Labels: map[string]string{discoveryv1.LabelServiceName: service}}}
	}
	var heard []string
	handler := hears(func(o client.Object) { heard = append(heard, o.GetLabels()[discoveryv1.LabelServiceName]) })
	handler.OnUpdate(of("a"), of("b"))
	handler.OnUpdate(of("b"), of("b"))
	handler.OnDelete(toolscache.DeletedFinalStateUnknown{Obj: of("c")})
	if diff := cmp.Diff([]string{"a", "b", "b", "c"}, heard); diff != "" {
		t.Error(diff)
	}
}
