package reserve_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ebb-node/ebb/region/internal/load"
	"github.com/ebb-node/ebb/region/internal/testregion"
)

// TestHandover is that long requests end on the reserve where they began, and all
// that come after it was detached go to standard pods.
func TestHandover(t *testing.T) {
	t.Parallel()
	s := serve(t, "patient", shortWindow)
	s.calm(t, time.Minute)
	reserve := s.pods()[0]
	long := load.Start(t.Context(), region.HTTP(), s.at(t, "/long?sleep=12000"), load.Shape{InFlight: 5, Requests: 5})
	s.in(t, time.Minute, "Handover")
	s.await(t, time.Minute, "detached", func() error {
		if pods := s.pods(); len(pods) > 0 {
			return fmt.Errorf("still attached: %v", pods)
		}
		return nil
	})
	linger(t, followed)
	const later = 200
	report := load.Start(t.Context(), region.HTTP(), s.at(t, "/later"), load.Shape{PerSecond: 100, Requests: later}).Wait()
	testregion.Lossless(t, "after the hand-over", report)
	if state := s.state(); state != "Handover" {
		t.Errorf("the reserve has long requests, and the state is %s", state)
	}
	said := logs(t, reserve)
	if strings.Contains(said, "GET /later") {
		t.Errorf("the reserve answered %d requests of %d after it was detached", strings.Count(said, "GET /later"), later)
	}
	testregion.Lossless(t, "long requests", long.Wait())
	if n := strings.Count(logs(t, reserve), "GET /long"); n == 0 {
		t.Error("no long request was the reserve's")
	} else {
		t.Logf("%d of 5 long requests ended on the reserve", n)
	}
	s.back(t, time.Minute)
	s.neverEmpty(t)
}

// TestTwoReplicas is that two reserve pods stand ready without waking the revision.
func TestTwoReplicas(t *testing.T) {
	t.Parallel()
	s := serve(t, "pair", with(shortWindow, "knative.aliyun.com/reserve-instance-replicas", "2"))
	both := func() error {
		if err := s.alone(); err != nil {
			return err
		}
		if pods := strings.Fields(seen.now(podsOf + s.uid)); len(pods) != 2 {
			return fmt.Errorf("ready are %v, want two", pods)
		}
		return nil
	}
	s.await(t, time.Minute, "two ready reserve pods", both)
	from := time.Now()
	linger(t, time.Minute)
	if changes := seen.since(s.standard()+"/replicas", from); len(changes) > 0 {
		t.Errorf("the standard Deployment's replicas changed: %v", changes)
	}
	if err := both(); err != nil {
		t.Error(err)
	}
}

// TestDeletion is that nothing is left of a Service with a reserve.
func TestDeletion(t *testing.T) {
	t.Parallel()
	s := serve(t, "leaving", shortWindow)
	s.idle(t, time.Minute)
	region.Kubectl(t, "delete", "ksvc", s.Name)
	s.await(t, 2*time.Minute, "gone", func() error {
		left, err := region.TryKubectl("get", "deployments,replicasets,pods", "-l", labelReserve+"="+s.revision, "-o", "name")
		if err == nil && strings.TrimSpace(left) != "" {
			err = fmt.Errorf("left are %s", left)
		}
		return err
	})
}

// TestCrowd is the story of a crowd that comes and goes.
func TestCrowd(t *testing.T) {
	t.Parallel()
	s := serve(t, "crowd", shortWindow)
	s.idle(t, time.Minute)
	from := time.Now()
	const lasts, sleep = 30 * time.Second, 100 * time.Millisecond
	report := load.For(t.Context(), lasts, region.HTTP(), s.at(t, "/?sleep=100"), load.Shape{InFlight: 90})
	testregion.Lossless(t, "90 in flight for 30 s", report)
	s.idle(t, 3*time.Minute)
	most := mostReady(s, from)
	want := max(2, report.Pods(lasts, sleep, 10))
	t.Logf("at most %d standard pods", most)
	if most < want {
		t.Errorf("at most %d standard pods were ready, want %d", most, want)
	}
	s.neverEmpty(t)
}
