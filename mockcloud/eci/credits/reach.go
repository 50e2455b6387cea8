package credits

import (
	"sort"
	"time"
)

// lagTime is the step in which Reach looks ahead, that of the readings.
const lagTime = time.Duration(lag * float64(time.Minute))

// Reach answers what leads to a balance of at most the cap soonest: for how long the
// group has to work, and at which rate in vCPU. It is full speed for a lower balance
// than now, and rest for a higher one.
func (b *Book) Reach(balance float64) (after time.Duration, rate float64) {
	probe := *b
	if balance < probe.balance() {
		rate = b.terms.VCPU
	}
	there := func(b Book, minutes float64) bool {
		b.step(minutes, rate)
		return rate > 0 && b.balance() <= balance || rate == 0 && b.balance() >= balance-rounding
	}
	for ; !there(probe, lag); after += lagTime {
		probe.step(lag, rate)
	}
	last := sort.Search(int(lagTime/time.Millisecond), func(ms int) bool {
		return there(probe, (time.Duration(ms) * time.Millisecond).Minutes())
	})
	// A millisecond more: of a balance of 0 no rounding may be left.
	return after + time.Duration(last+1)*time.Millisecond, rate
}

// rounding is what a balance at the cap may differ from it by.
const rounding = 1e-6
