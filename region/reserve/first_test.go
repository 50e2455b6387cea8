package reserve_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ebb-node/ebb/region/internal/load"
)

const (
	// Each of the Services is asked for the first time after idle this often.
	firstServices, firstRounds = 2, 8
	// slowerThanWarm is what the first request may take beyond a warm one.
	slowerThanWarm = 20 * time.Millisecond
	// scaledWithin is how soon standard pods are to be wanted.
	scaledWithin = 2 * time.Second
)

// TestFirstRequest compares the first request after idle with a reserve, the same
// without, and what a warm pod takes at the same time.
func TestFirstRequest(t *testing.T) {
	warm := serve(t, "warm", with(shortWindow, "autoscaling.knative.dev/min-scale", "1"))
	var kept, cold []*tide
	for i := range firstServices {
		kept = append(kept, serve(t, fmt.Sprintf("kept-%d", i), shortWindow))
		cold = append(cold, serve(t, fmt.Sprintf("cold-%d", i), with(shortWindow, "knative.aliyun.com/reserve-instance", "disable")))
	}
	counted, summed := firstRequests(t)
	probes := warm.steadily(t, "/", probesPerSecond)
	var reserve, scaling, without []time.Duration
	for round := range rounds() {
		for _, s := range kept {
			s.calm(t, time.Minute)
			took, scaled := s.first(t, fmt.Sprintf("/first-%d", round))
			reserve, scaling = append(reserve, took), append(scaling, scaled)
		}
		for _, s := range cold {
			s.await(t, time.Minute, "at zero", s.atZero)
			_, took := s.ask(t, "/")
			without = append(without, took)
		}
	}
	report := probes.Stop()
	judge(t, report, reserve, scaling, without)
	nowCounted, nowSummed := firstRequests(t)
	told(t, nowCounted-counted, nowSummed-summed, reserve)
	for _, s := range kept {
		s.neverEmpty(t)
	}
}

// rounds is how often each Service is asked; in a soak as often as makes a p99.
func rounds() int {
	if os.Getenv(soakVariable) != "" {
		return 100 / firstServices
	}
	return firstRounds
}

func judge(t *testing.T, warm load.Report, reserve, scaling, without []time.Duration) {
	t.Helper()
	t.Logf("warm: %s", &warm)
	t.Logf("first request on the reserve: %s", spread(reserve))
	t.Logf("cold start without it:        %s", spread(without))
	t.Logf("cold start / reserve: %.0f in the middle, %.0f from the fastest to the slowest", ratio(middle(without), middle(reserve)), ratio(slices.Min(without), slices.Max(reserve)))
	t.Logf("first request -> standard pods wanted: %s", spread(scaling))
	if warm.Failed > 0 {
		t.Errorf("warm: %d requests failed", warm.Failed)
	}
	took, what := nearlySlowest(reserve)
	most := warm.Quantile(0.99) + slowerThanWarm
	t.Logf("judged: the %s of %d first requests is %v; at most %v, warm requests' p99 and %v", what, len(reserve), took, most, slowerThanWarm)
	if took > most {
		t.Errorf("the %s of the first requests is %v, want at most %v", what, took, most)
	}
	if slowest, fastest := slices.Max(reserve), slices.Min(without); slowest >= fastest/2 {
		t.Errorf("the slowest of the first requests took %v, want less than half of the fastest cold start, %v", slowest, fastest)
	}
	if most := slices.Max(scaling); most > scaledWithin {
		t.Errorf("standard pods were wanted after %v, want at most %v", most, scaledWithin)
	}
}

// first asks a reserve that stands alone, sees that it answered, waits for the
// hand-over, and sees that standard pods get all the rest.
func (s *tide) first(t *testing.T, path string) (took, scaled time.Duration) {
	t.Helper()
	pods := s.pods()
	at, took := s.ask(t, path)
	scaled = s.scaled(t, at)
	if len(pods) != 1 || !strings.Contains(logs(t, pods[0]), "GET "+path+" from") {
		t.Errorf("%s%s was not answered by the reserve, which is %v", s.Name, path, pods)
	}
	s.over(t, time.Minute, at)
	return took, scaled
}

// atZero is an error unless there is no pod and none is wanted.
func (s *tide) atZero() error {
	if wanted, ready := seen.now(s.standard()+"/replicas"), seen.now(s.revision+"-private/endpoints"); wanted != "0" || ready != "" {
		return fmt.Errorf("%s pods wanted, ready are %q", wanted, ready)
	}
	return nil
}

func spread(took []time.Duration) string {
	return fmt.Sprintf("%d times, middle %v, slowest %v: %v", len(took), middle(took).Round(100*time.Microsecond),
		slices.Max(took).Round(100*time.Microsecond), rounded(took))
}

func rounded(took []time.Duration) (out []time.Duration) {
	for _, d := range took {
		out = append(out, d.Round(100*time.Microsecond))
	}
	return out
}

func middle(took []time.Duration) time.Duration {
	sorted := slices.Sorted(slices.Values(took))
	return sorted[len(sorted)/2]
}

// nearlySlowest is the p99, what one in a hundred exceeds, and its name; of fewer
// than a hundred the second slowest: a warm request is as slow once in a while.
func nearlySlowest(took []time.Duration) (time.Duration, string) {
	sorted := slices.Sorted(slices.Values(took))
	if len(sorted) < 100 {
		return sorted[len(sorted)-2], "second slowest"
	}
	return sorted[len(sorted)-1-len(sorted)/100], "p99"
}

// told compares what ebb's metric tells of the first requests with what their clients
// saw.
func told(t *testing.T, count, seconds float64, took []time.Duration) {
	t.Helper()
	mean := time.Duration(seconds / count * float64(time.Second))
	t.Logf("first requests by ebb's metric: %.0f, %v on average", count, mean)
	if n := float64(len(took)); count < 0.75*n || count > n {
		t.Errorf("ebb's metric counted %.0f hand-overs after a first request, want %d", count, len(took))
	}
	if slowest := slices.Max(took); !(mean > 0 && mean <= slowest) {
		t.Errorf("by ebb's metric they took %v, by their clients at most %v", mean, slowest)
	}
}

// firstRequests is what ebb's metric tells of first requests so far: of how many
// hand-overs, and their seconds added up.
func firstRequests(t *testing.T) (count, seconds float64) {
	t.Helper()
	const name = "ebb_reserve_first_request_seconds"
	return metric(t, name+"_count"), metric(t, name+"_sum")
}

func ratio(a, b time.Duration) float64 { return float64(a) / float64(b) }
