package instancespecs

import "time"

// Balance is the state of a ledger, in credits.
type Balance struct {
	Initial   float64 // left of the initial credits
	Accrued   float64 // earned and kept, at most the cap
	Owed      float64 // unlimited mode: used in advance
	Overdrawn float64 // unlimited mode: used beyond the advance, billed
}

// Total is what can be used: initial and accrued credits.
func (b Balance) Total() float64 { return b.Initial + b.Accrued }

// Totals are sums since the instance was created, in credits. They never fall.
//
// Initial credits granted + Earned - Spent = Initial + Accrued - Owed - Overdrawn.
type Totals struct {
	Earned float64 // without what was lost
	Lost   float64 // earned while the balance was full
	Spent  float64
	// Unmet is use that the ledger had no credits for. An instance in standard
	// mode cannot do that, so a rising value says that the books are off, or
	// that the figures were wishes and not measurements.
	Unmet float64
}

// Type returns the instance type of the ledger.
func (l *Ledger) Type() InstanceType { return l.typ }

// Mode returns the mode of the ledger.
func (l *Ledger) Mode() Mode { return l.mode }

// Updated returns the time of the latest sample, or of the creation.
func (l *Ledger) Updated() time.Time { return time.UnixMilli(l.latest.at).UTC() }

// Balance returns the credits at the latest sample.
func (l *Ledger) Balance() Balance {
	b := &l.latest.book
	return Balance{Initial: b.initial, Accrued: b.accrued, Owed: b.owed, Overdrawn: b.overdrawn}
}

// Totals returns the sums up to the latest sample.
func (l *Ledger) Totals() Totals {
	b := &l.latest.book
	return Totals{Earned: b.earned, Lost: b.lost, Spent: b.spent, Unmet: b.unmet}
}

// Utilisation returns the present rate of use: the mean per vCPU over the
// latest interval, 0 to 1.
func (l *Ledger) Utilisation() float64 { return l.latest.rate / l.typ.VCPU }

const (
	// throttledBalance is the part of the cap below which an instance that runs
	// at its baseline is taken to be held there: a ledger is right to 1 % of the
	// cap, and the cloud slows an instance down some minutes before 0
	// (https://www.alibabacloud.com/help/en/ecs/user-guide/burst-performance-instance-overview).
	throttledBalance = 0.01
	// throttledUse is the part of the baseline that a throttled instance shows
	// at least: quotas are enforced a little below, and guests measure less than
	// the host.
	throttledUse = 0.9
)

// Throttled reports whether the instance is held at its baseline: standard
// mode, no credits left beyond the precision of the ledger, and use that is not
// below the baseline.
func (l *Ledger) Throttled() bool {
	return l.mode == Standard &&
		l.Balance().Total() <= throttledBalance*l.typ.MaxBalance &&
		l.latest.rate >= throttledUse*l.terms.earn
}
