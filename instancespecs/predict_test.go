package instancespecs

import (
	"testing"
	"time"
)

func TestPredictions(t *testing.T) {
	fresh := newWorker(t, mustType(t, "ecs.t6-c2m1.large"), Standard) // 60 initial, 0.2 a minute
	full := newWorker(t, mustType(t, "ecs.t6-c2m1.large"), Standard)
	full.work(0, 24*time.Hour)
	empty := newWorker(t, mustType(t, "ecs.t6-c2m1.large"), Standard)
	empty.work(1, time.Hour)

	for name, tt := range map[string]struct {
		predict func() (time.Duration, bool)
		minutes float64
		ok      bool
	}{
		"fresh, full speed":      {func() (time.Duration, bool) { return fresh.FullSpeedLeft(), true }, 60 / 1.8, true},
		"fresh, half speed":      {func() (time.Duration, bool) { return fresh.TimeToExhaustion(0.5) }, 60 / 0.8, true},
		"fresh, beyond speed":    {func() (time.Duration, bool) { return fresh.TimeToExhaustion(7) }, 60 / 1.8, true},
		"fresh, at baseline":     {func() (time.Duration, bool) { return fresh.TimeToExhaustion(0.1) }, 0, false},
		"fresh, idle":            {func() (time.Duration, bool) { return fresh.TimeToExhaustion(0) }, 0, false},
		"full, earnings lost":    {func() (time.Duration, bool) { return full.FullSpeedLeft(), true }, 30 + 288/1.8, true},
		"empty, full speed":      {func() (time.Duration, bool) { return empty.TimeToExhaustion(1) }, 0, true},
		"empty, at baseline":     {func() (time.Duration, bool) { return empty.TimeToExhaustion(0.1) }, 0, false},
		"to full, fresh, idle":   {func() (time.Duration, bool) { return fresh.TimeToFull(0) }, 24 * 60, true},
		"to full, fresh, 5 %":    {func() (time.Duration, bool) { return fresh.TimeToFull(0.05) }, 600 + (288-120)/0.1, true},
		"to full, at baseline":   {func() (time.Duration, bool) { return empty.TimeToFull(0.1) }, 0, false},
		"to full, full already":  {func() (time.Duration, bool) { return full.TimeToFull(1) }, 0, true},
		"to full, never in life": {func() (time.Duration, bool) { return empty.TimeToFull(0.1 - 1e-9) }, 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			got, ok := tt.predict()
			if ok != tt.ok || !near(got.Minutes(), tt.minutes, 1e-3) {
				t.Errorf("got %v, %t, want %g minutes, %t", got, ok, tt.minutes, tt.ok)
			}
		})
	}
}

// What is predicted comes true.
func TestPredictionsComeTrue(t *testing.T) {
	for _, typ := range burstableTypes(t) {
		for _, m := range []Mode{Standard, Unlimited} {
			for _, u := range []float64{0.5, 0.8, 1} {
				w := newWorker(t, typ, m)
				w.work(0.03, 3*time.Hour)
				left, ok := w.TimeToExhaustion(u)
				if !ok {
					t.Fatalf("%s %s at %g: lasts for ever", typ.ID, m, u)
				}
				w.work(u, left-time.Minute)
				if _, more := w.TimeToExhaustion(u); !more || w.Totals().Unmet > 0 || w.Balance().Overdrawn > 0 {
					t.Errorf("%s %s at %g: gone a minute early", typ.ID, m, u)
				}
				w.work(u, 2*time.Minute)
				if sum := w.Totals().Unmet + w.Balance().Overdrawn; !near(sum, typ.VCPU*(u-typ.BaselinePercent/100), 1e-3) {
					t.Errorf("%s %s at %g: %g credits short a minute after", typ.ID, m, u, sum)
				}
			}
		}
	}
}

func TestPredictionsChangeNothing(t *testing.T) {
	w := newWorker(t, mustType(t, "ecs.t6-c2m1.large"), Standard)
	w.work(0.3, time.Hour)
	before := *w.Ledger
	w.FullSpeedLeft()
	w.TimeToFull(0.05)
	if *w.Ledger != before {
		t.Error("a prediction changed the books")
	}
}
