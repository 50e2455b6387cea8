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
	t.Logf("cold start / reserve: %.0f in the middle, %.0f at p99", ratio(middle(without), middle(reserve)), ratio(p99(without), p99(reserve)))
	t.Logf("first request -> standard pods wanted: %s", spread(scaling))
	if warm.Failed > 0 {
		t.Errorf("warm: %d requests failed", warm.Failed)
	}
	if took, most := p99(reserve), warm.Quantile(0.99)+slowerThanWarm; took > most {
		t.Errorf("p99 of the first request is %v, want at most %v", took, most)
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

// p99 is what one in a hundred exceeds, and one if there are fewer: of so few no
// more can be said, since a warm request is slow as often.
func p99(took []time.Duration) time.Duration {
	sorted := slices.Sorted(slices.Values(took))
	return sorted[len(sorted)-1-(len(sorted)+99)/100]
}

func ratio(a, b time.Duration) float64 { return float64(a) / float64(b) }
