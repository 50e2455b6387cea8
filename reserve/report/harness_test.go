package report

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/sirupsen/logrus"
	"go.uber.org/zap"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/utils/clock"
	asmetrics "knative.dev/serving/pkg/autoscaler/metrics"
	"knative.dev/serving/pkg/autoscaler/statserver"
)

var coffee = types.NamespacedName{Namespace: "default", Name: "coffee-00001"}

// patience bounds waits for what comes by itself.
const patience = 20 * time.Second

// autoscaler is Knative's own server on a socket.
type autoscaler struct {
	*statserver.Server
	address string
	got     chan asmetrics.StatMessage
	done    chan struct{}
}

func newAutoscaler(t *testing.T, address string) *autoscaler {
	t.Helper()
	a := &autoscaler{address: address, got: make(chan asmetrics.StatMessage, 100), done: make(chan struct{})}
	a.Server = statserver.New(address, a.got, zap.NewNop().Sugar(), nil)
	go func() {
		defer close(a.done)
		if err := a.ListenAndServe(); err != nil {
			t.Error(err)
		}
	}()
	t.Cleanup(func() { a.stop() })
	return a
}

func (a *autoscaler) stop() {
	select {
	case <-a.done:
	default:
		a.Shutdown(time.Second)
		<-a.done
	}
}

// free is an address of this machine on which nobody listens.
func free(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// queueProxy answers with the statistics that a test gives it, each made a second
// after the one before as far as its uptime says.
type queueProxy struct {
	*httptest.Server
	mu     sync.Mutex
	stat   asmetrics.Stat
	reads  int
	closed bool // to whoever asks
}

func newQueueProxy(t *testing.T) *queueProxy {
	t.Helper()
	q := &queueProxy{stat: asmetrics.Stat{PodName: "reserve"}}
	q.Server = httptest.NewServer(q)
	t.Cleanup(q.Close)
	return q
}

// refuse lets nobody in, as a network policy does.
func (q *queueProxy) refuse(all bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = all
}

// make makes the next statistic.
func (q *queueProxy) make(change func(*asmetrics.Stat)) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.stat.ProcessUptime++
	change(&q.stat)
}

func (q *queueProxy) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.reads++
	if q.closed {
		http.Error(w, "no", http.StatusForbidden)
		return
	}
	if request.Header.Get("Accept") != "application/protobuf" {
		http.Error(w, "text", http.StatusNotAcceptable)
		return
	}
	text, err := q.stat.Marshal()
	if err != nil {
		panic(err)
	}
	w.Header().Set("Content-Type", "application/protobuf")
	_, _ = w.Write(text)
}

// rig is a Reporter under test that runs.
type rig struct {
	*testing.T
	*Reporter
	changed chan types.NamespacedName
}

// newRig runs a Reporter that reaches pods by the URL as their address.
func newRig(t *testing.T, addresses ...string) *rig {
	t.Helper()
	log := logrus.New()
	log.SetOutput(io.Discard)
	r := &rig{T: t, changed: make(chan types.NamespacedName, 100)}
	r.Reporter = New(Config{
		Addresses: func(context.Context) ([]string, error) { return addresses, nil },
		Changed:   func(key types.NamespacedName) { r.changed <- key },
		Clock:     clock.RealClock{}, Log: log,
	})
	r.url = func(ip string) string { return ip }
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if err := r.Start(ctx); err != nil {
			t.Error(err)
		}
	}()
	t.Cleanup(func() { cancel(); <-ended })
	return r
}

// connected waits until the autoscaler is reached.
func (r *rig) connected() {
	r.Helper()
	eventually(r.T, "a connection", func() bool { return r.Unreported() == 0 })
}

// next is the next message at an autoscaler.
func next(t *testing.T, a *autoscaler) asmetrics.StatMessage {
	t.Helper()
	select {
	case m := <-a.got:
		return m
	case <-time.After(patience):
		t.Fatal("the autoscaler got no message")
		return asmetrics.StatMessage{}
	}
}

// eventually waits for what other goroutines bring about.
func eventually(t *testing.T, what string, true func() bool) {
	t.Helper()
	deadline := time.After(patience)
	for !true() {
		select {
		case <-deadline:
			t.Fatalf("%s never came", what)
		case <-time.After(5 * time.Millisecond):
		}
	}
}
