package tempo

import (
	"testing"
	"time"

	clocktesting "k8s.io/utils/clock/testing"

	"github.com/ebb-node/ebb/mockcloud/clock"
	"github.com/ebb-node/ebb/mockcloud/runtime"
)

// worker is a runtime whose one group uses CPU in the machine's time.
type worker struct {
	runtime.Runtime
	machine *clocktesting.FakeClock
	cpu     time.Duration
}

func (*worker) Start(runtime.Group, func(runtime.Status)) error { return nil }
func (*worker) Remove(string) error                             { return nil }

func (w *worker) Usage(string) (runtime.Usage, error) {
	return runtime.Usage{CPU: w.cpu, Containers: map[string]runtime.ContainerUsage{"app": {CPU: w.cpu}}}, nil
}

// work lets the machine's time pass at a rate of use.
func (w *worker) work(d time.Duration, vcpu float64) {
	w.machine.Step(d)
	w.cpu += time.Duration(vcpu * float64(d))
}

type bench struct {
	*testing.T
	*worker
	cloud *clock.Clock
	r     *Runtime
}

func newBench(t *testing.T, speed float64) bench {
	w := &worker{machine: clocktesting.NewFakeClock(time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC))}
	cloud := clock.New(w.machine, speed)
	b := bench{t, w, cloud, New(w, cloud, w.machine)}
	if err := b.r.Start(runtime.Group{ID: "g"}, nil); err != nil {
		t.Fatal(err)
	}
	return b
}

func (b bench) used(want time.Duration) {
	b.Helper()
	u, err := b.r.Usage("g")
	if err != nil {
		b.Fatal(err)
	}
	for what, got := range map[string]time.Duration{"group": u.CPU, "container": u.Containers["app"].CPU} {
		if d := got - want; d < -time.Millisecond || d > time.Millisecond {
			b.Errorf("%s: used %v, want %v", what, got, want)
		}
	}
}

func TestNothingChangesAtSpeedOne(t *testing.T) {
	b := newBench(t, 1)
	b.work(10*time.Second, 0.5)
	b.used(5 * time.Second)
	b.work(10*time.Second, 2)
	b.used(25 * time.Second)
}

func TestABusySecondIsABusyMinuteAtSpeedSixty(t *testing.T) {
	b := newBench(t, 60)
	b.work(time.Second, 1)
	b.used(time.Minute)
	b.cloud.SetSpeed(1)
	b.work(time.Second, 1)
	b.used(61 * time.Second)
}

func TestReadingsCloseTogetherGoOnAtTheKnownRate(t *testing.T) {
	b := newBench(t, 60)
	b.work(time.Second, 0.5)
	b.used(30 * time.Second)
	b.work(100*time.Millisecond, 0) // too short to tell
	b.used(33 * time.Second)
	b.work(900*time.Millisecond, 0)
	b.used(33 * time.Second) // and is not taken back
	b.work(10*time.Second, 0.5)
	b.used(330 * time.Second)
}

func TestAJumpIsSpentAtTheKnownRate(t *testing.T) {
	b := newBench(t, 1)
	b.work(10*time.Second, 0.25)
	b.used(2500 * time.Millisecond)
	b.cloud.Advance(time.Hour)
	b.used(2500*time.Millisecond + 15*time.Minute)
}

func TestAStillClockUsesNothing(t *testing.T) {
	b := newBench(t, 0)
	b.work(time.Hour, 1)
	b.used(0)
}

func TestACounterThatBeginsAgain(t *testing.T) {
	b := newBench(t, 1)
	b.work(10*time.Second, 1)
	b.used(10 * time.Second)
	b.cpu = 0
	b.work(4*time.Second, 1)
	b.used(14 * time.Second)
	if err := b.r.Remove("g"); err != nil {
		t.Fatal(err)
	}
	if len(b.r.groups) != 0 {
		t.Error("a group that was removed is still known")
	}
}
