package report

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	asmetrics "knative.dev/serving/pkg/autoscaler/metrics"
)

func TestRhythm(t *testing.T) {
	var r rhythm
	for i, s := range []struct {
		uptime float64
		fresh  bool
		wait   time.Duration
	}{
		{1.5, true, 500 * time.Millisecond},  // a first one: nobody knows how old it is
		{1.5, false, 40 * time.Millisecond},  // too early
		{1.5, false, 40 * time.Millisecond},  // still
		{1.5, false, 40 * time.Millisecond},  // still
		{1.5, false, 40 * time.Millisecond},  // still
		{1.5, false, 40 * time.Millisecond},  // still
		{2.5, true, 969 * time.Millisecond},  // found
		{2.5, false, 40 * time.Millisecond},  // too early
		{0.1, true, 969 * time.Millisecond},  // queue-proxy was restarted
		{1.1, true, 938 * time.Millisecond},  // how late?
		{2.1, true, 875 * time.Millisecond},  // how late?
		{2.1, false, 40 * time.Millisecond},  // no more
		{3.12, true, 875 * time.Millisecond}, // found
	} {
		if fresh, wait := r.next(s.uptime); fresh != s.fresh || wait.Truncate(time.Millisecond) != s.wait && wait.Round(time.Millisecond) != s.wait {
			t.Errorf("answer %d: fresh %t, wait %v; want %t, %v", i, fresh, wait, s.fresh, s.wait)
		}
	}
}

// TestRhythmIsKept reads a pod for a quarter of an hour while every answer is late.
func TestRhythmIsKept(t *testing.T) {
	for _, late := range []time.Duration{0, 10 * time.Millisecond, 70 * time.Millisecond, 300 * time.Millisecond} {
		var r rhythm
		now, last, asked := 1500*time.Millisecond, 0, 0
		for ; now < 15*time.Minute; asked++ {
			made := int(now / time.Second)
			if made > last+1 {
				t.Errorf("answers that are %v late: statistic %d was read after %d", late, made, last)
				break
			}
			last = made
			_, wait := r.next(float64(made))
			now += wait + late
		}
		if asked > 3*15*60 {
			t.Errorf("answers that are %v late: asked %d times for 900 statistics", late, asked)
		}
	}
}

var start = time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)

func TestIdle(t *testing.T) {
	at := func(seconds float64) time.Time { return start.Add(time.Duration(seconds * float64(time.Second))) }
	var v View
	for i, s := range []struct {
		load float64
		idle bool // since the start
	}{
		{1, false}, {0, false}, {0, false}, {0, true}, {0, true}, {0.001, false}, {0, false}, {0, false}, {0, true},
	} {
		v.add(asmetrics.Stat{AverageConcurrentRequests: s.load}, at(float64(i)+1.5))
		if got := v.IdleSince(start); got != s.idle {
			t.Errorf("after statistic %d: idle %t, want %t", i, got, s.idle)
		}
	}
	if v.IdleSince(at(8)) {
		t.Error("idle since after the first of the statistics began")
	}
	for _, seconds := range []float64{10.5, 11.5} {
		v.add(asmetrics.Stat{}, at(seconds))
	}
	if !v.IdleSince(at(8)) {
		t.Error("a pod that was idle already when it was detached is never found idle")
	}
	if !v.BusySince.Equal(at(1.5)) {
		t.Errorf("busy since %v, want the first request", v.BusySince)
	}
	v.add(asmetrics.Stat{RequestCount: 1}, at(100))
	if !v.BusySince.Equal(at(100)) {
		t.Errorf("busy since %v, want the first request after a calm", v.BusySince)
	}
	v.Asked[askedReads-1] = at(6.5)
	if !v.Busy(at(60)) || v.Busy(at(67)) || (View{}).Busy(start) {
		t.Error("busy for a minute after a request, and not before one")
	}
}

