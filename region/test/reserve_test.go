package test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ebb-node/ebb/region/internal/load"
)

// TestReserveComesAndGoes takes a revision through all that its reserve does:
// package region/reserve looks at each part closely.
func TestReserveComesAndGoes(t *testing.T) {
	pool := ksvc{Name: "pool", Target: "pool", Revision: "pool-first"}
	pool.apply(t)
	target := at(t, pool.host(), "/")
	for range 2 {
		asleep(t, "pool-first")
		lossless(t, "the first customer", load.Start(t.Context(), region.HTTP(), target, load.Shape{InFlight: 1, Requests: 1}).Wait())
		customers := load.Start(t.Context(), region.HTTP(), target, load.Shape{PerSecond: 20})
		eventually(t, time.Minute, func(context.Context) error { return scale("pool-first-deployment", "1", "1") })
		eventually(t, time.Minute, func(context.Context) error { return scale("pool-first-deployment-reserve", "0", "") })
		lossless(t, "hand-over", customers.Stop())
	}
	asleep(t, "pool-first")
	second := pool
	second.Revision, second.Template = "pool-second", map[string]string{"knative.aliyun.com/reserve-instance": "disable"}
	second.apply(t)
	eventually(t, time.Minute, func(context.Context) error {
		left, err := region.tryKubectl("get", "deployment", "pool-first-deployment-reserve", "--ignore-not-found", "-o", "name")
		if err == nil && left != "" {
			err = fmt.Errorf("the reserve of a revision without traffic is still there: %s", left)
		}
		return err
	})
}

// asleep waits until a revision has nothing but a ready reserve.
func asleep(t *testing.T, revision string) {
	t.Helper()
	eventually(t, 2*time.Minute, func(context.Context) error {
		if err := scale(revision+"-deployment-reserve", "1", "1"); err != nil {
			return err
		}
		return scale(revision+"-deployment", "0", "")
	})
}

// scale is an error unless a Deployment wants some pods and has some ready.
func scale(deployment, wants, ready string) error {
	shown, err := region.tryKubectl("get", "deployment", deployment, "-o", "jsonpath={.spec.replicas}/{.status.readyReplicas}")
	if err == nil && strings.TrimSpace(shown) != wants+"/"+ready {
		err = fmt.Errorf("deployment %s has %s, want %s/%s", deployment, shown, wants, ready)
	}
	return err
}
