package test

import (
	"context"
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/ebb-node/ebb/region/internal/load"
)

// steadily is the rate of the customers that must not lose a request.
const steadily = 200

// TestNoRequestIsLost keeps customers asking while everything about a service
// changes.
func TestNoRequestIsLost(t *testing.T) {
	first := ksvc{Name: "steady", Target: "first", Revision: "steady-first", Template: map[string]string{"autoscaling.knative.dev/min-scale": "1"}}
	first.apply(t)
	second := first
	second.Target, second.Revision = "second", "steady-second"
	target := at(t, first.host(), "/")
	answering(t, target, "Hello first!")

	during := func(what string, act func()) {
		t.Helper()
		customers := load.Start(t.Context(), region.HTTP(), target, load.Shape{PerSecond: steadily})
		act()
		linger(t, 10*time.Second)
		lossless(t, what, customers.Stop())
	}
	during("rollout of a revision", func() {
		second.apply(t)
		answering(t, target, "Hello second!")
	})
	during("change of a split", func() {
		for _, percent := range []int{10, 50, 90} {
			second.share(t, map[string]int{"steady-first": 100 - percent, "steady-second": percent})
		}
	})
	during("a crowd that comes and goes", func() {
		crowd := target
		crowd.URL += "?sleep=500"
		report := load.For(t.Context(), 15*time.Second, region.HTTP(), crowd, load.Shape{InFlight: 90})
		lossless(t, "the crowd itself", report)
		eventually(t, 2*time.Minute, func(context.Context) error { return podsOf("steady", 2) })
	})
	during("ebb is killed", func() {
		for range 3 {
			if err := region.Signal(t.Context(), "ebb", syscall.SIGKILL); err != nil {
				t.Fatal(err)
			}
			linger(t, 5*time.Second)
		}
	})
}

// podsOf is an error unless a Knative Service has at most some pods.
func podsOf(service string, most int) error {
	names, err := region.tryKubectl("get", "pods", "-l", "serving.knative.dev/service="+service, "-o", "name")
	if err != nil {
		return err
	}
	if n := len(strings.Fields(names)); n > most {
		return fmt.Errorf("%d pods, want at most %d:\n%s", n, most, names)
	}
	return nil
}

// linger lets customers ask for a while.
func linger(t *testing.T, d time.Duration) {
	t.Helper()
	select {
	case <-t.Context().Done():
	case <-time.After(d):
	}
}
