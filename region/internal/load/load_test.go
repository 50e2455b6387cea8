package load

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"
)

func TestReportTellsFailuresAndShares(t *testing.T) {
	var asked atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch n := asked.Add(1); {
		case r.Host != "coffee.example.com":
			w.WriteHeader(http.StatusMisdirectedRequest)
		case n == 10:
			w.WriteHeader(http.StatusServiceUnavailable)
		case n%4 == 0:
			_, _ = w.Write([]byte("tea\n"))
		default:
			_, _ = w.Write([]byte("coffee\n"))
		}
	}))
	defer server.Close()
	report := For(t.Context(), 400*time.Millisecond, server.Client(), Target{URL: server.URL, Host: "coffee.example.com"}, Shape{PerSecond: 200})
	if report.Requests < 40 || report.Failed != 1 || len(report.Reasons) != 1 {
		t.Errorf("got %s", &report)
	}
	if share := report.Share("tea"); share < 20 || share > 30 {
		t.Errorf("tea is %.1f %% of %v", share, report.Answers)
	}
	if report.Quantile(0.99) <= 0 {
		t.Error("no latency")
	}
}

func TestInFlightIsKeptUp(t *testing.T) {
	var now, most atomic.Int64
	full := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		defer now.Add(-1)
		if n := now.Add(1); n > most.Load() {
			most.Store(n)
			if n == 7 {
				close(full)
			}
		}
		<-full
	}))
	defer server.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	run := Start(ctx, server.Client(), Target{URL: server.URL}, Shape{InFlight: 7})
	<-full
	report := run.Stop()
	if most.Load() != 7 || report.Failed != 0 {
		t.Errorf("%d in flight, want 7; %s", most.Load(), &report)
	}
}

func TestPodsForALoad(t *testing.T) {
	for requests, want := range map[int]int{0: 0, 9989: 4, 27000: 12} { // 90 in flight without a wait are 27,000 in 30 s
		r := Report{Requests: requests}
		if got := r.Pods(30*time.Second, 100*time.Millisecond, 10); got != want {
			t.Errorf("%d pods for %d requests, want %d", got, requests, want)
		}
	}
}
