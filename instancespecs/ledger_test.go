package instancespecs

import (
	"strings"
	"testing"
	"time"
)

var created = time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)

// worker feeds a ledger with what an instance that runs at a utilisation would
// report.
type worker struct {
	*Ledger
	now     time.Time
	counter uint64
}

func newWorker(t testing.TB, typ InstanceType, m Mode) *worker {
	t.Helper()
	l, err := NewLedger(typ, m, created)
	if err != nil {
		t.Fatal(err)
	}
	return &worker{Ledger: l, now: created}
}

// work runs for a time at a mean utilisation per vCPU, 0 to 1, in samples a
// minute apart.
func (w *worker) work(utilisation float64, d time.Duration) {
	for ; d > 0; d -= time.Minute {
		step := min(d, time.Minute)
		w.now = w.now.Add(step)
		w.counter += uint64(utilisation * w.typ.VCPU * float64(step))
		w.Observe(Sample{Time: w.now, UsageCoreNanoSeconds: w.counter})
	}
}

// The documented balances are whole credits; samples are rounded to nanoseconds.
const vectorTolerance = 1e-5

// https://github.com/AlibabaCloudDocs/ecs intl.en-US/Instance/Instance type
// families/Burstable instance types/CPU credit change examples.md
func TestDocumentedStandardDay(t *testing.T) {
	w := newWorker(t, mustType(t, "ecs.t6-c2m1.large"), Standard)
	if got := w.Balance(); got != (Balance{Initial: 60}) {
		t.Fatalf("at creation: %+v", got)
	}
	for _, phase := range []struct {
		name        string
		utilisation float64
		hours       float64
		total       float64
	}{
		{"A", 0, 24, 348},
		{"B", 0.10, 5, 288},
		{"C", 0.05, 7, 288},
		{"D", 0.10, 3, 288},
		{"E", 1, 2, 72},
		{"F", 0, 4, 120},
		{"G", 0.05, 8, 168},
		{"H", 0.80, 2, 0},
		{"I", 0.10, 5, 0},
		{"J", 0, 3, 36},
	} {
		w.work(phase.utilisation, time.Duration(phase.hours*float64(time.Hour)))
		if got := w.Balance().Total(); !near(got, phase.total, vectorTolerance) {
			t.Errorf("phase %s: %g credits, want %g", phase.name, got, phase.total)
		}
	}
}

func TestDocumentedUnlimitedDays(t *testing.T) {
	w := newWorker(t, mustType(t, "ecs.t6-c1m1.large"), Unlimited)
	for _, phase := range []struct {
		name        string
		utilisation float64
		hours       float64
		want        Balance
	}{
		{"A", 0, 24, Balance{Initial: 60, Accrued: 576}},
		{"B", 0.20, 2.5, Balance{Accrued: 576}},
		{"C", 0.20, 4, Balance{Accrued: 576}},
		{"D", 0.10, 4, Balance{Accrued: 576}},
		{"E", 1, 6, Balance{}},
		{"F", 1, 6, Balance{Owed: 576}},
		{"G", 1, 2.5, Balance{Owed: 576, Overdrawn: 240}},
		{"H", 0, 24, Balance{Overdrawn: 240}},
		{"next day", 0, 24, Balance{Accrued: 576, Overdrawn: 240}},
	} {
		w.work(phase.utilisation, time.Duration(phase.hours*float64(time.Hour)))
		if got := w.Balance(); !sameBalance(got, phase.want, vectorTolerance) {
			t.Errorf("phase %s: %+v, want %+v", phase.name, got, phase.want)
		}
		if w.Throttled() {
			t.Errorf("phase %s: unlimited instances are never throttled", phase.name)
		}
	}
}

func sameBalance(a, b Balance, tolerance float64) bool {
	return near(a.Initial, b.Initial, tolerance) && near(a.Accrued, b.Accrued, tolerance) &&
		near(a.Owed, b.Owed, tolerance) && near(a.Overdrawn, b.Overdrawn, tolerance)
}

