package credits

import "github.com/ebb-node/ebb/instancespecs"

// Level is how far a pod is from its baseline.
type Level uint8

// The levels.
const (
	Enough    Level = iota // more than a quarter of an hour at full speed
	Low                    // less than that
	Exhausted              // used up: the pod is held at its baseline
)

var levelNames = [...]string{Enough: "enough", Low: "low", Exhausted: "exhausted"}

// String is the level as annotations write it.
func (l Level) String() string { return levelNames[l] }

const (
	// lowMinutes of full speed are left when credits are low. It is the time
	// over which Alibaba Cloud slows down an instance whose balance runs out
	// (https://www.alibabacloud.com/help/en/ecs/user-guide/burst-performance-instance-overview);
	// a new instance has at least 30.
	lowMinutes = 15
	// enoughMinutes end the levels low and exhausted. Twice as much as begins
	// them, so that a balance that wavers crosses a line once.
	enoughMinutes = 2 * lowMinutes
	// revivedMinutes turn exhausted into low: the pod can burst again, for a
	// while.
	revivedMinutes = lowMinutes / 2.0
	// revivedCap is the least part of the cap that does so. A ledger takes an
	// instance as throttled below half of it.
	revivedCap = 0.02
)

// reading is what decides about a level.
type reading struct {
	typ       instancespecs.InstanceType
	credits   float64 // that can be used
	throttled bool
}

func readingOf(l *instancespecs.Ledger) reading {
	return reading{typ: l.Type(), credits: l.Balance().Total(), throttled: l.Throttled()}
}

// atFullSpeed is the number of credits that so many minutes at full speed cost,
// beyond what is earned in them.
func atFullSpeed(t instancespecs.InstanceType, minutes float64) float64 {
	return minutes * t.VCPU * (1 - t.BaselinePercent/100)
}

// next is the level that follows from a reading, given the one before: what
// ends a level is more than what begins it.
func next(now Level, r reading) Level {
	enough, low := atFullSpeed(r.typ, enoughMinutes), atFullSpeed(r.typ, lowMinutes)
	revived := max(atFullSpeed(r.typ, revivedMinutes), revivedCap*r.typ.MaxBalance)
	switch {
	case r.throttled:
		return Exhausted
	case r.credits >= enough:
		return Enough
	case now == Exhausted && r.credits < revived:
		return Exhausted
	case now == Enough && r.credits >= low:
		return Enough
	}
	return Low
}
