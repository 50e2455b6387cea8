package relay

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/rest"
	"knative.dev/networking/pkg/apis/networking/v1alpha1"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/config"
	"sigs.k8s.io/controller-runtime/pkg/log"
	"sigs.k8s.io/controller-runtime/pkg/manager"
	"sigs.k8s.io/controller-runtime/pkg/metrics/server"

	"github.com/ebb-node/ebb/gateway/backend"
)

// apiServer lists and watches objects, which is all that the relay needs.
type apiServer struct {
	mu       sync.Mutex
	version  int
	lists    map[string][]client.Object // by resource
	watchers map[string][]chan string
}

// kinds by the resource in a URL.
var kinds = map[string]schema.GroupVersionKind{
	"ingresses":      v1alpha1.SchemeGroupVersion.WithKind("Ingress"),
	"services":       corev1.SchemeGroupVersion.WithKind("Service"),
	"endpointslices": discoveryv1.SchemeGroupVersion.WithKind("EndpointSlice"),
}

func newAPIServer() *apiServer {
	return &apiServer{version: 1, lists: map[string][]client.Object{}, watchers: map[string][]chan string{}}
}

func (s *apiServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	resource := r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:]
	query := r.URL.Query()
	w.Header().Set("Content-Type", "application/json")
	switch {
	case query.Get("sendInitialEvents") != "": // an old server, which lists instead
		w.WriteHeader(http.StatusUnprocessableEntity)
		json.NewEncoder(w).Encode(metav1.Status{Status: "Failure", Reason: metav1.StatusReasonInvalid, Code: 422})
	case query.Get("watch") != "":
		s.watch(w, r, resource)
	default:
		s.list(w, resource)
	}
}

func (s *apiServer) list(w http.ResponseWriter, resource string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	kind := kinds[resource]
	json.NewEncoder(w).Encode(map[string]any{
		"apiVersion": kind.GroupVersion().String(), "kind": kind.Kind + "List",
		"metadata": map[string]string{"resourceVersion": fmt.Sprint(s.version)}, "items": s.lists[resource],
	})
}

func (s *apiServer) watch(w http.ResponseWriter, r *http.Request, resource string) {
	events := make(chan string, 10)
	s.mu.Lock()
	for _, o := range s.lists[resource] { // what came after the list
		if number(o.GetResourceVersion()) > number(r.URL.Query().Get("resourceVersion")) {
			events <- added(o)
		}
	}
	s.watchers[resource] = append(s.watchers[resource], events)
	s.mu.Unlock()
	for {
		http.NewResponseController(w).Flush()
		select {
		case <-r.Context().Done():
			return
		case event := <-events:
			fmt.Fprint(w, event)
		}
	}
}

// add an object and tell who watches.
func (s *apiServer) add(resource string, o client.Object) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.version++
	o.SetResourceVersion(fmt.Sprint(s.version))
	o.GetObjectKind().SetGroupVersionKind(kinds[resource])
	s.lists[resource] = append(s.lists[resource], o)
	for _, events := range s.watchers[resource] {
		events <- added(o)
	}
}

func added(o client.Object) string {
	event, _ := json.Marshal(map[string]any{"type": "ADDED", "object": o})
	return string(event)
}

func number(s string) (n int32) {
	fmt.Sscan(s, &n)
	return n
}

func managerFor(t *testing.T, host string) manager.Manager {
	t.Helper()
	scheme := runtime.NewScheme()
	mapper := meta.NewDefaultRESTMapper(nil)
	for _, add := range []func(*runtime.Scheme) error{corev1.AddToScheme, discoveryv1.AddToScheme, v1alpha1.AddToScheme} {
		if err := add(scheme); err != nil {
			t.Fatal(err)
		}
	}
	for _, kind := range kinds {
		mapper.Add(kind, meta.RESTScopeNamespace)
	}
	mgr, err := manager.New(&rest.Config{Host: host, ContentConfig: rest.ContentConfig{ContentType: "application/json"}}, manager.Options{
		Scheme: scheme, Metrics: server.Options{BindAddress: "0"}, LeaderElection: false,
		MapperProvider: func(*rest.Config, *http.Client) (meta.RESTMapper, error) { return mapper, nil },
		Logger:         log.Log,
		Controller:     config.Controller{SkipNameValidation: new(true)}, // the test may run again
	})
	if err != nil {
		t.Fatal(err)
	}
	return mgr
}

// TestManager runs the relay as the program does: a request finds its way by
// what the API server says, at the start and later.
func TestManager(t *testing.T) {
	pod := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "served") }))
	defer pod.Close()
	api := newAPIServer()
	api.add("ingresses", object("a", "a.com", "a", 1))
	api.add("services", &corev1.Service{
		ObjectMeta: metav1.ObjectMeta{Namespace: "default", Name: "a"},
		Spec:       corev1.ServiceSpec{Ports: []corev1.ServicePort{{Name: "http", Port: 80}}},
	})
	apiHTTP := httptest.NewServer(api)
	defer apiHTTP.Close()
	defer apiHTTP.CloseClientConnections()

	mgr := managerFor(t, apiHTTP.URL)
	ctx, stop := context.WithCancel(context.Background())
	cache, err := backend.NewCache(ctx, mgr.GetCache(), mgr.GetClient())
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, address: map[Entry]string{}}
	if w.Relay, err = Add(mgr, Config{Finder: cache, Metrics: newRegistry(), Log: newLog(t), listen: w.listen}); err != nil {
		t.Fatal(err)
	}
	opened, done := make(chan struct{}), make(chan error, 1)
	w.onOpen = func() { close(opened) }
	go func() { done <- mgr.Start(ctx) }()
	select {
	case <-opened:
	case err := <-done:
		t.Fatal(err)
	}

	client := w.client(internetPlain)
	if status, _ := fetch(t, client, get("http://unknown.com/")); status != http.StatusNotFound {
		t.Errorf("an unknown host: %d", status)
	}
	// The request waits for the slice, or comes after it.
	answered := make(chan string)
	go func() {
		status, body := fetch(t, client, get("http://a.com/"))
		answered <- fmt.Sprint(status, " ", body)
	}()
	api.add("endpointslices", sliceOf(t, "a", pod.Listener.Addr().String()))
	if got := <-answered; got != "200 served" {
		t.Errorf("got %s", got)
	}
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func sliceOf(t *testing.T, service, hostPort string) *discoveryv1.EndpointSlice {
	host, port, err := net.SplitHostPort(hostPort)
	if err != nil {
		t.Fatal(err)
	}
	return &discoveryv1.EndpointSlice{
		ObjectMeta: metav1.ObjectMeta{
			Namespace: "default", Name: service + "-x", Labels: map[string]string{discoveryv1.LabelServiceName: service},
		},
		AddressType: discoveryv1.AddressTypeIPv4,
		Endpoints:   []discoveryv1.Endpoint{{Addresses: []string{host}}},
		Ports:       []discoveryv1.EndpointPort{{Name: new("http"), Port: new(number(port))}},
	}
}
