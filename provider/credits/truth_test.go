package credits_test

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/ebb-node/ebb/instancespecs"
	books "github.com/ebb-node/ebb/mockcloud/eci/credits"
)

// tick is how often the cloud reads what an instance uses, and samples it.
const tick = 15 * time.Second

// truth is an instance as the cloud has it: a random load, held at what the
// cloud's own books allow.
type truth struct {
	*books.Book
	rng     *rand.Rand
	vcpu    float64
	at      time.Time
	counter time.Duration
	load    float64 // demanded, of all vCPUs
	until   time.Time
	outage  time.Time // no sample is to be had before
	resets  int
	missing int
}

// step lets one tick pass. Loads last minutes to hours and are idle, busy, at
// the baseline, or anything.
func (i *truth) step() {
	if !i.at.Before(i.until) {
		i.load = []float64{0, 0.01, 0.02, 1, i.Limit() / i.vcpu, i.rng.Float64() * 0.2}[i.rng.IntN(6)]
		i.until = i.at.Add(time.Duration(1+i.rng.ExpFloat64()*90) * time.Minute)
		if i.load < 0.1 && i.rng.IntN(8) == 0 { // a quiet day
			i.until = i.at.Add(24 * time.Hour)
		}
	}
	i.at = i.at.Add(tick)
	i.counter += time.Duration(min(i.load*i.vcpu, i.Limit()) * float64(tick))
	i.Observe(i.at, i.counter)
}

// longest is how long samples may be missing. A counter tells what was used in
// a gap, but not when: what is earned while the balance is full for a part of it
// and is then lost looks as if it were kept. In 14.4 minutes an instance earns
// 1 % of its cap.
const longest = 14 * time.Minute

// sampled reports whether a sample of this moment arrives: one in four is lost,
// and now and then all are for some minutes.
func (i *truth) sampled() bool {
	if i.rng.Float64() < 1.0/200 && i.at.After(i.outage) {
		i.outage = i.at.Add(time.Duration(i.rng.Float64() * float64(longest)))
	}
	if i.at.Before(i.outage) || i.rng.IntN(4) == 0 {
		i.missing++
		return false
	}
	return true
}

// reset starts the counter anew, about once in eight hours. Not while samples
// are out: what was used before it is then known to nobody.
func (i *truth) reset() {
	if i.rng.Float64() < 1.0/2000 && i.at.After(i.outage) {
		i.counter, i.resets = 0, i.resets+1
	}
}

// TestTenThousandHours compares the ledger with the cloud's own books, which
// share no code with it, over random lives of all burstable types.
func TestTenThousandHours(t *testing.T) {
	const hours = 10_000
	market, err := instancespecs.DefaultMarket("CNY")
	if err != nil {
		t.Fatal(err)
	}
	terms, err := books.DefaultTerms()
	if err != nil {
		t.Fatal(err)
	}
	var types []instancespecs.InstanceType
	for typ := range market.Catalogue().All() {
		if typ.Burstable {
			types = append(types, typ)
		}
	}
	begin := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	worst, samples, resets, missing, empty, full := 0.0, 0, 0, 0, 0, 0
	for n, typ := range types {
		i := &truth{
			Book: books.Open(terms[typ.ID], begin), rng: rand.New(rand.NewPCG(uint64(n), 1)), vcpu: typ.VCPU, at: begin,
		}
		ledger, err := instancespecs.NewLedger(typ, instancespecs.Standard, begin)
		if err != nil {
			t.Fatal(err)
		}
		for i.at.Sub(begin) < hours*time.Hour/time.Duration(len(types)) {
			i.reset()
			i.step()
			if !i.sampled() {
				continue
			}
			samples++
			ledger.Observe(instancespecs.Sample{Time: i.at, UsageCoreNanoSeconds: uint64(i.counter)})
			have, want := ledger.Balance().Total(), i.State().Balance
			off := math.Abs(have-want) / typ.MaxBalance
			if worst = max(worst, off); off > 0.01 {
				t.Fatalf("%s after %v: the ledger has %.2f credits, the cloud %.2f, cap %g", typ.ID, i.at.Sub(begin), have, want, typ.MaxBalance)
			}
			if want == 0 {
				empty++
			}
			if i.State().Accrued == typ.MaxBalance {
				full++
			}
		}
		resets, missing = resets+i.resets, missing+i.missing
	}
	t.Logf("%d hours, %d samples, %d missing, %d resets, %d empty, %d full; at worst %.3f %% of the cap apart",
		hours, samples, missing, resets, empty, full, 100*worst)
	if resets < 500 || missing < 500_000 || empty < 50_000 || full < 100_000 {
		t.Error("too little happens for this to prove much")
	}
}
