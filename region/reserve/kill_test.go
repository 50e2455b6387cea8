package reserve_test

import (
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/ebb-node/ebb/region/internal/load"
	"github.com/ebb-node/ebb/region/internal/testregion"
)

// kills are when who was killed.
var kills = map[string]time.Time{}

// TestKills ends ebb, the activator, and the autoscaler in each state of a cycle.
func TestKills(t *testing.T) {
	t.Run("ebb", func(t *testing.T) { survives(t, "ebb", killEbb) })
	for _, app := range []string{"activator", "autoscaler"} {
		t.Run(app, func(t *testing.T) { survives(t, app, func(t *testing.T) { killKnative(t, app) }) })
	}
}

// held is how long the requests take that keep a reserve in Handover.
const held = 20 * time.Second

// converged is how soon all is as it should be after a kill. An autoscaler that was
// killed has not given back its lease, which ends after 60 s (knative.dev/pkg
// leaderelection), then waits for its windows.
const converged = 4 * time.Minute

// survives brings five revisions to a state each, kills once, and goes on with all.
// A sixth, which nobody asks anything, has to sleep through it (TestTenMinutesIdle).
func survives(t *testing.T, victim string, kill func(*testing.T)) {
	reserved := serve(t, "shot-reserved-"+victim, shortWindow)
	activating := serve(t, "shot-activating-"+victim, shortWindow)
	handover := serve(t, "shot-handover-"+victim, shortWindow)
	for _, s := range []*tide{reserved, activating, handover} {
		s.calm(t, time.Minute)
	}
	quiet.idle(t, time.Minute)
	active := serve(t, "shot-active-"+victim, shortWindow)
	probes := map[*tide]*load.Run{active: active.steadily(t, "/?sleep=20", probesPerSecond)}
	active.in(t, time.Minute, "Active")
	arming := serve(t, "shot-arming-"+victim, shortWindow)
	long := load.Start(t.Context(), region.HTTP(), handover.at(t, fmt.Sprintf("/?sleep=%d", held.Milliseconds())), load.Shape{InFlight: 3, Requests: 3})
	handover.in(t, time.Minute, "Handover")
	arming.in(t, time.Minute, "Arming")
	probes[handover] = handover.steadily(t, "/?sleep=20", probesPerSecond)
	probes[activating] = activating.steadily(t, "/?sleep=20", probesPerSecond)
	activating.in(t, time.Minute, "Activating")

	for s, want := range map[*tide]string{
		active: "Active", arming: "Arming", reserved: "Reserved", activating: "Activating", handover: "Handover",
	} {
		if state := s.state(); state != want {
			t.Errorf("at the kill %s is %s, want %s", s.revision, state, want)
		}
	}
	kills[victim] = time.Now()
	kill(t)
	probes[reserved] = reserved.steadily(t, "/?sleep=20", probesPerSecond)
	began := time.Now()
	scaled := reserved.scaledBy(t, began, converged)
	t.Logf("a request to a reserve while the %s was away: standard pods wanted after %v", victim, scaled)
	if scaled > scaledWithin {
		t.Errorf("standard pods were wanted after %v, want at most %v", scaled, scaledWithin)
	}
	for s, run := range probes {
		s.back(t, converged)
		testregion.Lossless(t, s.revision, run.Stop())
	}
	testregion.Lossless(t, "long requests", long.Wait())
	for _, s := range []*tide{active, arming, reserved, activating, handover} {
		s.calm(t, converged)
		s.first(t, "/again")
		s.single(t)
		s.neverEmpty(t)
	}
	t.Logf("all had gone on after %v", time.Since(began).Round(time.Second))
}

// single is that there was never more than one reserve.
func (s *tide) single(t *testing.T) {
	t.Helper()
	for _, m := range seen.since(reserveOf+s.revision, time.Time{}) {
		if n := len(strings.Fields(m.value)); n > 1 {
			t.Errorf("%s had %d reserve pods at %s: %s", s.revision, n, m.at.Format("15:04:05.000"), m.value)
		}
	}
	if names := region.Kubectl(t, "get", "deployments", "-l", labelReserve+"="+s.revision, "-o", "name"); len(strings.Fields(names)) != 1 {
		t.Errorf("%s has the reserve Deployments %q", s.revision, names)
	}
}

func killEbb(t *testing.T) {
	t.Helper()
	if err := region.Signal(t.Context(), "ebb", syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
}

func killKnative(t *testing.T, app string) {
	t.Helper()
	said := region.Kubectl(t, "delete", "pod", "-n", "knative-serving", "-l", "app="+app, "--force", "--grace-period=0")
	if !strings.Contains(said, "deleted") {
		t.Fatal(fmt.Errorf("no %s was killed: %q", app, said))
	}
}