func TestSmallVectors(t *testing.T) {
	for id, want := range map[string]float64{"ecs.t5-lc1m2.large": 60, "ecs.t5-c1m1.xlarge": 120, "ecs.t5-lc1m2.small": 30} {
		if got := newWorker(t, mustType(t, id), Standard).Balance(); got != (Balance{Initial: want}) {
			t.Errorf("%s at creation: %+v, want %g initial credits", id, got, want)
		}
	}
	if typ := mustType(t, "ecs.t5-c1m1.large"); typ.CreditsPerHour != 30 || typ.MaxBalance != 720 {
		t.Errorf("%+v, want 30 credits an hour and at most 720", typ)
	}

	idle := newWorker(t, mustType(t, "ecs.t5-lc1m2.small"), Standard)
	idle.work(0.02, 24*time.Hour)
	if got := idle.Balance(); !sameBalance(got, Balance{Initial: 1.2, Accrued: 288}, vectorTolerance) {
		t.Errorf("a reserve that idled for a day: %+v, want 1.2 + 288", got)
	}

	empty := newWorker(t, mustType(t, "ecs.t6-c1m1.large"), Standard)
	empty.work(1, 37*time.Minute+30*time.Second) // 60 / (2 - 0.4) minutes
	if got := empty.Balance().Total(); !near(got, 0, vectorTolerance) {
		t.Fatalf("%g credits left after 37.5 minutes, want 0", got)
	}
	before := empty.Totals()
	empty.work(1, time.Hour)
	after := empty.Totals()
	if spent, unmet := after.Spent-before.Spent, after.Unmet-before.Unmet; !near(spent, 24, vectorTolerance) || !near(unmet, 96, vectorTolerance) {
		t.Errorf("an hour at nothing: spent %g, unmet %g, want 24 and 96", spent, unmet)
	}
}

// The example of 2018, with the baseline of then: 174 credits last 435 minutes,
// and 50 more are overdrawn.
func TestDocumentedOldUnlimited(t *testing.T) {
	old := InstanceType{ID: "ecs.t5-lc1m1.small", VCPU: 1, Burstable: true, BaselinePercent: 10,
		CreditsPerHour: 6, MaxBalance: 144, InitialCredits: 30}
	w := newWorker(t, old, Unlimited)
	if left, ok := w.TimeToExhaustion(0.5); !ok || !near(left.Minutes(), 435, 1e-6) {
		t.Errorf("credits last %v, %t, want 435 minutes", left, ok)
	}
	w.work(0.5, 435*time.Minute)
	if got := w.Balance(); !sameBalance(got, Balance{Owed: 144}, vectorTolerance) {
		t.Errorf("after 435 minutes: %+v", got)
	}
	w.work(0.5, 125*time.Minute)
	if got := w.Balance().Overdrawn; !near(got, 50, vectorTolerance) {
		t.Errorf("overdrawn %g, want 50", got)
	}
}

func TestAtTheBaselineNothingChanges(t *testing.T) {
	for typ := range mustCatalogue(t).All() {
		if !typ.Burstable {
			continue
		}
		w := newWorker(t, typ, Standard)
		w.work(0.5, time.Hour)
		w.work(0, 20*time.Hour)
		w.work(1, 15*time.Minute)
		w.work(typ.BaselinePercent/100, time.Duration(w.Balance().Initial/w.terms.earn+1)*time.Minute)
		before := w.Balance()
		w.work(typ.BaselinePercent/100, 9*time.Hour)
		if got := w.Balance(); got.Initial != 0 || !near(got.Total(), before.Total(), 1e-4) {
			t.Errorf("%s: %+v became %+v", typ.ID, before, got)
		}
	}
}

func TestThrottled(t *testing.T) {
	w := newWorker(t, mustType(t, "ecs.t5-lc1m2.small"), Standard)
	steps := []struct {
		utilisation float64
		d           time.Duration
		want        bool
	}{
		{0.2, time.Minute, false},       // at the baseline, with credits
		{1, 40 * time.Minute, true},     // 30 / 0.8 minutes are enough
		{0.198, time.Minute, true},      // what a throttled instance shows
		{0.05, time.Minute, false},      // it does not want more
		{0.2, time.Minute, true},        // and again
		{0.01, 60 * time.Minute, false}, // it has recovered
		{0.2, time.Minute, false},
	}
	for i, s := range steps {
		w.work(s.utilisation, s.d)
		if got := w.Throttled(); got != s.want {
			t.Errorf("step %d: throttled %t with %g credits, want %t", i, got, w.Balance().Total(), s.want)
		}
	}
}

func TestOnlyBurstableTypesHaveALedger(t *testing.T) {
	_, err := NewLedger(mustType(t, "ecs.s6-c1m2.small"), Standard, created)
	if err == nil || !strings.Contains(err.Error(), "ecs.s6-c1m2.small") {
		t.Errorf("got %v, want an error that names the type", err)
	}
}
