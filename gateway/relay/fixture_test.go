package relay

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/sirupsen/logrus"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/utils/clock"
	"knative.dev/networking/pkg/apis/networking/v1alpha1"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"

	"github.com/ebb-node/ebb/gateway/backend"
	"github.com/ebb-node/ebb/gateway/ingress"
)

var internetPlain = Entry{Visibility: ingress.Internet, Front: Plain}

// services is a Finder over a map that tests change.
type services struct {
	mu     sync.Mutex
	public map[string][]backend.Address
	pods   map[string][]backend.Address
}

func newServices() *services {
	return &services{public: map[string][]backend.Address{}, pods: map[string][]backend.Address{}}
}

func (s *services) set(name string, public, pods []backend.Address) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.public[name], s.pods[name] = public, pods
}

func (s *services) Public(_ context.Context, service types.NamespacedName, _ intstr.IntOrString) ([]backend.Address, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.public[service.Name], nil
}

func (s *services) Pods(_ context.Context, service types.NamespacedName, _ intstr.IntOrString) ([]backend.Address, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.pods[service.Name], nil
}

// world is a running relay with its surroundings.
type world struct {
	*Relay
	t        testing.TB
	services *services
	registry *prometheus.Registry
	address  map[Entry]string
	objects  client.Client // what the caches hold
	stop     context.CancelFunc
	stopped  chan error
}

// newWorld starts a relay on loopback ports. Objects are what its caches hold.
func newWorld(t testing.TB, change func(*Config), objects ...client.Object) *world {
	t.Helper()
	w := &world{t: t, services: newServices(), registry: newRegistry(), address: map[Entry]string{}, stopped: make(chan error, 1)}
	config := Config{
		Finder: w.services, Metrics: w.registry, Log: newLog(t),
		Certificate: func(context.Context, types.NamespacedName) (*tls.Certificate, error) {
			return nil, http.ErrNotSupported
		},
		Drain:  time.Minute,
		listen: w.listen,
	}
	if change != nil {
		change(&config)
	}
	w.objects = readerOf(t, objects...)
	var err error
	if w.Relay, err = newRelay(config, w.objects); err != nil {
		t.Fatal(err)
	}
	opened := make(chan struct{})
	w.onOpen = func() { close(opened) }
	ctx, stop := context.WithCancel(context.Background())
	w.stop = stop
	go func() { w.stopped <- w.Start(ctx) }()
	select {
	case <-opened:
	case err := <-w.stopped:
		t.Fatal(err)
	}
	t.Cleanup(w.finish)
	return w
}

func newRegistry() *prometheus.Registry { return prometheus.NewRegistry() }

func newLog(t testing.TB) logrus.FieldLogger {
	log := logrus.New()
	log.SetOutput(t.Output())
	return log
}

func (w *world) listen(e Entry) (net.Listener, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err == nil {
		w.address[e] = l.Addr().String()
	}
	return l, err
}

// finish stops the relay, unless the test has.
func (w *world) finish() {
	w.stop()
	if err := <-w.stopped; err != nil {
		w.t.Error(err)
	}
	w.stopped <- nil
}

func readerOf(t testing.TB, objects ...client.Object) client.Client {
	scheme := runtime.NewScheme()
	if err := v1alpha1.AddToScheme(scheme); err != nil {
		t.Fatal(err)
	}
	return fake.NewClientBuilder().WithScheme(scheme).WithObjects(objects...).Build()
}

// serve sets hosts of one Ingress.
func (w *world) serve(hosts ...ingress.Host) { setHosts(w.table, hosts...) }

func setHosts(t *Table, hosts ...ingress.Host) {
	changed := map[ingress.Key][]ingress.Host{}
	for _, h := range hosts {
		changed[h.Key()] = append(changed[h.Key()], h)
	}
	t.Set(changed)
}

// backend serves a Service by a handler; it speaks HTTP/1.1 and cleartext
// HTTP/2.
func (w *world) backend(service string, handler http.HandlerFunc) backend.Address {
	w.t.Helper()
	server := httptest.NewUnstartedServer(handler)
	server.Config.Protocols = new(http.Protocols)
	server.Config.Protocols.SetHTTP1(true)
	server.Config.Protocols.SetUnencryptedHTTP2(true)
	server.Start()
	w.t.Cleanup(server.Close)
	a := addressOf(w.t, server.Listener.Addr().String())
	w.offer(service, a)
	return a
}

// offer lets a Service have addresses, none of them a pod's.
func (w *world) offer(service string, addresses ...backend.Address) {
	w.services.set(service, addresses, nil)
	w.table.Refresh(named(service))
}

func addressOf(t testing.TB, hostPort string) backend.Address {
	host, port, err := net.SplitHostPort(hostPort)
	if err != nil {
		t.Fatal(err)
	}
	number, err := strconv.Atoi(port)
	if err != nil {
		t.Fatal(err)
	}
	return backend.Address{IP: host, Port: number}
}

// refusing is an address where nobody listens.
func refusing(t testing.TB) backend.Address {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return addressOf(t, l.Addr().String())
}

func named(name string) types.NamespacedName {
	return types.NamespacedName{Namespace: "default", Name: name}
}

// on is a host on the internet.
func on(name string, paths ...ingress.Path) ingress.Host {
	return ingress.Host{Ingress: named("i"), Name: name, Visibility: ingress.Internet, Paths: paths, Hash: "hash-of-" + name}
}

// to is a path to one Service.
func to(prefix, service string) ingress.Path {
	return ingress.Path{Prefix: prefix, Splits: []ingress.Split{part(service, 100)}}
}

func part(service string, percent int) ingress.Split {
	return ingress.Split{Service: named(service), Port: intstr.FromInt32(80), Percent: percent}
}

// client talks to an entry whatever the URL's host is.
func (w *world) client(e Entry, change ...func(*http.Transport)) *http.Client {
	transport := &http.Transport{
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, w.address[e])
		},
		DisableCompression: true,
	}
	for _, c := range change {
		c(transport)
	}
	w.t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Timeout:       time.Minute, // a test that hangs is to say where
	}
}

func unencryptedHTTP2(t *http.Transport) {
	t.Protocols = new(http.Protocols)
	t.Protocols.SetUnencryptedHTTP2(true)
}

// impatient is a clock whose timers are over at once.
type impatient struct{ clock.Clock }

func (c impatient) NewTimer(time.Duration) clock.Timer { return clock.RealClock{}.NewTimer(0) }
