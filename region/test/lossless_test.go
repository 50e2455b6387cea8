package test

import (
	"context"
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/ebb-node/ebb/alicloud"
	"github.com/ebb-node/ebb/region/internal/load"
	"github.com/ebb-node/ebb/region/internal/testregion"
)

// steadily is the rate of the customers that must not lose a request.
const steadily = 200

// crowdTarget is how many requests at once Knative gives a pod of the steady
// service: 70 % of it, by the default of target-utilization-percentage. Ninety
// at once need seven pods.
const crowdTarget = "20"

// TestNoRequestIsLost keeps customers asking while everything about a service
// changes: many that want little, and some that have to wait, so that there
// is always somebody at a backend that leaves. The load balancers are slow,
// refuse writes while they are busy, and cut what a backend has when it is
// removed.
func TestNoRequestIsLost(t *testing.T) {
	first := steady("first")
	first.apply(t)
	second, third := steady("second"), steady("third")
	target := at(t, first.host(), "/")
	answering(t, target, "Hello first!")
	cloud := cloudClient(t)
	balancer := gatewayID(t, cloud)
	refused := busy(t)

	during := func(what string, act func()) {
		t.Helper()
		slow := target
		slow.URL += "?sleep=3000"
		customers := load.Start(t.Context(), region.HTTP(), target, load.Shape{PerSecond: steadily})
		patient := load.Start(t.Context(), region.HTTP(), slow, load.Shape{InFlight: 5})
		act()
		linger(t, 10*time.Second)
		lossless(t, what, customers.Stop())
		lossless(t, what+", with patient customers", patient.Stop())
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
		guests := load.Start(t.Context(), region.HTTP(), crowd, load.Shape{InFlight: 90})
		eventually(t, time.Minute, func(context.Context) error { return serving(t, cloud, balancer, first.host(), 5) })
		linger(t, 10*time.Second) // in which each of them gets its share
		lossless(t, "the crowd itself", guests.Stop())
		eventually(t, 2*time.Minute, func(context.Context) error { return podsOf("steady", 2) })
	})
	during("ebb is killed over each change", func() {
		quiet(t)
		second.shareOverAKill(t, map[string]int{"steady-first": 60, "steady-second": 40})
		quiet(t)
		second.shareOverAKill(t, map[string]int{"steady-first": 20, "steady-second": 80})
		quiet(t)
		third.apply(t) // as the percents are pinned, nobody asks it yet
		third.shareOverAKill(t, map[string]int{"steady-third": 100})
		answering(t, target, "Hello third!")
	})
	if n := busy(t) - refused; n == 0 {
		t.Error("no write met a busy load balancer; this proves less than it should")
	} else {
		t.Logf("%d writes met a busy load balancer", n)
	}
}

// steady is a revision of the service that must not lose a request.
func steady(name string) ksvc {
	return ksvc{Name: "steady", Target: name, Revision: "steady-" + name, Template: map[string]string{
		"autoscaling.knative.dev/min-scale": "1", "autoscaling.knative.dev/target": crowdTarget,
	}}
}

// shareOverAKill changes the percents, and kills ebb once it has begun to
// carry that out. The load balancers are quiet before.
func (s ksvc) shareOverAKill(t *testing.T, percents map[string]int) {
	t.Helper()
	before := slbAttempts(t)
	s.begin(t, percents)
	eventually(t, time.Minute, func(context.Context) error {
		if slbAttempts(t) == before {
			return fmt.Errorf("nothing was written to a load balancer")
		}
		return nil
	})
	if err := region.Signal(t.Context(), "ebb", syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	s.share(t, percents)
	linger(t, 5*time.Second)
}

// begin asks for other percents of the revisions, and waits for nothing.
func (s ksvc) begin(t *testing.T, percents map[string]int) {
	t.Helper()
	region.BeginShare(t, testregion.Service(s), percents)
}

// serving is an error unless at least some backends of a host get requests, by
// the load balancer's own account.
func serving(t *testing.T, cloud *alicloud.Client, balancer, host string, least int) error {
	t.Helper()
	found := rules(t, cloud, balancer, host)
	if len(found) != 1 {
		return fmt.Errorf("%d rules for %s, want 1", len(found), host)
	}
	n := 0
	for _, member := range groupMembers(t, cloud, found[0].VServerGroup) {
		if member["Weight"] != 0 {
			n++
		}
	}
	if n < least {
		return fmt.Errorf("%d backends of %s get requests, want at least %d", n, host, least)
	}
	return nil
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
