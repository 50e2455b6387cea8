package balancer

import (
	"errors"
	"io"
	"net"
	"net/http"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// patient is a backend whose probes get the present status. Each probe is
// told on the channel before it is answered, so that after the second one the
// verdict on the first is in.
type patient struct {
	Member
	status atomic.Int32
	probes chan *http.Request
}

func newPatient(t *testing.T, name string) *patient {
	p := &patient{probes: make(chan *http.Request)}
	p.status.Store(http.StatusOK)
	over := make(chan struct{})
	p.Member = backend(t, name, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/health" {
			_, _ = w.Write([]byte(name))
			return
		}
		select {
		case p.probes <- r:
		case <-over:
		}
		w.WriteHeader(int(p.status.Load()))
	})
	t.Cleanup(func() { close(over) })
	return p
}

// probed lets n probes through and waits for the verdict on them.
func (p *patient) probed(n int) {
	for range n {
		<-p.probes
	}
}

// checked is a listener that checks at /health.
func checked(group string) Listener {
	l := web(group)
	l.HealthCheck = HealthCheck{Enabled: true, URI: "/health", Interval: time.Millisecond, Timeout: time.Minute, HealthyThreshold: 2, UnhealthyThreshold: 2}
	return l
}

// becomes waits, probe by probe, until the member has a status.
func (p *patient) becomes(t *testing.T, r *rig, want Status) {
	t.Helper()
	for range 10 {
		for _, h := range r.Health(balancerID) {
			if h.Member.ServerID == p.ServerID && h.Status == want {
				return
			}
		}
		p.probed(1)
	}
	t.Fatalf("%s is not %s after ten probes: %+v", p.ServerID, want, r.Health(balancerID))
}

func TestOnlyHealthyMembersGetRequests(t *testing.T) {
	r := newRig(t, Config{})
	a, b := newPatient(t, "a"), newPatient(t, "b")
	b.status.Store(http.StatusInternalServerError)
	groups := []Group{group("g", a.Member, b.Member)}
	r.apply(groups, checked("g"))
	client := r.client(80)
	if code, _ := r.get(client, "http://a.example.com/"); code != http.StatusBadGateway {
		t.Errorf("before the first probe the answer is %d, want 502", code)
	}

	a.becomes(t, r, StatusNormal)
	b.becomes(t, r, StatusAbnormal)
	if diff := cmp.Diff(map[string]int{"a": 10}, tally(r, client, 10)); diff != "" {
		t.Errorf("b is unhealthy (-want +got):\n%s", diff)
	}

	b.status.Store(http.StatusNoContent)
	a.status.Store(http.StatusNotFound)
	b.becomes(t, r, StatusNormal)
	a.becomes(t, r, StatusAbnormal)
	r.apply(groups, checked("g")) // forgets nothing
	if diff := cmp.Diff(map[string]int{"b": 10}, tally(r, client, 10)); diff != "" {
		t.Errorf("a is unhealthy (-want +got):\n%s", diff)
	}

	b.status.Store(http.StatusFound)
	b.becomes(t, r, StatusAbnormal)
	if code, _ := r.get(client, "http://a.example.com/"); code != http.StatusBadGateway {
		t.Errorf("with all unhealthy the answer is %d, want 502", code)
	}
}

func TestAProbeIsWhatTheCheckSays(t *testing.T) {
	for _, c := range []struct {
		check              HealthCheck
		method, host, path string
	}{
		{HealthCheck{}, "HEAD", "127.0.0.1", "/health"},
		{HealthCheck{Domain: "$_ip"}, "HEAD", "127.0.0.1", "/health"},
		{HealthCheck{Domain: "check.example.com", Method: "get"}, "GET", "check.example.com", "/health"},
	} {
		r := newRig(t, Config{})
		p := newPatient(t, "p")
		l := checked("g")
		c.check.Enabled, c.check.URI, c.check.Port = true, "/health", p.Port
		l.HealthCheck = c.check
		r.apply([]Group{group("g", refusing(t, "elsewhere"))}, l)
		request := <-p.probes
		if request.Method != c.method || request.Host != c.host || request.UserAgent() != "" {
			t.Errorf("probe = %s %s, user agent %q; want %s %s", request.Method, request.Host, request.UserAgent(), c.method, c.host)
		}
	}
}

