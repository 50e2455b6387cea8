package credits

import (
	"math"
	"testing"
	"time"
)

var t0 = time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)

// life drives a book with a demand of CPU that its own limit bounds.
type life struct {
	*Book
	at  time.Time
	cpu time.Duration
}

func newLife(t *testing.T, name string) *life {
	t.Helper()
	all, err := DefaultTerms()
	if err != nil {
		t.Fatal(err)
	}
	terms, ok := all[name]
	if !ok {
		t.Fatalf("no terms of %s", name)
	}
	return &life{Book: Open(terms, t0), at: t0}
}

// run demands a share of all vCPUs for a time, in steps.
func (l *life) run(utilisation float64, d, step time.Duration) {
	for end := l.at.Add(d); l.at.Before(end); {
		l.at = l.at.Add(step)
		l.cpu += time.Duration(min(utilisation*l.terms.VCPU, l.Limit()) * float64(step))
		l.Observe(l.at, l.cpu)
	}
}

// The page's example of standard mode, phase by phase:
// https://github.com/AlibabaCloudDocs/ecs CPU credit change examples.md
func TestTheDocumentedExample(t *testing.T) {
	for _, step := range []time.Duration{15 * time.Second, time.Minute} {
		l := newLife(t, "ecs.t6-c2m1.large")
		for i, phase := range []struct{ utilisation, hours, balance float64 }{
			{0, 24, 348}, {.1, 5, 288}, {.05, 3, 288}, {.1, 3, 288}, {1, 2, 72}, {0, 4, 120}, {.05, 8, 168}, {.8, 2, 0}, {.1, 5, 0}, {0, 3, 36},
		} {
			l.run(phase.utilisation, time.Duration(phase.hours*float64(time.Hour)), step)
			if got := l.State().Balance; math.Abs(got-phase.balance) > 0.5 {
				t.Errorf("steps of %v, phase %c: balance %.3f, want %g", step, 'A'+i, got, phase.balance)
			}
		}
	}
}

func TestInitialCredits(t *testing.T) {
	for name, want := range map[string]float64{"ecs.t5-lc1m2.large": 60, "ecs.t5-c1m1.xlarge": 120} {
		if got := newLife(t, name).State().Balance; got != want {
			t.Errorf("%s starts with %g credits, want %g", name, got, want)
		}
	}
}

func TestHeldAtTheBaselineUntilThereIsEnough(t *testing.T) {
	l := newLife(t, "ecs.t5-lc1m2.small") // 1 vCPU, 20 %
	l.run(1, 37*time.Minute, 15*time.Second)
	if l.Throttled() {
		t.Fatalf("throttled with %+v", l.State())
	}
	l.run(1, 3*time.Hour, 15*time.Second)
	if !l.Throttled() || l.Limit() != 0.2 || l.State().Balance > 1e-6 {
		t.Fatalf("after the credits are used up: %+v", l.State())
	}
	l.run(0, 3*time.Minute, 15*time.Second)
	if !l.Throttled() {
		t.Fatalf("let go with %+v", l.State())
	}
	l.run(0, 2*time.Minute, 15*time.Second)
	if l.Throttled() || l.Limit() != 1 {
		t.Fatalf("after five idle minutes: %+v", l.State())
	}
}

func TestCountersThatCannotBe(t *testing.T) {
	l := newLife(t, "ecs.t5-lc1m2.small")
	l.Observe(t0.Add(10*time.Minute), 5*time.Minute)
	l.Observe(t0.Add(10*time.Minute), 9*time.Minute) // the same moment again
	l.Observe(t0.Add(11*time.Minute), 30*time.Second)
	if got, want := l.State().Spent, 5.5; math.Abs(got-want) > 1e-9 {
		t.Errorf("spent %g after a restart, want %g", got, want)
	}
	l.Observe(t0.Add(12*time.Minute), time.Hour)
	if got, want := l.State().Spent, 6.5; math.Abs(got-want) > 1e-9 {
		t.Errorf("spent %g, more than one vCPU can", got-want)
	}
}

func TestReachLeadsToTheBalance(t *testing.T) {
	for _, name := range []string{"ecs.t5-lc1m2.small", "ecs.t6-c1m4.2xlarge"} {
		l := newLife(t, name)
		full := l.terms.Cap()
		for _, want := range []float64{3.5, 0, 0.1, full / 2, full, full - 1, 0, full / 2, 3.5} {
			after, rate := l.Reach(want)
			end := l.at.Add(after)
			for l.at.Before(end) {
				step := min(15*time.Second, end.Sub(l.at))
				l.at, l.cpu = l.at.Add(step), l.cpu+time.Duration(rate*float64(step))
				l.Observe(l.at, l.cpu)
			}
			if got := l.State().Balance; math.Abs(got-want) > 0.001 {
				t.Errorf("%s: balance %v after %v at %v vCPU, want %v", name, got, after, rate, want)
			}
			if l.Throttled() != (want <= 0.1) {
				t.Errorf("%s: with %v credits throttled is %t", name, want, l.Throttled())
			}
		}
	}
}
