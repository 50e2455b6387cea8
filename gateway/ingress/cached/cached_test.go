package cached_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/intstr"
	"knative.dev/networking/pkg/apis/networking"
	"knative.dev/networking/pkg/apis/networking/v1alpha1"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"

	"github.com/ebb-node/ebb/gateway/ingress"
	"github.com/ebb-node/ebb/gateway/ingress/cached"
)

var name = types.NamespacedName{Namespace: "default", Name: "coffee"}

func coffee() *v1alpha1.Ingress {
	split := v1alpha1.IngressBackendSplit{Percent: 100}
	split.ServiceNamespace, split.ServiceName, split.ServicePort = name.Namespace, name.Name, intstr.FromInt32(80)
	return &v1alpha1.Ingress{
		ObjectMeta: metav1.ObjectMeta{
			Namespace: name.Namespace, Name: name.Name, UID: "uid-1",
			Annotations: map[string]string{networking.IngressClassAnnotationKey: ingress.Class},
		},
		Spec: v1alpha1.IngressSpec{Rules: []v1alpha1.IngressRule{{
			Hosts: []string{"coffee.example.com"}, Visibility: v1alpha1.IngressVisibilityExternalIP,
			HTTP: &v1alpha1.HTTPIngressRuleValue{Paths: []v1alpha1.HTTPIngressPath{{Splits: []v1alpha1.IngressBackendSplit{split}}}},
		}}},
	}
}

func cacheWith(t *testing.T, ing *v1alpha1.Ingress) client.WithWatch {
	t.Helper()
	scheme := runtime.NewScheme()
	if err := v1alpha1.AddToScheme(scheme); err != nil {
		t.Fatal(err)
	}
	return fake.NewClientBuilder().WithScheme(scheme).WithObjects(ing).Build()
}

func TestLedgerReadsTheCache(t *testing.T) {
	cache := cacheWith(t, coffee())
	ledger := cached.NewLedger(cache)
	served := map[string]int{}
	err := ledger.Follow(t.Context(), func(c ingress.Change) {
		for key, owners := range c.Owners() {
			served[key.Name] = len(owners)
		}
	})
	if err != nil || served["coffee.example.com"] != 1 {
		t.Errorf("at the start %v are served, error %v", served, err)
	}
	if err := cache.Delete(t.Context(), coffee()); err != nil {
		t.Fatal(err)
	}
	if err := ledger.Update(name); err != nil || served["coffee.example.com"] != 0 {
		t.Errorf("after the Ingress is gone %v are served, error %v", served, err)
	}
}

// broken is a cache that cannot be read.
type broken struct{ client.Reader }

func (broken) List(context.Context, client.ObjectList, ...client.ListOption) error {
	return errors.New("not started")
}

func TestACacheThatCannotBeRead(t *testing.T) {
	err := cached.NewLedger(broken{}).Follow(t.Context(), func(ingress.Change) {})
	if err == nil || !strings.Contains(err.Error(), "list Ingresses: not started") {
		t.Errorf("error %v", err)
	}
}
