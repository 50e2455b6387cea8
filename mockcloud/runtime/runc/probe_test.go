package runc

import (
	"context"
	"testing"
	"time"

	"github.com/ebb-node/ebb/mockcloud/runtime"
)

func TestVerdict(t *testing.T) {
	tests := []struct {
		name               string
		success, failure   int
		good               bool // to begin with
		outcomes, expected string
	}{
		{"ready at once, not ready after three failures", 1, 3, false, "-+--++---+", "-+++++++-+"},
		{"two successes in a row", 2, 1, false, "+-++-", "---+-"},
		{"alive until three failures in a row", 1, 3, true, "+--+---", "++++++-"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			v := verdict{good: test.good, probe: runtime.Probe{SuccessThreshold: test.success, FailureThreshold: test.failure}}
			for i, outcome := range test.outcomes {
				before := v.good
				changed := v.observe(outcome == '+')
				if want := test.expected[i] == '+'; v.good != want || changed != (before != want) {
					t.Fatalf("after %q: good %v, changed %v", test.outcomes[:i+1], v.good, changed)
				}
			}
		})
	}
}

func TestProbeInterval(t *testing.T) {
	http := probeDefaults(runtime.Probe{Handler: runtime.Handler{HTTP: &runtime.HTTPGet{}}})
	command := probeDefaults(runtime.Probe{Handler: runtime.Handler{Exec: []string{"x"}}, Period: 100 * time.Millisecond})
	tests := []struct {
		name string
		v    verdict
		want time.Duration
	}{
		{"never ready", verdict{probe: http}, eager},
		{"once ready", verdict{probe: http, everGood: true}, 10 * time.Second},
		{"command with a short period", verdict{probe: command}, 100 * time.Millisecond},
	}
	for _, test := range tests {
		if got := test.v.interval(); got != test.want {
			t.Errorf("%s: %s, want %s", test.name, got, test.want)
		}
	}
}

func TestProbeRequest(t *testing.T) {
	request, err := probeRequest(context.Background(), runtime.HTTPGet{
		Path: "health?deep=1", Port: 8012, Scheme: "HTTPS",
		Headers: map[string]string{"host": "coffee.example", "K-Network-Probe": "queue", "User-Agent": "mine"},
	}, "10.199.0.9")
	if err != nil {
		t.Fatal(err)
	}
	if got := request.URL.String(); got != "https://10.199.0.9:8012/health?deep=1" {
		t.Error("URL", got)
	}
	if request.Host != "coffee.example" || request.Header.Get("K-Network-Probe") != "queue" || request.UserAgent() != "mine" {
		t.Errorf("host %q, headers %v", request.Host, request.Header)
	}
}
