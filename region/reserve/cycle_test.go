package reserve_test

import (
	"fmt"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/ebb-node/ebb/region/internal/load"
	"github.com/ebb-node/ebb/region/internal/testregion"
)

// probesPerSecond are sent while a cycle has traffic.
const probesPerSecond = 30

// cycle takes a revision whose reserve stands alone through a load and back: the
// first request, the hand-over, traffic, and none. Probes go on all through the
// load.
func (s *tide) cycle(t *testing.T, idleWithin time.Duration) load.Report {
	t.Helper()
	probes := s.steadily(t, "/?sleep=20", probesPerSecond)
	s.back(t, 2*time.Minute)
	linger(t, 2*time.Second)
	report := probes.Stop()
	s.idle(t, idleWithin)
	return report
}

// TestCyclesLoseNothing are two cycles with a short window, the second of them
// with a burst while the reserve starts, so that it is not needed after all.
func TestCyclesLoseNothing(t *testing.T) {
	t.Parallel()
	s := serve(t, "ebbing", shortWindow)
	s.idle(t, time.Minute)
	testregion.Lossless(t, "first cycle", s.cycle(t, time.Minute))
	for _, state := range []string{"Arming", "Reserved"} {
		probes := s.steadily(t, "/?sleep=20", probesPerSecond)
		s.back(t, 2*time.Minute)
		testregion.Lossless(t, "load before "+state, probes.Stop())
		s.in(t, time.Minute, state)
	}
	testregion.Lossless(t, "last cycle", s.cycle(t, time.Minute))
	s.neverEmpty(t)
}

// TestDefaultsLoseNothing is a cycle with nothing but Knative's defaults: a window
// of 60 s, and 30 s of grace.
func TestDefaultsLoseNothing(t *testing.T) {
	t.Parallel()
	s := serve(t, "plain", nil)
	s.idle(t, 4*time.Minute)
	testregion.Lossless(t, "cycle with Knative's defaults", s.cycle(t, 4*time.Minute))
	s.neverEmpty(t)
	t.Logf("ready endpoints were never none in %d changes", len(seen.since(s.revision+"-private/endpoints", time.Time{})))
}

// soakVariable is set by make soak.
const soakVariable = "EBB_SOAK"

// TestSoak runs as many cycles as it says, on some Services at once.
func TestSoak(t *testing.T) {
	cycles, _ := strconv.Atoi(os.Getenv(soakVariable))
	if cycles == 0 {
		t.Skip(soakVariable + " says how many cycles; see make soak")
	}
	const services = 5
	var mu sync.Mutex
	var done, requests, failed int
	began := time.Now()
	t.Run("cycles", func(t *testing.T) {
		for i := range services {
			t.Run(fmt.Sprint(i), func(t *testing.T) {
				t.Parallel()
				s := serve(t, fmt.Sprintf("soak-%d", i), shortWindow)
				s.idle(t, 2*time.Minute)
				for range (cycles + services - 1 - i) / services {
					report := s.cycle(t, 2*time.Minute)
					mu.Lock()
					done, requests, failed = done+1, requests+report.Requests, failed+report.Failed
					fmt.Printf("%s cycle %d of %d, %s: %s\n", time.Since(began).Round(time.Second), done, cycles, s.Name, &report)
					mu.Unlock()
				}
				s.neverEmpty(t)
			})
		}
	})
	fmt.Printf("%d cycles in %s: %d requests, %d lost\n", done, time.Since(began).Round(time.Second), requests, failed)
	if failed > 0 || done != cycles {
		t.Errorf("%d of %d requests were lost, in %d cycles of %d", failed, requests, done, cycles)
	}
}
