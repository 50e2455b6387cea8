package instancespecs

import (
	"testing"
	"time"
)

// at is a sample some seconds after the creation, with the counter in seconds
// of one vCPU.
func at(seconds, used float64) Sample {
	return Sample{
		Time:                 created.Add(time.Duration(seconds * float64(time.Second))),
		UsageCoreNanoSeconds: uint64(used * float64(time.Second)),
	}
}

func TestObserve(t *testing.T) {
	type step struct {
		sample Sample
		want   Observation
		spent  float64 // credits since creation
	}
	tests := map[string][]step{
		"counted": {
			{at(60, 30), Counted, 0.5}, {at(120, 60), Counted, 1},
		},
		"a gap is bridged by the counter": {
			{at(60, 30), Counted, 0.5}, {at(3660, 630), Counted, 10.5},
		},
		"an older sample changes nothing": {
			{at(120, 60), Counted, 1}, {at(60, 50), Stale, 1}, {at(180, 90), Counted, 1.5},
		},
		"before the creation": {
			{at(-60, 10), Stale, 0}, {at(60, 30), Counted, 0.5},
		},
		"of one time the highest counter holds": {
			{at(60, 30), Counted, 0.5}, {at(60, 30), Duplicate, 0.5}, {at(60, 24), Duplicate, 0.5},
			{at(60, 36), Counted, 0.6}, {at(120, 42), Counted, 0.7},
		},
		"a reset goes on at the rate before": {
			{at(60, 30), Counted, 0.5}, {at(120, 6), Reset, 1}, {at(180, 12), Counted, 1.1},
		},
		"a reset has used at least what it shows": {
			{at(60, 30), Counted, 0.5}, {at(180, 29), Reset, 1.5}, {at(240, 29), Counted, 1.5},
			{at(300, 28), Reset, 1.5 + 28.0/60},
		},
		"a counter ahead of its time is carried": {
			{at(15, 15.4), Counted, 0.25}, {at(30, 30), Counted, 0.5}, {at(45, 30), Counted, 0.5},
		},
		"a faulty counter is dropped but for a minute": {
			{at(60, 100000), Counted, 1}, {at(600, 100000), Counted, 2}, {at(660, 100006), Counted, 2.1},
		},
		"at the creation nothing was used": {
			{at(0, 5), Counted, 0}, {at(60, 35), Counted, 0.5},
		},
	}
	for name, steps := range tests {
		t.Run(name, func(t *testing.T) {
			w := newWorker(t, mustType(t, "ecs.t5-lc1m2.small"), Standard)
			for i, s := range steps {
				if got := w.Observe(s.sample); got != s.want {
					t.Errorf("step %d: %s, want %s", i, got, s.want)
				}
				if got := w.Totals().Spent; !near(got, s.spent, 1e-9) {
					t.Errorf("step %d: spent %g, want %g", i, got, s.spent)
				}
			}
		})
	}
}

func TestUtilisationAndUpdated(t *testing.T) {
	w := newWorker(t, mustType(t, "ecs.t6-c1m1.large"), Standard)
	w.Observe(at(60, 60))
	if got := w.Utilisation(); !near(got, 0.5, 1e-9) {
		t.Errorf("utilisation %g, want half of two vCPUs", got)
	}
	if got := w.Updated(); !got.Equal(created.Add(time.Minute)) {
		t.Errorf("updated %v", got)
	}
	if w.Type().ID != "ecs.t6-c1m1.large" || w.Mode() != Standard {
		t.Errorf("type %s, mode %s", w.Type().ID, w.Mode())
	}
}
