package credits_test

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime"
	clientgotesting "k8s.io/client-go/testing"

	"github.com/ebb-node/ebb/alicloud"
	"github.com/ebb-node/ebb/eci"
	"github.com/ebb-node/ebb/mockcloud/rpc"
	"github.com/ebb-node/ebb/provider/credits"
)

const small = "ecs.t5-lc1m2.small" // 1 vCPU, 20 %, 12 credits an hour, cap 288

func TestEveryLineIsToldOnceThoughTheNodeRestarts(t *testing.T) {
	w := newWorld(t)
	w.run("web", small, busy(1, 50*time.Minute), idle())
	n, told := w.start(), ""
	for at := time.Duration(0); at < 8*time.Hour; at += 15 * time.Second {
		n.pass(15 * time.Second)
		n.agrees("web", small, 288)
		if e := n.events(); e != "" {
			told += fmt.Sprintf("%s@%v ", e, at.Round(time.Minute))
			n = w.start() // a restart at the worst moment
		}
		if at%(37*time.Minute) == 0 {
			n = w.start()
		}
	}
	// 30 credits last 22.5 min until 12 are left; 37.5 min until none is; from
	// 50 min on they come back at 12 an hour, to 24 after two hours.
	if want := "CPUCreditsLow@22m0s CPUCreditsExhausted@37m0s CPUCreditsRecovered@2h50m0s "; !matches(told, want) {
		t.Errorf("told %q, want %q", told, want)
	}
}

// matches compares reasons, and times to within three minutes: a ledger is
// right to a hundredth of the cap.
func matches(told, want string) bool {
	a, b := strings.Fields(told), strings.Fields(want)
	for i := range b {
		if len(a) != len(b) {
			return false
		}
		reasonA, atA, _ := strings.Cut(a[i], "@")
		reasonB, atB, _ := strings.Cut(b[i], "@")
		x, _ := time.ParseDuration(atA)
		y, _ := time.ParseDuration(atB)
		if reasonA != reasonB || (x-y).Abs() > 3*time.Minute {
			return false
		}
	}
	return true
}

// agrees compares what the pod's metrics say with the cloud's own books.
func (n *node) agrees(pod, instanceType string, limit float64) {
	n.Helper()
	have, ok := n.metric("ebb_cpu_credit_balance", pod)
	if !ok {
		return // not sampled yet
	}
	for _, c := range n.cloud.Credits() {
		if c.ContainerGroupID != n.groups[pod].ID {
			continue
		}
		if math.Abs(have-c.Balance) > 0.01*limit {
			n.Fatalf("%v: the ledger has %.2f credits, the cloud %.2f", n.cloud.Now(), have, c.Balance)
		}
		if c.InstanceType != instanceType {
			n.Fatalf("type %s", c.InstanceType)
		}
	}
}

func TestThrottledIsKnownWithinTwoSamples(t *testing.T) {
	w := newWorld(t)
	w.run("web", small, busy(1, 24*time.Hour))
	n := w.start()
	var cloudAt, ledgerAt time.Time
	for range 4 * 60 {
		n.pass(15 * time.Second)
		if c := n.cloud.Credits(); len(c) == 1 && c[0].Throttled && cloudAt.IsZero() {
			cloudAt = n.cloud.Now()
		}
		if v, _ := n.metric("ebb_cpu_credit_throttled", "web"); v == 1 && ledgerAt.IsZero() {
			ledgerAt = n.cloud.Now()
		}
	}
	if cloudAt.IsZero() || ledgerAt.IsZero() || ledgerAt.Sub(cloudAt) > 2*credits.Interval(1) {
		t.Errorf("throttled by the cloud at %v, by the ledger at %v", cloudAt, ledgerAt)
	}
}

