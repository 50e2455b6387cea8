package instancespecs

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// history is a random but possible life of an instance.
type history struct {
	typ     InstanceType
	mode    Mode
	samples []Sample
}

func randomHistory(rng *rand.Rand, types []InstanceType) history {
	h := history{typ: types[rng.IntN(len(types))], mode: Mode(rng.IntN(2))}
	now, counter := created, uint64(0)
	for range 5 + rng.IntN(60) {
		step := time.Duration(50+rng.Int64N(1<<(5+rng.IntN(23)))) * time.Millisecond
		share := []float64{0, h.typ.BaselinePercent / 100, 1, rng.Float64(), rng.Float64() * 0.1}[rng.IntN(5)]
		now = now.Add(step)
		counter += uint64(share * h.typ.VCPU * float64(step))
		if rng.IntN(20) == 0 {
			counter = uint64(rng.Float64() * h.typ.VCPU * float64(step))
		}
		h.samples = append(h.samples, Sample{Time: now, UsageCoreNanoSeconds: counter})
	}
	return h
}

func burstableTypes(t testing.TB) []InstanceType {
	t.Helper()
	return slices.DeleteFunc(slices.Collect(mustCatalogue(t).All()), func(typ InstanceType) bool { return !typ.Burstable })
}

// forEachHistory calls f with many histories, the same in every run.
func forEachHistory(t *testing.T, f func(rng *rand.Rand, h history) bool) {
	t.Helper()
	types := burstableTypes(t)
	for seed := range uint64(3000) {
		rng := rand.New(rand.NewPCG(seed, 7))
		if h := randomHistory(rng, types); !f(rng, h) {
			t.Fatalf("seed %d: %s, %s", seed, h.typ.ID, h.mode)
		}
	}
}

func (h history) ledger(t *testing.T) *Ledger {
	return newWorker(t, h.typ, h.mode).Ledger
}

// rounding is in credits. A counter has nanoseconds, a ledger's text has
// billionths of a credit, and after a reset a rate that was rounded like this is
// taken to have held for hours.
const rounding = 5e-3

func sameLedger(a, b *Ledger, tolerance float64) bool {
	x, y := a.Totals(), b.Totals()
	return sameBalance(a.Balance(), b.Balance(), tolerance) && near(x.Earned, y.Earned, tolerance) &&
		near(x.Lost, y.Lost, tolerance) && near(x.Spent, y.Spent, tolerance) && near(x.Unmet, y.Unmet, tolerance)
}

func TestBalanceStaysInItsBounds(t *testing.T) {
	forEachHistory(t, func(_ *rand.Rand, h history) bool {
		l := h.ledger(t)
		for i, s := range h.samples {
			l.Observe(s)
			b := l.Balance()
			if b.Initial < 0 || b.Initial > h.typ.InitialCredits || b.Accrued < 0 || b.Accrued > h.typ.MaxBalance {
				t.Errorf("sample %d: %+v", i, b)
				return false
			}
			if h.mode == Standard && (b.Owed != 0 || b.Overdrawn != 0) || b.Owed < 0 || b.Owed > h.typ.MaxBalance || b.Overdrawn < 0 {
				t.Errorf("sample %d: %+v", i, b)
				return false
			}
			if b.Owed > 0 && b.Accrued > 0 {
				t.Errorf("sample %d: owes and has: %+v", i, b)
				return false
			}
		}
		return true
	})
}

// No credit appears or vanishes, and no total ever falls.
func TestBooksAddUp(t *testing.T) {
	full, empty, overdrawn := 0, 0, 0 // histories that got there, or the test proves little
	defer func() {
		t.Logf("%d histories filled their account, %d emptied it, %d overdrew it", full, empty, overdrawn)
		if full < 100 || empty < 100 || overdrawn < 100 {
			t.Error("too few histories reach the bounds")
		}
	}()
	forEachHistory(t, func(_ *rand.Rand, h history) bool {
		l := h.ledger(t)
		var before Totals
		for i, s := range h.samples {
			l.Observe(s)
			b, sum := l.Balance(), l.Totals()
			if have, want := b.Total()-b.Owed-b.Overdrawn, h.typ.InitialCredits+sum.Earned-sum.Spent; !near(have, want, 1e-6) {
				t.Errorf("sample %d: have %g, the totals say %g", i, have, want)
				return false
			}
			hours := s.Time.Sub(created).Hours()
			if !near(sum.Earned+sum.Lost, hours*h.typ.CreditsPerHour, 1e-6) {
				t.Errorf("sample %d: earned %g and lost %g in %g hours", i, sum.Earned, sum.Lost, hours)
				return false
			}
			if sum.Earned < before.Earned || sum.Lost < before.Lost || sum.Spent < before.Spent || sum.Unmet < before.Unmet {
				t.Errorf("sample %d: %+v after %+v", i, sum, before)
				return false
			}
			before = sum
		}
		full += min(1, int(before.Lost))
		empty += min(1, int(before.Unmet))
		overdrawn += min(1, int(l.Balance().Overdrawn))
		return true
	})
}

// A sample in the middle of an interval changes nothing, wherever it is.
func TestSplittingAnIntervalChangesNothing(t *testing.T) {
	forEachHistory(t, func(rng *rand.Rand, h history) bool {
		whole, split := h.ledger(t), h.ledger(t)
		last := Sample{Time: created}
		for i, s := range h.samples {
			whole.Observe(s)
			if d := s.Time.Sub(last.Time).Milliseconds(); d > 1 && s.UsageCoreNanoSeconds >= last.UsageCoreNanoSeconds {
				part := 1 + rng.Int64N(d-1)
				used := float64(s.UsageCoreNanoSeconds-last.UsageCoreNanoSeconds) * float64(part) / float64(d)
				split.Observe(Sample{
					Time:                 last.Time.Add(time.Duration(part) * time.Millisecond),
					UsageCoreNanoSeconds: last.UsageCoreNanoSeconds + uint64(used),
				})
			}
			split.Observe(s)
			if !sameLedger(whole, split, rounding) {
				t.Errorf("sample %d: whole %+v %+v, split %+v %+v", i, whole.Balance(), whole.Totals(), split.Balance(), split.Totals())
				return false
			}
			last = s
		}
		return true
	})
}

// Samples of one time may come in any order, with a restart in between or not.
func TestOrderOfEqualTimeSamplesDoesNotMatter(t *testing.T) {
	forEachHistory(t, func(rng *rand.Rand, h history) bool {
		one, other := h.ledger(t), h.ledger(t)
		for i, s := range h.samples {
			same := []Sample{s}
			for range rng.IntN(4) {
				same = append(same, Sample{Time: s.Time, UsageCoreNanoSeconds: uint64(rng.Float64() * 2 * float64(s.UsageCoreNanoSeconds))})
			}
			for _, s := range same {
				one.Observe(s)
			}
			rng.Shuffle(len(same), func(i, j int) { same[i], same[j] = same[j], same[i] })
			for _, s := range same {
				other.Observe(s)
				if rng.IntN(3) == 0 {
					other = restored(t, other)
				}
			}
			if !sameLedger(one, other, rounding) {
				t.Errorf("sample %d: %+v %+v and %+v %+v", i, one.Balance(), one.Totals(), other.Balance(), other.Totals())
				return false
			}
		}
		return true
	})
}

func restored(t *testing.T, l *Ledger) *Ledger {
	t.Helper()
	text, err := l.MarshalText()
	if err != nil {
		t.Fatal(err)
	}
	again, err := RestoreLedger(string(text), mustCatalogue(t))
	if err != nil {
		t.Fatal(err)
	}
	return again
}
