package decide

import "time"

// Limits are the times by which decisions are made.
type Limits struct {
	// Settle is how long a reserve is Ready before the last standard pod may go.
	Settle time.Duration
	// Start is how long a reserve may take to become Ready.
	Start time.Duration
	// Refused is how long the node may look for an instance.
	Refused time.Duration
	// Unschedulable is how long the scheduler may look for a node.
	Unschedulable time.Duration
	// Proven is how long a reserve is Ready before earlier failures are
	// forgotten, and how long one lives that need not count as a failure.
	Proven time.Duration
	// RetryFirst is the wait after a failure. It doubles with each, up to
	// RetryMost.
	RetryFirst, RetryMost time.Duration
	// SlowStart is when standard pods that do not become Ready are told of.
	SlowStart time.Duration
	// Unreported is how long the autoscaler, or a reserve pod, may be out of reach
	// before labels take over.
	Unreported time.Duration
	// Unheeded is how long the autoscaler has to start standard pods after it was
	// told of a request.
	Unheeded time.Duration
	// Statistic is how long before it was read a statistic may have begun.
	Statistic time.Duration
	// Drain is how often a leaving pod is looked at.
	Drain time.Duration
}

// DefaultLimits are those that ebb runs with.
func DefaultLimits() Limits {
	return Limits{
		// Endpoints follow a pod's Ready within 15 to 80 ms (measured), a load
		// balancer's configuration within about a second.
		Settle: 2 * time.Second,
		// Ten times the 30 s that a cold start on ECI is said to take at most,
		// and half of what the gate holds.
		Start: 5 * time.Minute,
		// A round over the five specs that a pod may name: one call for
		// instance types, at most five, with time for each to answer.
		Refused: 10 * time.Second,
		// A cluster autoscaler that adds a node for it needs this long.
		Unschedulable: 3 * time.Minute,
		// Long enough for an application to show that it runs.
		Proven: 10 * time.Minute,
		// Stock changes by the minute at best; the market's data is an hour old
		// at worst.
		RetryFirst: time.Minute,
		RetryMost:  30 * time.Minute,
		// Four times the 30 s of a cold start.
		SlowStart: 2 * time.Minute,
		// A container of the autoscaler's that restarts is back within this. One
		// that was killed is replaced only when its lease is over, 60 s by default
		// (knative.dev/pkg/leaderelection); labels cannot help until then, Unheeded
		// does.
		Unreported: 15 * time.Second,
		// An autoscaler that lives has done so after 15 to 45 ms (measured). With
		// the second that a statistic takes it makes less than two.
		Unheeded: 500 * time.Millisecond,
		// queue-proxy's own statistics are made once a second.
		Statistic: time.Second,
		Drain:     time.Second,
	}
}