func TestWhatThePodCarriesAndTheMetricsSay(t *testing.T) {
	w := newWorld(t)
	w.run("web", small, busy(0.5, 24*time.Hour))
	w.run("plain", "ecs.c5.large", idle())
	n := w.start()
	n.pass(10 * time.Minute)
	n.pass(10 * time.Minute)
	pod := w.pod("web")
	// 30 - 10 + 4 credits; the last sample is at most 15 s old.
	if got := pod.Annotations[credits.AnnotationCredits]; !strings.HasPrefix(got, "balance=24.") || !strings.Contains(got, ",cap=288,level=enough,at=2") {
		t.Errorf("annotation %q", got)
	}
	if w.pod("plain").Annotations[credits.AnnotationCredits] != "" {
		t.Error("a pod without credits carries some")
	}
	for name, want := range map[string]float64{
		"ebb_cpu_credit_balance": 24, "ebb_cpu_credit_earned_total": 4, "ebb_cpu_credit_spent_total": 10, "ebb_cpu_credit_throttled": 0,
	} {
		if got, ok := n.metric(name, "web"); !ok || math.Abs(got-want) > 0.1 {
			t.Errorf("%s = %v %v, want %v", name, got, ok, want)
		}
		if _, ok := n.metric(name, "plain"); ok {
			t.Errorf("%s of a pod without credits", name)
		}
	}
	if got, ok := n.metric("ebb_instance_hourly_price", "plain"); !ok || got != 0.62 {
		t.Errorf("price %v %v", got, ok)
	}
	w.groups["web"] = nil
	n.pass(15 * time.Second)
	if _, ok := n.metric("ebb_cpu_credit_balance", "web"); ok {
		t.Error("a pod that is gone still has credits")
	}
}

func TestAReplacedGroupBeginsAnew(t *testing.T) {
	w := newWorld(t)
	w.run("web", small, busy(1, 24*time.Hour))
	n := w.start()
	for range 40 {
		n.pass(time.Minute)
	}
	if got := n.events(); got != "CPUCreditsLow CPUCreditsExhausted" {
		t.Fatalf("events %q", got)
	}
	again := &eci.CreateRequest{Name: "web", InstanceTypes: []string{small}, Containers: []eci.Container{idle()}}
	answer, err := w.client.Create(context.Background(), again)
	if err != nil {
		t.Fatal(err)
	}
	w.groups["web"] = &eci.Group{ID: answer.ContainerGroupID, Status: eci.StatusRunning, InstanceType: small, CreationTime: w.cloud.Now()}
	n = w.start()
	n.pass(time.Minute)
	if got, _ := n.metric("ebb_cpu_credit_balance", "web"); math.Abs(got-30.2) > 0.2 {
		t.Errorf("a new group begins with %v credits, want 30", got)
	}
	if got := n.events(); got != "" {
		t.Errorf("events %q", got)
	}
}

func TestAnEventWaitsUntilThePodCarriesIt(t *testing.T) {
	w := newWorld(t)
	w.run("web", small, busy(1, 24*time.Hour))
	n := w.start()
	refuse, refused := true, 0
	w.kube.PrependReactor("patch", "pods", func(clientgotesting.Action) (bool, runtime.Object, error) {
		if refuse {
			refused++
		}
		return refuse, nil, apierrors.NewServiceUnavailable("etcd is away")
	})
	n.pass(25 * time.Minute)
	if got := n.events(); got != "" || refused == 0 {
		t.Fatalf("events %q after %d refusals", got, refused)
	}
	refuse = false
	n.pass(15 * time.Second)
	n.pass(15 * time.Second)
	if got := n.events(); got != "CPUCreditsLow" {
		t.Errorf("events %q, want one", got)
	}
}

