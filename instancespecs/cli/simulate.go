package cli

import (
	"errors"
	"time"

	"github.com/ebb-node/ebb/instancespecs"
)

// moment is the state of an instance at one time.
type moment struct {
	at        time.Duration // since the start
	balance   instancespecs.Balance
	totals    instancespecs.Totals
	throttled bool // since the moment before
}

// use returns the mean use between two moments, 0 to 1 for all vCPUs: what was
// wanted, and what of it there were credits for.
func (c *course) use(from, to moment) (wanted, got float64) {
	capacity := (to.at - from.at).Minutes() * c.ledger.Type().VCPU
	got = (to.totals.Spent - from.totals.Spent) / capacity
	return got + (to.totals.Unmet-from.totals.Unmet)/capacity, got
}

// course is what becomes of an instance.
type course struct {
	ledger   *instancespecs.Ledger
	measured bool // from samples: what was used, not what was wanted
	moments  []moment
	rows     []int // the moments that a table shows
	// throttled is the time in all that was spent at the baseline for want of
	// credits, firstly after exhausted.
	throttled time.Duration
	exhausted time.Duration
}

// resolution is the most moments that one phase is drawn with: more than an
// image has columns.
const resolution = 1500

// rounding, in credits, is less than anything that is shown.
const rounding = 1e-6

// follow runs a ledger over a usage. Samples are taken to start with the
// creation. The error says that the type has no credits, or that the samples
// cover no time.
func follow(t instancespecs.InstanceType, mode instancespecs.Mode, u usage) (*course, error) {
	start := time.Unix(0, 0)
	if len(u.samples) > 0 {
		start = u.samples[0].Time
	}
	ledger, err := instancespecs.NewLedger(t, mode, start)
	if err != nil {
		return nil, err
	}
	c := &course{ledger: ledger, measured: len(u.samples) > 0, moments: []moment{{balance: ledger.Balance()}}}
	if c.measured {
		c.replay(start, u.samples)
	} else {
		c.simulate(start, u.phases)
	}
	if len(c.moments) == 1 {
		return nil, errors.New("the samples cover no time; at least two of different times are needed")
	}
	return c, nil
}

// simulate runs the phases, a sample a minute or, in long phases, fewer.
func (c *course) simulate(start time.Time, phases []phase) {
	counter, now := uint64(0), time.Duration(0)
	for _, p := range phases {
		if left, ok := c.ledger.TimeToExhaustion(p.utilisation); ok && left < p.duration && c.standard() {
			c.noteThrottled(now+left, p.duration-left)
		}
		step := max(time.Minute, p.duration/resolution)
		for done := time.Duration(0); done < p.duration; {
			d := min(step, p.duration-done)
			done += d
			counter += uint64(p.utilisation * c.ledger.Type().VCPU * float64(d))
			c.observe(now+done, instancespecs.Sample{Time: start.Add(now + done), UsageCoreNanoSeconds: counter})
			last := len(c.moments) - 1 // a wish tells more exactly than a measurement
			c.moments[last].throttled = c.moments[last].totals.Unmet > c.moments[last-1].totals.Unmet+rounding
		}
		now += p.duration
		c.rows = append(c.rows, len(c.moments)-1)
	}
}

// replay books samples that were measured.
func (c *course) replay(start time.Time, samples []instancespecs.Sample) {
	const most = 24 // rows of a table that still fits on a screen
	for _, s := range samples {
		c.observe(s.Time.Sub(start), s)
	}
	every := max(1, len(c.moments)/most)
	last := len(c.moments) - 1
	for i := last % every; i <= last; i += every {
		if i > 0 {
			c.rows = append(c.rows, i)
		}
	}
	held := false // at the moment before
	for i := range c.moments {
		m := &c.moments[i]
		heldBefore := held
		held = m.throttled
		if m.throttled = held && heldBefore; m.throttled {
			from := c.moments[i-1].at
			c.noteThrottled(from, m.at-from)
		}
	}
}

// observe gives the ledger a sample and remembers what has become of it.
func (c *course) observe(at time.Duration, s instancespecs.Sample) {
	l := c.ledger
	l.Observe(s)
	if at > c.moments[len(c.moments)-1].at {
		c.moments = append(c.moments, moment{at: at, balance: l.Balance(), totals: l.Totals(), throttled: l.Throttled()})
	}
}

func (c *course) noteThrottled(from, duration time.Duration) {
	if c.throttled == 0 {
		c.exhausted = from
	}
	c.throttled += duration
}

func (c *course) standard() bool { return c.ledger.Mode() == instancespecs.Standard }
