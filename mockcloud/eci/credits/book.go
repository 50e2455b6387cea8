package credits

import "time"

// Book is the account of one container group. It is not safe for concurrent
// use.
type Book struct {
	terms     Terms
	at        time.Time
	cpu       time.Duration
	initial   float64
	accrued   float64
	owed      float64
	earned    float64
	spent     float64
	throttled bool
}

// Open opens the account of a group that starts to run.
func Open(t Terms, at time.Time) *Book {
	return &Book{terms: t, at: at, initial: t.Initial()}
}

// Observe books what was used up to a moment. cpu counts from the start of the
// group; when it has fallen, the group's containers have started anew.
func (b *Book) Observe(at time.Time, cpu time.Duration) {
	elapsed := at.Sub(b.at)
	if elapsed <= 0 {
		return
	}
	used := cpu - b.cpu
	if used < 0 {
		used = cpu
	}
	b.at, b.cpu = at, cpu
	// No instance uses more than it has.
	rate := min(used.Minutes()/elapsed.Minutes(), b.terms.VCPU)
	for left := elapsed; left > 0; left -= time.Minute {
		b.step(min(left, time.Minute).Minutes(), rate)
	}
	b.judge()
}

// lag is the time in minutes that the limit may come late, because use is read
// every 15 seconds. What a group uses in it without having it is owed and comes
// first out of what it earns; else a use that wavers about the baseline would
// earn by every dip and pay for no peak.
const lag = 0.25

// step books at most a minute: earn, spend, and lose what is above the cap.
func (b *Book) step(minutes, rate float64) {
	b.accrued += b.terms.PerMinute() * minutes
	b.earned += b.terms.PerMinute() * minutes
	due := rate*minutes + b.owed
	fromInitial := min(due, b.initial)
	fromAccrued := min(due-fromInitial, b.accrued)
	b.initial -= fromInitial
	b.accrued -= fromAccrued
	b.owed = min(due-fromInitial-fromAccrued, b.terms.VCPU*lag)
	b.spent += fromInitial + fromAccrued
	if lost := b.accrued - b.terms.Cap(); lost > 0 {
		b.accrued -= lost
		b.earned -= lost
	}
}

func (b *Book) balance() float64 { return b.initial + b.accrued }

// judge decides whether the group is held at its baseline.
func (b *Book) judge() {
	switch total := b.balance(); {
	case total <= 0:
		b.throttled = true
	case total >= b.terms.VCPU-b.terms.Baseline:
		b.throttled = false
	}
}

// Throttled reports whether the group is held at its baseline.
func (b *Book) Throttled() bool { return b.throttled }

// Limit is what the group may use, in vCPU.
func (b *Book) Limit() float64 {
	if b.throttled {
		return b.terms.Baseline
	}
	return b.terms.VCPU
}

// State is an account as it stood at a moment, in credits.
type State struct {
	At        time.Time `json:"at"`
	Balance   float64   `json:"balance"` // initial and accrued
	Initial   float64   `json:"initial"`
	Accrued   float64   `json:"accrued"`
	Cap       float64   `json:"cap"`    // of accrued
	Earned    float64   `json:"earned"` // without what was lost at the cap
	Spent     float64   `json:"spent"`
	Throttled bool      `json:"throttled"`
	Limit     float64   `json:"limit"` // vCPU
}

// State tells how the account stands.
func (b *Book) State() State {
	return State{
		At: b.at, Balance: b.balance(), Initial: b.initial, Accrued: b.accrued, Cap: b.terms.Cap(),
		Earned: b.earned, Spent: b.spent, Throttled: b.throttled, Limit: b.Limit(),
	}
}
