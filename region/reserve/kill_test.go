package reserve_test

import (
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/ebb-node/ebb/region/internal/testregion"
)

// TestKills ends ebb, the activator, and the autoscaler in each state of a cycle.
func TestKills(t *testing.T) {
	for victim, kill := range map[string]func(*testing.T){
		"ebb":        killEbb,
		"activator":  func(t *testing.T) { killKnative(t, "activator") },
		"autoscaler": func(t *testing.T) { killKnative(t, "autoscaler") },
	} {
		t.Run(victim, func(t *testing.T) { survives(t, victim, kill) })
	}
}

// survives takes a revision through a cycle with a kill in each of its states, and
// requests all through.
func survives(t *testing.T, victim string, kill func(*testing.T)) {
	s := serve(t, "shot-"+victim, shortWindow)
	s.in(t, time.Minute, "Arming")
	kill(t)
	s.idle(t, time.Minute)
	kill(t)
	probes := s.steadily(t, "/?sleep=20", probesPerSecond)
	s.back(t, 2*time.Minute)
	testregion.Lossless(t, "killed in Reserved", probes.Stop())

	for _, state := range []string{"Activating", "Handover"} {
		s.idle(t, 2*time.Minute)
		probes := s.steadily(t, "/?sleep=20", probesPerSecond)
		s.in(t, time.Minute, state)
		kill(t)
		s.back(t, 2*time.Minute)
		testregion.Lossless(t, "killed in "+state, probes.Stop())
	}
	s.idle(t, 2*time.Minute)
	s.single(t)
	s.neverEmpty(t)
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
	if err := s.alone(); err != nil {
		t.Error(err)
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
