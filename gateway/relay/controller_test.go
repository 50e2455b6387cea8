package relay

import (
	"context"
	"testing"

	discoveryv1 "k8s.io/api/discovery/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	"knative.dev/networking/pkg/apis/networking"
	"knative.dev/networking/pkg/apis/networking/v1alpha1"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"github.com/ebb-node/ebb/gateway/backend"
	"github.com/ebb-node/ebb/gateway/ingress"
)

// object is an Ingress for one host that was made on a day of January.
func object(name, host, service string, day int) *v1alpha1.Ingress {
	return &v1alpha1.Ingress{
		ObjectMeta: metav1.ObjectMeta{
			Namespace: "default", Name: name, CreationTimestamp: metav1.NewTime(now.AddDate(0, 0, day)),
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

// reconciled lets the relay hear of a change to an Ingress.
func (w *world) reconciled(name string) {
	w.t.Helper()
	if _, err := w.reconcileIngress(context.Background(), reconcile.Request{NamespacedName: named(name)}); err != nil {
		w.t.Fatal(err)
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
	ctx, objects := context.Background(), w.reader.(client.Client)
	w.expect("start", "http://a.com/", "a")
	w.expect("another class", "http://c.com/", "")

	changed := object("a", "b.com", "b", 1)
	if err := objects.Delete(ctx, object("a", "a.com", "a", 1)); err != nil {
		t.Fatal(err)
	}
	if err := objects.Create(ctx, changed); err != nil {
		t.Fatal(err)
	}
	w.reconciled("a")
	w.expect("changed", "http://b.com/", "b")
	w.expect("the host is free", "http://a.com/", "late")

	if err := objects.Delete(ctx, changed); err != nil {
		t.Fatal(err)
	}
	w.reconciled("a")
	w.expect("deleted", "http://b.com/", "")
}

func TestServicesAreFollowed(t *testing.T) {
	w := newWorld(t, nil, object("a", "a.com", "a", 1))
	slice := &discoveryv1.EndpointSlice{ObjectMeta: metav1.ObjectMeta{Namespace: "default", Name: "a-private-x", Labels: map[string]string{
		discoveryv1.LabelServiceName: "a-private", "networking.internal.knative.dev/serverlessservice": "a",
	}}}
	w.services.set("a", []backend.Address{{IP: "10.0.0.1", Port: 8012}}, nil)
	requests := requestForService(context.Background(), slice)
	if len(requests) != 1 {
		t.Fatalf("requests %v", requests)
	}
	if _, err := w.reconcileService(context.Background(), requests[0]); err != nil {
		t.Fatal(err)
	}
	p, err := w.table.snapshot.Load().plan(internetPlain, true, get("http://a.com/"))
	if err != nil {
		t.Fatal(err)
	}
	if got := p.pool.state.Load().addresses; len(got) != 1 || got[0].endpoint != "10.0.0.1:8012" {
		t.Errorf("addresses %v", got)
	}
	if got := requestForService(context.Background(), &discoveryv1.EndpointSlice{}); got != nil {
		t.Errorf("a slice of no Service: %v", got)
	}
}
