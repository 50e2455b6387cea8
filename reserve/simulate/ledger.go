package simulate

import (
	"time"

	"github.com/ebb-node/ebb/instancespecs"
	"github.com/ebb-node/ebb/reserve/cost"
	"github.com/ebb-node/ebb/reserve/simulate/cluster"
)

// ledgerInterval is how often ebb's node samples a pod's CPU counter.
const ledgerInterval = 15 * time.Second

// ledgers are the CPU credits of the reserve pods of a run.
type ledgers struct {
	typ       instancespecs.InstanceType
	open      map[string]*instancespecs.Ledger
	lowest    float64
	seen      bool
	throttled time.Duration
}

// newLedgers keeps books if the spec is a type that has credits.
func newLedgers(c *instancespecs.Catalogue, spec string) *ledgers {
	l := &ledgers{open: map[string]*instancespecs.Ledger{}}
	if t, ok := c.Lookup(spec); ok {
		l.typ = t
	}
	return l
}

// book takes a sample of each pod: so much of a vCPU for each request in flight.
func (l *ledgers) book(now time.Time, pods []cluster.Reserve, cpu float64) {
	if !l.typ.Burstable {
		return
	}
	for _, p := range pods {
		ledger := l.open[p.Name]
		if ledger == nil {
			var err error
			if ledger, err = instancespecs.NewLedger(l.typ, instancespecs.Standard, p.Created); err != nil {
				return // it is burstable, so there is none
			}
			l.open[p.Name] = ledger
		}
		used := float64(p.Busy) * cpu
		if most := float64(now.Sub(p.Created)) * l.typ.VCPU; used > most {
			used = most
		}
		ledger.Observe(instancespecs.Sample{Time: now, UsageCoreNanoSeconds: uint64(used)})
		l.note(ledger)
	}
}

func (l *ledgers) note(ledger *instancespecs.Ledger) {
	if total := ledger.Balance().Total(); !l.seen || total < l.lowest {
		l.lowest, l.seen = total, true
	}
	if ledger.Throttled() {
		l.throttled += ledgerInterval
	}
}

// lowFor is how long at full speed is left when ebb's node calls credits low
// (docs/credits.md).
const lowFor = 15 * time.Minute

// low reports whether a pod's credits are nearly used up.
func (l *ledgers) low(pod string) bool {
	ledger := l.open[pod]
	return ledger != nil && ledger.FullSpeedLeft() < lowFor
}

func (l *ledgers) close(r *Result) {
	r.Burstable, r.LowestCredits, r.Throttled = l.typ.Burstable && l.seen, l.lowest, l.throttled
}

// priceOf is the price of a spec. The error says that it is not known.
func priceOf(spec string, book *instancespecs.PriceBook) (instancespecs.Price, error) {
	price, ok := cost.Of(spec, book)
	if !ok {
		return price, errNoPrice(spec)
	}
	return price, nil
}
