package instancespecs

import (
	"math/rand/v2"
	"testing"
	"time"
)

// reference keeps the books minute by minute in the words of the documents, and
// holds the instance to its baseline once they are empty: earn; spend initial
// credits, then accrued ones; what is left over is throttled; then the cap.
type reference struct {
	initial, accrued float64
}

// minute returns the credits that were really used.
func (r *reference) minute(typ InstanceType, demand float64) float64 {
	r.accrued += typ.VCPU * typ.BaselinePercent / 100
	use := min(demand, r.initial+r.accrued)
	fromInitial := min(use, r.initial)
	r.initial -= fromInitial
	r.accrued -= use - fromInitial
	r.accrued = min(r.accrued, typ.VCPU*typ.BaselinePercent/100*60*24)
	return use
}

// 10,000 hours of random load, of which the ledger sees a sample a minute, with
// missing samples and counters that start again: it stays within 1 % of the cap
// at every sample.
func TestLedgerAgainstBooksByMinute(t *testing.T) {
	for i, id := range []string{"ecs.t5-lc1m2.small", "ecs.t6-c4m1.large", "ecs.t6-c1m1.large", "ecs.t5-c1m2.large"} {
		typ := mustType(t, id)
		rng := rand.New(rand.NewPCG(uint64(i), 11))
		w := newWorker(t, typ, Standard)
		books := reference{initial: typ.InitialCredits}
		samples, resets, missing := 0, 0, 0
		worst, demand := 0.0, 0.0
		for minute := range 10000 * 60 {
			if rng.IntN(30) == 0 {
				demand = randomDemand(rng, typ)
			}
			if rng.IntN(2000) == 0 { // a container starts again, and its counter from 0
				w.counter = 0
				resets++
			}
			w.counter += uint64(books.minute(typ, demand) * nanosPerCredit)
			if rng.IntN(20) == 0 { // the sample is lost, and sometimes the next ones too
				missing++
				continue
			}
			w.Observe(Sample{Time: created.Add(time.Duration(minute+1) * time.Minute), UsageCoreNanoSeconds: w.counter})
			samples++
			worst = max(worst, books.initial+books.accrued-w.Balance().Total(), w.Balance().Total()-books.initial-books.accrued)
		}
		if worst > 0.01*typ.MaxBalance {
			t.Errorf("%s: off by %g credits, more than 1 %% of %g", id, worst, typ.MaxBalance)
		}
		if resets == 0 || missing == 0 {
			t.Fatal("the load had no resets or no missing samples")
		}
		t.Logf("%s: off by at most %.3g credits (%.2g %% of the cap) in %d samples, %d missing, %d resets",
			id, worst, 100*worst/typ.MaxBalance, samples, missing, resets)
	}
}

// randomDemand is in credits per minute: idle for the most part, as a reserve is.
func randomDemand(rng *rand.Rand, typ InstanceType) float64 {
	baseline := typ.BaselinePercent / 100
	return typ.VCPU * []float64{0, 0.02, 0.5 * baseline, baseline, rng.Float64(), 1}[rng.IntN(6)]
}