func TestFiveThousandPodsCostAHundredthOfTheQuota(t *testing.T) {
	const pods, quota = 5000, 500.0 // calls a minute
	w := newWorld(t)
	patches := 0
	w.kube.PrependReactor("*", "pods", func(a clientgotesting.Action) (bool, runtime.Object, error) {
		switch a := a.(type) { // the fake API server takes a millisecond for each
		case clientgotesting.CreateAction:
			return true, a.GetObject(), nil
		case clientgotesting.PatchAction:
			patches++
			return true, w.pods[a.GetName()], nil
		case clientgotesting.GetAction:
			return true, w.pods[a.GetName()], nil
		}
		return false, nil, nil
	})
	for i := range pods {
		w.run(fmt.Sprintf("p%04d", i), small, idle())
	}
	w.cloud.Advance(time.Minute)
	w.cloud.ResetCalls()
	n := w.start()
	var at []time.Time
	for w.clock.Since(start(w)) < credits.Interval(pods) {
		at = append(at, w.clock.Now())
		n.Step(context.Background())
		w.clock.Step(credits.Interval(pods) / (pods / 20))
	}
	if got := w.cloud.Counts()["DescribeMultiContainerGroupMetric"][""]; got != pods/20 || got != len(at) {
		t.Errorf("%d calls for a round, want %d", got, pods/20)
	}
	if patches != pods {
		t.Errorf("%d pods were written in the first round, want every one once", patches)
	}
	worst := 0
	for i := range at {
		j, _ := slices.BinarySearchFunc(at, at[i].Add(time.Minute), time.Time.Compare)
		worst = max(worst, j-i)
	}
	perMinute := float64(len(at)) / credits.Interval(pods).Minutes()
	t.Logf("%d calls in %v: %.2f a minute, %.2f %% of the quota; at most %d in any minute",
		len(at), credits.Interval(pods), perMinute, 100*perMinute/quota, worst)
	if perMinute >= 0.01*quota || worst > 5 {
		t.Errorf("%.2f calls a minute, at most %d in one; want less than 5", perMinute, worst)
	}
}

func start(w *world) time.Time { return w.groups[w.names[0]].CreationTime }

// flaky is a cloud of which some groups cannot be asked about.
type flaky struct {
	credits.Cloud
	spoil func(ids []string) error
	calls int
}

func (f *flaky) Metrics(ctx context.Context, ids []string) (map[string][]eci.MetricRecord, error) {
	f.calls++
	if err := f.spoil(ids); err != nil {
		return nil, err
	}
	return f.Cloud.Metrics(ctx, ids)
}

func TestOneGroupDoesNotSpoilTheOthers(t *testing.T) {
	w := newWorld(t)
	for i := range 12 {
		w.run(fmt.Sprint("p", i), small, idle())
	}
	bad := w.groups["p7"].ID
	f := &flaky{Cloud: w.client, spoil: func(ids []string) error {
		if slices.Contains(ids, bad) {
			return &alicloud.Error{Code: "InvalidParameter", Class: alicloud.ClassInvalid}
		}
		return nil
	}}
	n := w.start(func(c *credits.Config) { c.Cloud = f })
	for range 20 {
		n.pass(15 * time.Second)
	}
	for _, name := range w.names {
		if carries := w.pod(name).Annotations[credits.AnnotationCredits] != ""; carries != (name != "p7") {
			t.Errorf("%s carries its credits: %v", name, carries)
		}
	}
	if f.calls != 20 {
		t.Errorf("%d calls in 20 steps", f.calls)
	}
}

func TestAFailureThatPassesChangesNothing(t *testing.T) {
	w := newWorld(t)
	w.run("web", small, busy(0.5, 24*time.Hour))
	n := w.start()
	n.pass(time.Minute)
	if _, err := w.cloud.AddFault(rpc.Fault{Action: "DescribeMultiContainerGroupMetric", Times: 30, Status: 503, Code: "ServiceUnavailable"}); err != nil {
		t.Fatal(err)
	}
	for range 30 {
		n.pass(time.Minute)
	}
	if !strings.Contains(w.log.String(), "will ask again") {
		t.Error("nobody is told of the failures")
	}
	n.pass(time.Minute)
	n.agrees("web", small, 288)
	if got, _ := n.metric("ebb_cpu_credit_spent_total", "web"); math.Abs(got-16) > 0.2 {
		t.Errorf("spent %v credits in 32 minutes at half speed, want 16", got)
	}
}
