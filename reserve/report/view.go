package report

import (
	"time"

	asmetrics "knative.dev/serving/pkg/autoscaler/metrics"
)

const (
	// idleReads is how many statistics in a row without a request make a pod
	// idle: the first may have begun before its endpoints were known to be gone,
	// and clients keep connections open between two requests.
	idleReads = 3
	// busyFor is how long a pod counts as busy after a request.
	busyFor = time.Minute
	// askedReads is how many statistics with a request are remembered: enough to
	// find the first one that matters however late it is looked for.
	askedReads = 4
	// firstReads is how many statistics tell what the first requests took: one that
	// comes at the end of a statistic ends in the next.
	firstReads = 2
)

// Load is requests, and the time that they were in flight altogether: divided by one
// another they are what a request took (Little's law), since queue-proxy integrates
// its concurrency over time (networking pkg/http/stats, RequestStats).
type Load struct {
	Requests float64
	Seconds  float64
}

// Add sums two loads.
func (l Load) Add(o Load) Load { return Load{l.Requests + o.Requests, l.Seconds + o.Seconds} }

// View is what has been seen of a pod.
type View struct {
	// Asked is when the last statistics with a request were read, the oldest first.
	// Zero times come before them if there were fewer.
	Asked     [askedReads]time.Time
	BusySince time.Time // when the first one was, since the pod was last not busy
	// First is the load of the first requests since then.
	First      Load
	firstReads int // how many statistics are still to be added to it
	// UnreadSince is since when the pod does not answer; zero if it does.
	UnreadSince time.Time

	// calm is when the last statistics without a request began, the oldest first.
	calm [idleReads]time.Time
}

// add takes note of a statistic that was made up to a moment.
func (v *View) add(s asmetrics.Stat, now time.Time) {
	defer v.addFirst(s)
	if s.AverageConcurrentRequests > 0 || s.RequestCount > 0 {
		if !v.Busy(now) {
			v.BusySince, v.First, v.firstReads = now, Load{}, firstReads
		}
		v.calm = [idleReads]time.Time{}
		copy(v.Asked[:], v.Asked[1:])
		v.Asked[askedReads-1] = now
		return
	}
	copy(v.calm[:], v.calm[1:])
	v.calm[idleReads-1] = now.Add(-statPeriod)
}

func (v *View) addFirst(s asmetrics.Stat) {
	if v.firstReads == 0 {
		return
	}
	v.firstReads--
	period := statPeriod.Seconds()
	v.First = v.First.Add(Load{Requests: s.RequestCount * period, Seconds: s.AverageConcurrentRequests * period})
}

// IdleSince reports whether the pod has had no request from a time on, and has been
// looked at often enough to say so. A pod may have been idle before, too.
func (v View) IdleSince(t time.Time) bool {
	return !v.calm[0].IsZero() && !v.calm[0].Before(t)
}

// Busy reports whether the pod has had a request not long ago.
func (v View) Busy(now time.Time) bool {
	last := v.Asked[askedReads-1]
	return !last.IsZero() && now.Sub(last) < busyFor
}

// unproxied is the part of a statistic that no activator tells of.
func unproxied(s asmetrics.Stat) asmetrics.Stat {
	return asmetrics.Stat{
		PodName:                   s.PodName,
		AverageConcurrentRequests: max(0, s.AverageConcurrentRequests-s.AverageProxiedConcurrentRequests),
		RequestCount:              max(0, s.RequestCount-s.ProxiedRequestCount),
		ProcessUptime:             s.ProcessUptime,
	}
}
