package report

import "time"

// Times of reading.
const (
	// statPeriod is how often queue-proxy makes a statistic (serving
	// pkg/queue/sharedmain/main.go, reportingPeriod).
	statPeriod = time.Second
	// early is how long before the next statistic is due it is asked for, so that
	// the rhythm of a pod is found and kept although clocks drift.
	early = 20 * time.Millisecond
	// again is the wait after an answer that was not new yet. It bounds how old a
	// statistic is when it is read.
	again = 40 * time.Millisecond
	// pause is the wait after a pod did not answer.
	pause = time.Second
	// readTimeout is that of one answer: one that takes longer is of no use.
	readTimeout = time.Second
)

// rhythm is when a pod makes its statistics. They come once a second, at a moment
// of the second that depends on when the pod was started; who asks blindly has to
// ask often, or learns late.
type rhythm struct {
	uptime float64       // of the pod when it made the last one; it tells them apart
	ahead  time.Duration // how much earlier than after a second the next was asked for
}

// next says whether a statistic is new, and when to ask for the one after it. As
// long as each answer is new at once nobody knows how old it is, and answers that
// are late add up until a statistic is lost: so the next one is asked for ever
// earlier, until an answer is not new yet.
func (r *rhythm) next(uptime float64) (fresh bool, wait time.Duration) {
	if uptime == r.uptime {
		r.ahead /= 2
		return false, again
	}
	if r.uptime == 0 {
		r.ahead = statPeriod
	}
	r.uptime = uptime
	r.ahead = min(max(early, 2*r.ahead), statPeriod/2)
	return true, statPeriod - r.ahead
}
