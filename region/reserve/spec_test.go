package reserve_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

const (
	useSpecs = "knative.aliyun.com/reserve-instance-eci-use-specs"
	boughtAs = "k8s.aliyun.com/eci-instance-spec"
)

// TestChosenSpec is the spec that the user asks for, as the pod shows it.
func TestChosenSpec(t *testing.T) {
	t.Parallel()
	s := serve(t, "chosen", with(shortWindow, useSpecs, "ecs.t5-c1m2.large"))
	s.idle(t, time.Minute)
	for key, want := range map[string]string{
		boughtAs: "ecs.t5-c1m2.large", "k8s.aliyun.com/eci-instance-cpu": "2.000", "k8s.aliyun.com/eci-instance-mem": "4.00",
	} {
		if got := annotation(t, "pod/"+s.pods()[0], key); got != want {
			t.Errorf("%s is %q, want %q", key, got, want)
		}
	}
	status := region.Kubectl(t, "get", "pod", s.pods()[0], "--no-headers")
	if !strings.Contains(status, "2/2") {
		t.Errorf("the reserve is %s", status)
	}
}

// TestNextSpec is that the next spec is bought when there is no stock of the first.
func TestNextSpec(t *testing.T) {
	t.Parallel()
	noStock(t, "ecs.t5-c1m4.large")
	s := serve(t, "second-best", with(shortWindow, useSpecs, "ecs.t5-c1m4.large,ecs.t5-lc1m4.large"))
	s.idle(t, time.Minute)
	if got := annotation(t, "pod/"+s.pods()[0], boughtAs); got != "ecs.t5-lc1m4.large" {
		t.Errorf("bought was %q, want the second choice", got)
	}
	s.neverEmpty(t)
}

// TestNoStock is an ordinary scale to zero and a cold start while there is no
// reserve to be had, and a reserve once there is.
func TestNoStock(t *testing.T) {
	t.Parallel()
	const spec = "ecs.t6-c1m4.large"
	noStock(t, spec)
	s := serve(t, "sold-out", with(shortWindow, useSpecs, spec))
	s.told(t, time.Minute, "ReserveUnavailable")
	s.await(t, time.Minute, "at zero", s.atZero)
	if ready := seen.now(s.revision + "/ready"); ready != "True" {
		t.Errorf("the revision's Ready is %q", ready)
	}
	_, took := s.ask(t, "/")
	t.Logf("a cold start without stock took %v", took)
	s.await(t, time.Minute, "at zero again", s.atZero)
	stock(t, spec, "available")
	began := time.Now()
	s.idle(t, 3*time.Minute)
	t.Logf("a reserve stood ready %v after stock was back", time.Since(began).Round(time.Second))
	if failed := region.Kubectl(t, "get", "pods", "-l", labelReserve+"="+s.revision, "--no-headers"); strings.Count(failed, "\n") != 1 {
		t.Errorf("reserve pods are\n%s", failed)
	}
}

// TestSpotReclaim is that a reserve that will be reclaimed is replaced before it
// goes.
func TestSpotReclaim(t *testing.T) {
	t.Parallel()
	s := serve(t, "spot", with(shortWindow, "ebb-node.github.io/reserve-spot-strategy", "SpotAsPriceGo"))
	s.idle(t, time.Minute)
	before := s.pods()[0]
	tell(t, "/spot-reclaim", `{"containerGroupId":"`+annotation(t, "pod/"+before, "k8s.aliyun.com/eci-instance-id")+`"}`)
	s.told(t, time.Minute, "ReservePodReplaced")
	s.await(t, time.Minute, "another pod", func() error {
		if pods := s.pods(); len(pods) != 1 || pods[0] == before {
			return fmt.Errorf("reserve pods are %v", pods)
		}
		return s.alone()
	})
	linger(t, followed)
	s.first(t, "/after-reclaim")
	s.idle(t, time.Minute)
	s.neverEmpty(t)
}