func TestHTTPCodesDecideWhatIsHealthy(t *testing.T) {
	check := HealthCheck{HTTPCodes: "http_2xx,http_4xx"}
	for status, want := range map[int]bool{200: true, 299: true, 301: false, 404: true, 500: false} {
		if got := check.accepts(status); got != want {
			t.Errorf("accepts(%d) = %v", status, got)
		}
	}
}

func TestATimeoutShorterThanTheIntervalIsTheInterval(t *testing.T) {
	if got := (HealthCheck{Interval: 10 * time.Second, Timeout: time.Second}).withDefaults(HTTP).Timeout; got != 10*time.Second {
		t.Errorf("timeout = %v", got)
	}
}

func TestHealthWithoutChecksIsUnavailable(t *testing.T) {
	r := newRig(t, Config{})
	a, b := named(t, "a"), named(t, "b")
	l := web("g")
	l.Rules = []Rule{{Name: "r", Domain: "x", Group: "h"}}
	r.apply([]Group{group("g", a, b), group("h", b), group("unused", a)}, l)
	want := []MemberHealth{
		{80, HTTP, "g", a, StatusUnavailable}, {80, HTTP, "g", b, StatusUnavailable}, {80, HTTP, "h", b, StatusUnavailable},
	}
	if diff := cmp.Diff(want, r.Health(balancerID), cmp.Comparer(func(a, b Member) bool { return a == b })); diff != "" {
		t.Errorf("health (-want +got):\n%s", diff)
	}
	if got := r.Health("lb-other"); got != nil {
		t.Errorf("health of an unknown load balancer = %v", got)
	}
}

func TestAWeightOfZeroIsShownAsNormal(t *testing.T) {
	r := newRig(t, Config{})
	p := newPatient(t, "p")
	p.status.Store(http.StatusInternalServerError)
	r.apply([]Group{group("g", p.weighing(0))}, checked("g"))
	p.probed(4) // checking goes on
	if h := r.Health(balancerID); len(h) != 1 || h[0].Status != StatusNormal {
		t.Errorf("health = %+v", h)
	}
}

func TestATCPListenerChecksByConnecting(t *testing.T) {
	l := stream("g")
	l.HealthCheck = HealthCheck{Enabled: true}
	if got := probeOnce(t, l, greeting(t, "a")); got != StatusNormal {
		t.Errorf("a member that accepts is %s", got)
	}
	if got := probeOnce(t, l, refusing(t, "b")); got != StatusAbnormal {
		t.Errorf("a member that refuses is %s", got)
	}
}

func TestDrainingEndsConnectionsOfAnUnhealthyMember(t *testing.T) {
	r := newRig(t, Config{})
	p := newPatient(t, "p")
	m := greeting(t, "a")
	l := stream("g")
	l.TCPTimers.Drain = time.Millisecond
	l.HealthCheck = checked("g").HealthCheck
	l.HealthCheck.Type, l.HealthCheck.Port = CheckHTTP, p.Port
	r.apply([]Group{group("g", m)}, l)
	p.ServerID = m.ServerID
	p.becomes(t, r, StatusNormal)
	conn, _ := dialGreeted(t, r)
	p.probed(2)
	say(t, conn, "well")
	p.status.Store(http.StatusInternalServerError)
	p.becomes(t, r, StatusAbnormal)
	if _, err := io.Copy(io.Discard, conn); !errors.Is(err, syscall.ECONNRESET) { // returns once it ends
		t.Errorf("the connection ended with %v", err)
	}
}

// probeOnce is the verdict after one probe.
func probeOnce(t *testing.T, l Listener, m Member) Status {
	t.Helper()
	check := l.HealthCheck.withDefaults(l.Protocol)
	err := newProber(net.Dialer{}).probe(t.Context(), check, m)
	return verdict{status: StatusUnavailable}.after(err == nil, check).status
}
