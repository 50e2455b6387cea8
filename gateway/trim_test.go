package gateway

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/rest"
	"knative.dev/networking/pkg/apis/networking/v1alpha1"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/apiutil"

	"github.com/ebb-node/ebb/gateway/backend"
)

// dressed is metadata with what nobody here reads.
func dressed(o client.Object, labels, annotations map[string]string) {
	with := func(m map[string]string) map[string]string {
		out := map[string]string{"serving.knative.dev/service": o.GetName(), "example.com/team": "coffee"}
		for k, v := range m {
			out[k] = v
		}
		return out
	}
	o.SetLabels(with(labels))
	o.SetAnnotations(with(annotations))
	o.SetUID("uid")
	o.SetFinalizers([]string{"example.com/finalizer"})
	o.SetOwnerReferences([]metav1.OwnerReference{{APIVersion: "v1", Kind: "ConfigMap", Name: "owner", UID: "uid"}})
	o.SetManagedFields([]metav1.ManagedFieldsEntry{{Manager: "controller", Operation: metav1.ManagedFieldsOperationUpdate}})
}

// bare is an object as the cache has it.
func bare(o client.Object, uid types.UID, labels, annotations map[string]string) client.Object {
	o.SetLabels(labels)
	o.SetAnnotations(annotations)
	o.SetUID(uid)
	o.SetFinalizers(nil)
	o.SetOwnerReferences(nil)
	o.SetManagedFields(nil)
	return o
}

func inDefault(name string) metav1.ObjectMeta {
	return metav1.ObjectMeta{Namespace: "default", Name: name}
}

// TestCachesKeepWhatIsRead, through a Manager's caches.
func TestCachesKeepWhatIsRead(t *testing.T) {
	t.Parallel()
	cluster := newCluster(t)
	port := corev1.ServicePort{Name: "http", Protocol: corev1.ProtocolTCP, AppProtocol: new("kubernetes.io/h2c"), Port: 80}
	public := &corev1.Service{ObjectMeta: inDefault("coffee"), Spec: corev1.ServiceSpec{ClusterIP: "10.0.0.1", Ports: []corev1.ServicePort{port}}}
	public.Spec.Ports[0].NodePort = 30000
	dressed(public, map[string]string{backend.RevisionLabel: "coffee", backend.ServiceTypeLabel: backend.ServiceTypePublic}, nil)
	private := &corev1.Service{ObjectMeta: inDefault("coffee-private")}
	dressed(private, map[string]string{backend.RevisionLabel: "coffee", backend.ServiceTypeLabel: backend.ServiceTypePrivate}, nil)
	own := &corev1.Service{ObjectMeta: inDefault("ingress-gateway"), Spec: corev1.ServiceSpec{ClusterIP: "10.0.0.2"}}
	dressed(own, nil, nil)
	slice := &discoveryv1.EndpointSlice{
		ObjectMeta: inDefault("coffee-private-x"), AddressType: discoveryv1.AddressTypeIPv4, Ports: []discoveryv1.EndpointPort{{Name: new("http"), Port: new(int32(8012))}},
		Endpoints: []discoveryv1.Endpoint{{
			Addresses: []string{"10.240.1.1"}, Conditions: discoveryv1.EndpointConditions{Ready: new(true)}, NodeName: new("node"), Zone: new("zone"),
			TargetRef: &corev1.ObjectReference{Kind: "Pod", Namespace: "default", Name: "p1", UID: "uid"},
		}},
	}
	dressed(slice, map[string]string{discoveryv1.LabelServiceName: "coffee-private", backend.RevisionLabel: "coffee", backend.ServiceTypeLabel: backend.ServiceTypePrivate}, nil)
	pod := &corev1.Pod{ObjectMeta: inDefault("p1")}
	dressed(pod, nil, map[string]string{annotationENI: "eni-1"})
	ing := knative("coffee", "coffee=100")
	dressed(ing, nil, ing.Annotations)
	for _, o := range []client.Object{public, private, own, slice, pod, ing} {
		if err := cluster.Create(t.Context(), o); err != nil {
			t.Fatal(err)
		}
	}
	s := &scene{TB: t, ctx: t.Context(), cluster: cluster, log: &lockedText{}}
	s.config.Log = s.logger()
	reader, stop := s.startCaches()
	defer stop()
	public.Spec = corev1.ServiceSpec{Ports: []corev1.ServicePort{port}}
	slice.Endpoints[0].NodeName, slice.Endpoints[0].Zone, slice.Endpoints[0].TargetRef.UID = nil, nil, ""
	own.ManagedFields = nil
	metadata := podMetadata()
	metadata.ObjectMeta = pod.ObjectMeta
	for got, want := range map[client.Object]client.Object{
		&corev1.Service{ObjectMeta: inDefault("coffee")}:                                        bare(public, "", map[string]string{backend.ServiceTypeLabel: backend.ServiceTypePublic}, nil),
		&corev1.Service{ObjectMeta: inDefault("ingress-gateway")}:                               own,
		&discoveryv1.EndpointSlice{ObjectMeta: inDefault(slice.Name)}:                           bare(slice, "", map[string]string{discoveryv1.LabelServiceName: "coffee-private", backend.RevisionLabel: "coffee", backend.ServiceTypeLabel: backend.ServiceTypePrivate}, nil),
		&metav1.PartialObjectMetadata{TypeMeta: metadata.TypeMeta, ObjectMeta: inDefault("p1")}: bare(metadata, "", nil, map[string]string{annotationENI: "eni-1"}),
		&v1alpha1.Ingress{ObjectMeta: inDefault("coffee")}:                                      bare(ing, "uid", nil, knative("coffee", "coffee=100").Annotations),
	} {
		if err := reader.Get(t.Context(), client.ObjectKeyFromObject(want), got); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got, cmpopts.IgnoreTypes(metav1.TypeMeta{})); diff != "" {
			t.Errorf("%T %s: %s", want, want.GetName(), diff)
		}
	}
	if err := reader.Get(t.Context(), client.ObjectKeyFromObject(private), &corev1.Service{}); !apierrors.IsNotFound(err) {
		t.Errorf("a private Service is in the cache: %v", err)
	}
}

// TestSharerForgetsTheOldest, so that it does not grow.
func TestSharerForgetsTheOldest(t *testing.T) {
	var s sharer[[]int]
	first := s.one([]int{0})
	if again := s.one([]int{0}); &again[0] != &first[0] {
		t.Error("equal lists are two")
	}
	for i := range sharedMost {
		s.one([]int{i + 1})
	}
	if again := s.one([]int{0}); &again[0] == &first[0] || len(s.known) != sharedMost {
		t.Errorf("the oldest of %d is still known", len(s.known))
	}
}

// ebb starts before Knative is installed, and before the API server answers.
func TestCacheIsMadeWithoutKnative(t *testing.T) {
	scheme := testScheme(t)
	config := &rest.Config{Host: "http://127.0.0.1:1"}
	mapper, err := apiutil.NewDynamicRESTMapper(config, http.DefaultClient)
	if err != nil {
		t.Fatal(err)
	}
	options := CacheOptions()
	options.Scheme, options.Mapper = scheme, mapper
	made, err := NewCache(config, options)
	if err != nil {
		t.Fatal(err)
	}
	for object := range options.ByObject {
		if _, err := made.GetInformer(t.Context(), object, cache.BlockUntilSynced(false)); err != nil {
			t.Error(err)
		}
	}
}
