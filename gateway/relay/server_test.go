package relay

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	clocktesting "k8s.io/utils/clock/testing"
)

// signalling is a clock that tells when somebody begins to wait.
type signalling struct {
	*clocktesting.FakeClock
	waits chan time.Duration
}

func newSignalling() *signalling {
	return &signalling{clocktesting.NewFakeClock(now), make(chan time.Duration, 10)}
}

func (c *signalling) After(d time.Duration) <-chan time.Time {
	after := c.FakeClock.After(d)
	c.waits <- d
	return after
}

// passes lets a wait be over, once it has begun.
func (c *signalling) passes(t *testing.T, want time.Duration) {
	t.Helper()
	if got := <-c.waits; got != want {
		t.Errorf("waits for %v, want %v", got, want)
	}
	c.Step(want)
}

const leave, drain = 5 * time.Second, time.Minute

func leaving(c *signalling) func(*Config) {
	return func(config *Config) { config.Clock, config.Leave, config.Drain = c, leave, drain }
}

// TestLeaving: requests are taken while the load balancer is still sending
// them, those in flight are finished, and WebSocket connections too.
func TestLeaving(t *testing.T) {
	c := newSignalling()
	w := newWorld(t, leaving(c))
	arrived, proceed := make(chan struct{}), make(chan struct{})
	w.backend("slow", func(w http.ResponseWriter, _ *http.Request) {
		close(arrived)
		<-proceed
		fmt.Fprint(w, "finished")
	})
	w.backend("socket", echo)
	w.backend("quick", func(http.ResponseWriter, *http.Request) {})
	w.serve(on("a.com", to("/slow", "slow"), to("/quick", "quick")), on("ws.com", to("/", "socket")))
	if err := w.Ready(nil); err != nil {
		t.Error(err)
	}
	socket := w.dialWebSocket(internetPlain, "ws.com")
	slow := make(chan string)
	client := w.client(internetPlain)
	go func() {
		status, body := fetch(t, client, get("http://a.com/slow"))
		slow <- fmt.Sprint(status, " ", body)
	}()
	<-arrived

	w.stop()
	if got := <-c.waits; got != leave {
		t.Errorf("waits for %v", got)
	}
	if w.Ready(nil) == nil {
		t.Error("ready while leaving")
	}
	res, err := client.Get("http://a.com/quick")
	if err != nil {
		t.Fatal(err)
	}
	if res.Body.Close(); !res.Close {
		t.Error("the connection goes on while leaving")
	}
	ping(t, socket, "still there")
	late := w.dialWebSocket(internetPlain, "ws.com")
	ping(t, late, "new")
	c.Step(leave)
	if got := <-c.waits; got != drain {
		t.Errorf("drains for %v", got)
	}
	ping(t, socket, "draining")
	close(proceed)
	if got := <-slow; got != "200 finished" {
		t.Errorf("a request in flight: %s", got)
	}
	socket.Close()
	late.Close()
	if err := <-w.stopped; err != nil {
		t.Error(err)
	}
	w.stopped <- nil
	if conn, err := net.Dial("tcp", w.address[internetPlain]); err == nil {
		conn.Close()
		t.Error("still listening")
	}
}

// TestDrainIsBounded: what goes on for ever is broken off.
func TestDrainIsBounded(t *testing.T) {
	c := newSignalling()
	w := newWorld(t, leaving(c))
	w.backend("socket", echo)
	w.backend("endless", func(w http.ResponseWriter, r *http.Request) {
		http.NewResponseController(w).Flush()
		<-r.Context().Done()
	})
	w.serve(on("a.com", to("/", "endless")), on("ws.com", to("/", "socket")))
	socket := w.dialWebSocket(internetPlain, "ws.com")
	ping(t, socket, "there")
	res, err := w.client(internetPlain).Get("http://a.com/")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	w.stop()
	c.passes(t, leave)
	c.passes(t, drain)
	if _, err := io.ReadAll(res.Body); err == nil {
		t.Error("an answer that was broken off looks whole")
	}
	if _, _, err := socket.ReadMessage(); err == nil {
		t.Error("the WebSocket connection goes on")
	}
}

