package instancespecs

import (
	"fmt"
	"time"
)

// Sample is one reading of the CPU counter of a container group, as ECI
// DescribeContainerGroupMetric answers it
// (https://github.com/alibabacloud-go/eci-20180808 client/client.go).
type Sample struct {
	Time                 time.Time // to the millisecond
	UsageCoreNanoSeconds uint64    // cumulative over all containers
}

// Ledger keeps the books on the CPU credits of one burstable instance, from
// samples of its CPU counter. ECI does not tell the balance of a container
// group, so this is the only way to know it.
//
// Samples may be missing: the counter tells what was used in between. A counter
// that falls has been reset. Samples of the same time may come in any order; of
// these the highest counter holds. Older samples are ignored.
//
// The container group that ends takes its credits along: a new one needs a new
// ledger. A ledger may not be used by several goroutines at a time.
type Ledger struct {
	typ    InstanceType
	mode   Mode
	terms  terms
	settle point // of the sample before the latest one
	latest point
}

// point is the state of a ledger after a sample.
type point struct {
	book
	at      int64   // ms since the epoch
	counter uint64  // ns
	carry   float64 // use in credits that the counter shows but that did not fit into the time
	rate    float64 // credits per minute used in the last interval
}

// Observation is what a ledger did with a sample.
type Observation uint8

// The observations.
const (
	Counted   Observation = iota // use since the sample before was booked
	Reset                        // the counter had fallen; use was estimated
	Duplicate                    // a sample of the same time with a counter as high was there already
	Stale                        // older than the latest sample
)

// String is the observation in a word.
func (o Observation) String() string {
	return [...]string{"counted", "reset", "duplicate", "stale"}[o]
}

const (
	// nanosPerCredit: one credit is one vCPU for one minute.
	nanosPerCredit = 60e9
	msPerMinute    = 60e3
	// carryMinutes bounds how much use is moved to the next interval, in
	// minutes at full speed. ECI stamps samples with whole seconds, so at full
	// speed a counter can run ahead of its time; more than that is a faulty
	// counter, whose surplus is dropped.
	carryMinutes = 1
)

// NewLedger opens the ledger of an instance that was created at a time with
// initial credits and a CPU counter of 0. The error says that the type has no
// credits.
func NewLedger(t InstanceType, m Mode, created time.Time) (*Ledger, error) {
	if !t.Burstable {
		return nil, fmt.Errorf("credit ledger: instance type %q is not burstable; it has no CPU credits", t.ID)
	}
	l := &Ledger{typ: t, mode: m, terms: termsOf(&t, m)}
	l.settle = point{book: book{initial: t.InitialCredits}, at: created.UnixMilli()}
	l.latest = l.settle
	return l, nil
}

// Observe books what was used up to a sample. It does not allocate.
func (l *Ledger) Observe(s Sample) Observation {
	at := s.Time.UnixMilli()
	switch {
	case at < l.latest.at:
		return Stale
	case at > l.latest.at:
		l.settle = l.latest
	case s.UsageCoreNanoSeconds <= l.latest.counter:
		return Duplicate
	}
	return l.book(at, s.UsageCoreNanoSeconds)
}

// book makes the latest point from the settled one.
func (l *Ledger) book(at int64, counter uint64) Observation {
	p, result := l.settle, Counted
	minutes := float64(at-p.at) / msPerMinute
	if minutes > 0 {
		var use float64
		use, result = p.use(counter, minutes)
		p.rate = l.fit(&p, use, minutes) / minutes
		p.run(l.terms, p.rate, minutes)
	}
	p.at, p.counter = at, counter
	l.latest = p
	return result
}

// use returns the credits that the counter has used since the point. A counter
// that has fallen started again from 0 at an unknown time: it proves what it
// shows, and beyond that use is taken to have gone on as before.
func (p *point) use(counter uint64, minutes float64) (float64, Observation) {
	if counter >= p.counter {
		return float64(counter-p.counter) / nanosPerCredit, Counted
	}
	return max(float64(counter)/nanosPerCredit, p.rate*minutes), Reset
}

// fit limits use to what all vCPUs can do in the time, and carries the rest.
func (l *Ledger) fit(p *point, use, minutes float64) float64 {
	use += p.carry
	most := l.typ.VCPU * minutes
	p.carry = min(max(use-most, 0), l.typ.VCPU*carryMinutes)
	return min(use, most)
}
