package objects

import (
	"context"
	"sync"
	"testing"
	"time"

	authenticationv1 "k8s.io/api/authentication/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes/fake"
	clienttesting "k8s.io/client-go/testing"
	clocktesting "k8s.io/utils/clock/testing"
)

func reads(kube *fake.Clientset, resource string) int {
	n := 0
	for _, a := range kube.Actions() {
		if a.Matches("get", resource) {
			n++
		}
	}
	return n
}

func TestManyPodsCostOneRead(t *testing.T) {
	ctx := context.Background()
	c := clocktesting.NewFakeClock(time.Now())
	kube := fake.NewClientset(
		&corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "till"}},
		&corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: "bar", Name: "till"}})
	get := Getters(kube, informers.NewSharedInformerFactory(kube, 0).Core().V1().Services().Lister(), c)
	var group sync.WaitGroup
	for range 50 {
		group.Go(func() {
			if _, err := get.Secret(ctx, "shop", "till"); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if got := reads(kube, "secrets"); got != 1 {
		t.Errorf("%d reads for 50 pods, want 1", got)
	}
	if s, err := get.Secret(ctx, "bar", "till"); err != nil || s.Namespace != "bar" {
		t.Errorf("the namesake in another namespace: %v, %v", s, err)
	}
	c.Step(memory + time.Second)
	if _, err := get.Secret(ctx, "shop", "till"); err != nil || reads(kube, "secrets") != 3 {
		t.Errorf("%d reads after the memory's time, want 3 (%v)", reads(kube, "secrets"), err)
	}
}

func TestAMissingObjectIsLookedForAgain(t *testing.T) {
	ctx := context.Background()
	kube := fake.NewClientset()
	get := Getters(kube, informers.NewSharedInformerFactory(kube, 0).Core().V1().Services().Lister(), clocktesting.NewFakeClock(time.Now()))
	if _, err := get.ConfigMap(ctx, "shop", "menu"); !apierrors.IsNotFound(err) {
		t.Fatalf("got %v", err)
	}
	_, err := kube.CoreV1().ConfigMaps("shop").Create(ctx, &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "menu"}}, metav1.CreateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := get.ConfigMap(ctx, "shop", "menu"); err != nil {
		t.Errorf("still not found: %v", err)
	}
}

func TestTokensAreBoundToThePod(t *testing.T) {
	kube := fake.NewClientset()
	var asked *authenticationv1.TokenRequest
	kube.PrependReactor("create", "serviceaccounts", func(a clienttesting.Action) (bool, runtime.Object, error) {
		asked = a.(clienttesting.CreateAction).GetObject().(*authenticationv1.TokenRequest)
		return true, &authenticationv1.TokenRequest{Status: authenticationv1.TokenRequestStatus{Token: "t"}}, nil
	})
	get := Getters(kube, informers.NewSharedInformerFactory(kube, 0).Core().V1().Services().Lister(), clocktesting.NewFakeClock(time.Now()))
	pod := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "latte", UID: "u"}}
	token, err := get.ServiceAccountToken(context.Background(), "shop", "barista", pod, "vault", 600)
	if err != nil || token != "t" {
		t.Fatalf("%q, %v", token, err)
	}
	if ref := asked.Spec.BoundObjectRef; ref == nil || ref.Kind != "Pod" || ref.Name != "latte" || ref.UID != "u" {
		t.Errorf("bound to %+v", ref)
	}
	if *asked.Spec.ExpirationSeconds != 600 || len(asked.Spec.Audiences) != 1 || asked.Spec.Audiences[0] != "vault" {
		t.Errorf("asked for %+v", asked.Spec)
	}
}