func TestPortInUse(t *testing.T) {
	r, err := newRelay(Config{
		Finder: newServices(), Metrics: newRegistry(), Log: newLog(t),
		listen: func(e Entry) (net.Listener, error) {
			if e.Front == Terminated {
				return nil, errors.New("in use")
			}
			return net.Listen("tcp", "127.0.0.1:0")
		},
	}, readerOf(t))
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Start(context.Background()); err == nil || !strings.Contains(err.Error(), "internet-terminated") {
		t.Errorf("error %v", err)
	}
	if r.Ready(nil) == nil {
		t.Error("ready without all entries")
	}
}

func TestNoTLSWithoutCertificates(t *testing.T) {
	w := newWorld(t, func(c *Config) { c.Certificate = nil })
	for _, e := range Entries() {
		if _, open := w.address[e]; open != (e.Front != TLS) {
			t.Errorf("%s is open: %v", e, open)
		}
	}
}

func TestPorts(t *testing.T) {
	want := "internet-plain 9000, internet-terminated 9001, internet-tls 9002, intranet-plain 9003, intranet-terminated 9004, intranet-tls 9005, " +
		"internet-plain-podless 9006, internet-terminated-podless 9007, intranet-plain-podless 9008, intranet-terminated-podless 9009"
	var got []string
	for _, e := range Entries() {
		got = append(got, fmt.Sprint(e, " ", e.Port(9000)))
	}
	if s := strings.Join(got, ", "); s != want {
		t.Errorf("got %s", s)
	}
}

// TestMetrics counts answers, switched protocols and what was broken off.
func TestMetrics(t *testing.T) {
	w := newWorld(t, nil)
	arrived := make(chan struct{})
	w.backend("x", func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/early":
			w.WriteHeader(http.StatusEarlyHints)
			w.WriteHeader(http.StatusAccepted)
		case "/waits":
			close(arrived)
			<-r.Context().Done()
		case "/broken":
			fmt.Fprint(w, "half")
			http.NewResponseController(w).Flush()
			panic(http.ErrAbortHandler)
		}
	})
	w.backend("socket", echo)
	w.serve(on("a.com", to("/", "x")), on("ws.com", to("/", "socket")))
	client := w.client(internetPlain)
	for _, url := range []string{"http://a.com/", "http://a.com/early", "http://unknown.com/"} {
		fetch(t, client, get(url))
	}
	res, err := client.Get("http://a.com/broken")
	if err != nil {
		t.Fatal(err)
	}
	_, err = io.ReadAll(res.Body)
	if res.Body.Close(); err == nil {
		t.Error("nothing was broken off")
	}
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		<-arrived
		cancel()
	}()
	waits, _ := http.NewRequestWithContext(ctx, http.MethodGet, "http://a.com/waits", nil)
	if _, err := client.Do(waits); err == nil {
		t.Error("an answer to an aborted request")
	}
	socket := w.dialWebSocket(internetPlain, "ws.com")
	ping(t, socket, "there")
	socket.Close()
	w.finish() // all handlers have ended
	for code, want := range map[string]float64{"1xx": 1, "2xx": 2, "4xx": 1, "aborted": 2} {
		if got := w.metric("ebb_relay_requests_total", code); got != want {
			t.Errorf("%s: %v, want %v", code, got, want)
		}
	}
}

func TestInFlight(t *testing.T) {
	w := &world{t: t, registry: newRegistry()}
	m, err := newMetrics(w.registry)
	if err != nil {
		t.Fatal(err)
	}
	m.observe(internetPlain, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		if got := w.metric("ebb_relay_requests_in_flight", ""); got != 1 {
			t.Errorf("%v in flight", got)
		}
	})).ServeHTTP(httptest.NewRecorder(), get("http://a.com/"))
	if got := w.metric("ebb_relay_requests_in_flight", ""); got != 0 {
		t.Errorf("%v in flight after the end", got)
	}
}

// metric of the entry internet-plain.
func (w *world) metric(name, code string) float64 {
	w.t.Helper()
	families, err := w.registry.Gather()
	if err != nil {
		w.t.Fatal(err)
	}
	for _, family := range families {
		for _, m := range family.GetMetric() {
			labels := map[string]string{}
			for _, l := range m.GetLabel() {
				labels[l.GetName()] = l.GetValue()
			}
			if family.GetName() == name && labels["entry"] == internetPlain.String() && labels["code"] == code {
				return m.GetCounter().GetValue() + m.GetGauge().GetValue()
			}
		}
	}
	return 0
}
