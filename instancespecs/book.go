package instancespecs

import "math"

// Mode is what happens when an instance has used up its credits.
type Mode uint8

// The modes (https://www.alibabacloud.com/help/en/ecs/user-guide/burst-performance-instance-overview).
const (
	// Standard instances fall to their baseline.
	Standard Mode = iota
	// Unlimited instances keep their speed: they use the earnings of the next
	// 24 hours in advance, and what exceeds these is billed.
	Unlimited
)

// String is the mode as ECS writes it in CreditSpecification.
func (m Mode) String() string { return [...]string{"Standard", "Unlimited"}[m] }

// book is the state of the credits of one instance, in credits.
//
// It runs in continuous time: while use is constant every quantity changes at a
// constant rate until one of them reaches a bound, so an interval is a few
// exact steps, however long it is, and cutting it anywhere changes nothing. The
// rules per minute that the documents give are the same thing in steps.
type book struct {
	initial   float64 // left of the initial credits
	accrued   float64 // earned and kept, at most the cap
	owed      float64 // used in advance, at most the cap
	overdrawn float64 // used beyond the advance, billed

	earned float64 // sum of what was earned and not lost
	lost   float64 // sum of what was earned at the cap
	spent  float64 // sum of what was used
	unmet  float64 // sum of what use would have cost beyond what there was
}

// terms are the rates and bounds of one instance.
type terms struct {
	earn      float64 // credits per minute
	bound     float64 // most that can accrue, and most that can be owed
	unlimited bool
}

func termsOf(t *InstanceType, m Mode) terms {
	return terms{earn: t.CreditsPerHour / 60, bound: t.MaxBalance, unlimited: m == Unlimited}
}

// flow is how fast a book changes, in credits per minute, and for how long.
type flow struct {
	initial, accrued, owed, overdrawn float64
	earned, lost, spent, unmet        float64

	minutes float64  // until a quantity reaches its bound
	hit     quantity // that quantity
	bound   float64  // the bound
}

// quantity is one of the quantities of a book that have bounds.
type quantity uint8

const (
	none quantity = iota
	initialCredits
	accruedCredits
	owedCredits
)

// until limits the flow to the time after which a quantity, from a value and at
// a rate, reaches a bound.
func (f *flow) until(q quantity, value, bound, rate float64) {
	if minutes := (bound - value) / rate; minutes < f.minutes {
		f.minutes, f.hit, f.bound = minutes, q, bound
	}
}

// run moves the book forward in time, with use in credits per minute.
func (b *book) run(t terms, use, minutes float64) {
	for minutes > 0 {
		f := t.flow(b, use)
		b.step(&f, min(minutes, f.minutes))
		b.clamp(t)
		minutes -= f.minutes
	}
}

// clamp takes off what rounding put beyond a bound.
func (b *book) clamp(t terms) {
	b.initial = max(b.initial, 0)
	b.accrued = min(max(b.accrued, 0), t.bound)
	b.owed = min(max(b.owed, 0), t.bound)
}

func (b *book) step(f *flow, minutes float64) {
	b.initial += f.initial * minutes
	b.accrued += f.accrued * minutes
	b.owed += f.owed * minutes
	b.overdrawn += f.overdrawn * minutes
	b.earned += f.earned * minutes
	b.lost += f.lost * minutes
	b.spent += f.spent * minutes
	b.unmet += f.unmet * minutes
	if minutes == f.minutes {
		b.set(f.hit, f.bound) // exactly, so that rounding cannot keep a phase alive
	}
}

func (b *book) set(q quantity, value float64) {
	switch q {
	case initialCredits:
		b.initial = value
	case accruedCredits:
		b.accrued = value
	case owedCredits:
		b.owed = value
	}
}

// flow returns how the book changes from now on. Initial credits are used
// first, then accrued ones, then the advance; earnings repay the advance first
// (https://www.alibabacloud.com/help/en/ecs/user-guide/burst-performance-instance-overview).
func (t terms) flow(b *book, use float64) flow {
	f := flow{minutes: math.Inf(1), spent: use}
	switch {
	case b.initial > 0 && use > 0:
		f.initial = -use
		f.until(initialCredits, b.initial, 0, -use)
		t.earnOnly(b, &f)
	case b.owed > 0 || t.unlimited && b.accrued <= 0 && use > t.earn:
		t.borrow(b, &f, use)
	default:
		t.balance(b, &f, use)
	}
	return f
}

// earnOnly adds earnings from which nothing is used. Nothing is owed then: the
// initial credits come first and are never topped up.
func (t terms) earnOnly(b *book, f *flow) {
	if b.accrued >= t.bound {
		f.lost = t.earn
		return
	}
	f.accrued, f.earned = t.earn, t.earn
	f.until(accruedCredits, b.accrued, t.bound, t.earn)
}

// borrow uses the advance, or repays it, with what use and earnings differ by.
func (t terms) borrow(b *book, f *flow, use float64) {
	net := use - t.earn
	f.earned = t.earn
	switch {
	case net > 0 && b.owed >= t.bound:
		f.overdrawn = net
	case net > 0:
		f.owed = net
		f.until(owedCredits, b.owed, t.bound, net)
	case net < 0:
		f.owed = net
		f.until(owedCredits, b.owed, 0, net)
	}
}

// balance adds to the accrued credits, or takes from them, what earnings and
// use differ by.
func (t terms) balance(b *book, f *flow, use float64) {
	net := t.earn - use
	f.earned = t.earn
	switch {
	case net >= 0 && b.accrued >= t.bound:
		f.earned, f.lost = use, net
	case net > 0:
		f.accrued = net
		f.until(accruedCredits, b.accrued, t.bound, net)
	case net < 0 && b.accrued > 0:
		f.accrued = net
		f.until(accruedCredits, b.accrued, 0, net)
	case net < 0:
		f.spent, f.unmet = t.earn, -net
	}
}