// TestFirstRequests derives what requests took from statistics as queue-proxy makes
// them: arrivals, and the average of requests in flight.
func TestFirstRequests(t *testing.T) {
	type stat struct{ requests, concurrency float64 }
	for _, c := range []struct {
		name  string
		stats []stat
		want  Load
	}{
		{"none", []stat{{}, {}, {}}, Load{}},
		{"one of 5 ms", []stat{{}, {1, 0.005}, {}, {}}, Load{1, 0.005}},
		{"one over the end of a statistic", []stat{{1, 0.003}, {0, 0.004}, {}}, Load{1, 0.007}},
		{"later ones are not among the first", []stat{{1, 0.004}, {}, {9, 0.9}, {9, 0.9}}, Load{1, 0.004}},
		{"a crowd", []stat{{40, 0.2}, {60, 0.3}, {60, 30}}, Load{100, 0.5}},
		{"a long one, as far as it goes", []stat{{1, 0.5}, {0, 1}, {0, 1}}, Load{1, 1.5}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var v View
			for i, s := range c.stats {
				v.add(asmetrics.Stat{RequestCount: s.requests, AverageConcurrentRequests: s.concurrency}, start.Add(time.Duration(i)*time.Second))
			}
			if diff := cmp.Diff(c.want, v.First, cmpopts.EquateApprox(0, 1e-9)); diff != "" {
				t.Errorf("wrong load (-want +got):\n%s", diff)
			}
			v.add(asmetrics.Stat{RequestCount: 1, AverageConcurrentRequests: 0.002}, start.Add(time.Hour))
			if diff := cmp.Diff(Load{1, 0.002}, v.First, cmpopts.EquateApprox(0, 1e-9)); diff != "" {
				t.Errorf("after a calm (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTheLastStatisticsWithARequest(t *testing.T) {
	var v View
	var want []time.Time
	for second := range askedReads + 2 {
		at := start.Add(time.Duration(2*second) * time.Second)
		v.add(asmetrics.Stat{RequestCount: 1}, at)
		v.add(asmetrics.Stat{}, at.Add(time.Second))
		want = append(want, at)
	}
	if diff := cmp.Diff(want[2:], v.Asked[:]); diff != "" {
		t.Errorf("wrong times (-want +got):\n%s", diff)
	}
}

func TestOnlyARequestsEndIsTraffic(t *testing.T) {
	var v View
	v.add(asmetrics.Stat{RequestCount: 1}, time.Now()) // too short to have been in flight
	if !v.Busy(time.Now()) {
		t.Error("a short request left no trace")
	}
}

func TestWhatIsNoStatistic(t *testing.T) {
	for name, c := range map[string]struct {
		handler http.HandlerFunc
		want    string
	}{
		"a status": {func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", http.StatusServiceUnavailable) }, "status 503"},
		"text":     {func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("# HELP")) }, "text/plain"},
		"rubbish": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/protobuf")
			_, _ = w.Write([]byte{0xff})
		}, "no statistic"},
	} {
		s := httptest.NewServer(c.handler)
		_, err := read(t.Context(), newClient(), s.URL)
		s.Close()
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q in it", name, err, c.want)
		}
	}
}

func TestStatURL(t *testing.T) {
	for ip, want := range map[string]string{"10.244.0.7": "http://10.244.0.7:9090/metrics", "fd00::7": "http://[fd00::7]:9090/metrics"} {
		if got := statURL(ip); got != want {
			t.Errorf("URL %s, want %s", got, want)
		}
	}
}

// BenchmarkRead is the cost of one answer, of which a reserve pod needs one to two
// a second.
func BenchmarkRead(b *testing.B) {
	text, err := (&asmetrics.Stat{PodName: "coffee-00001-deployment-reserve-7d9f8b7c5-x2x4z", ProcessUptime: 12.5}).Marshal()
	if err != nil {
		b.Fatal(err)
	}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/protobuf")
		_, _ = w.Write(text)
	}))
	defer s.Close()
	client := newClient()
	for b.Loop() {
		if _, err := read(b.Context(), client, s.URL); err != nil {
			b.Fatal(err)
		}
	}
}
