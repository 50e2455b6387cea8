package instancespecs

import (
	"math"
	"time"
)

// The predictions below run the same books forward from the latest sample, with
// a constant mean use per vCPU of 0 to 1; Ledger.Utilisation is the present one.

// TimeToExhaustion returns how long the credits last: in standard mode until
// the instance falls to its baseline, in unlimited mode until it costs extra,
// advance included. False says that at this use they last for ever.
func (l *Ledger) TimeToExhaustion(utilisation float64) (time.Duration, bool) {
	return l.timeUntil(utilisation, terms.exhausted)
}

// FullSpeedLeft returns how long all vCPUs can run at full speed. In standard
// mode that is total / (vCPU x (1 - baseline)) minutes, less what is lost at the
// cap while initial credits are used.
func (l *Ledger) FullSpeedLeft() time.Duration {
	left, _ := l.TimeToExhaustion(1)
	return left
}

// TimeToFull returns how long it takes until no more credits can accrue. False
// says that at this use it never happens.
func (l *Ledger) TimeToFull(utilisation float64) (time.Duration, bool) {
	return l.timeUntil(utilisation, terms.full)
}

// exhausted reports whether more is used than there is, other than overdrawn.
func (t terms) exhausted(b book, use float64) bool {
	gone := b.initial <= 0 && b.accrued <= 0 && use > t.earn
	return gone && (!t.unlimited || b.owed >= t.bound)
}

func (t terms) full(b book, _ float64) bool { return b.accrued >= t.bound }

// timeUntil runs a copy of the book until it is done.
func (l *Ledger) timeUntil(utilisation float64, done func(terms, book, float64) bool) (time.Duration, bool) {
	use := min(max(utilisation, 0), 1) * l.typ.VCPU
	b, minutes := l.latest.book, 0.0
	for !done(l.terms, b, use) {
		f := l.terms.flow(&b, use)
		minutes += f.minutes
		if minutes*float64(time.Minute) >= math.MaxInt64 { // 292 years, or a flow without end
			return 0, false
		}
		b.run(l.terms, use, f.minutes)
	}
	return time.Duration(minutes * float64(time.Minute)), true
}
