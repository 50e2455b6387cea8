package runc

import "time"

// How a kubelet spaces restarts and pulls.
// https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#restart-policy
const (
	backOffBase = 10 * time.Second
	backOffMax  = 5 * time.Minute
	// A container that ran this long without trouble starts over.
	backOffReset = 10 * time.Minute
)

// backOff spaces the attempts at one thing: base, doubled each time, up to max.
type backOff struct {
	base time.Duration
	next time.Duration
}

// delay answers how long to wait now, and lengthens the delay after it.
func (b *backOff) delay() time.Duration {
	if b.next == 0 {
		b.next = b.base
	}
	now := b.next
	b.next = min(2*b.next, backOffMax)
	return now
}

// reset starts over.
func (b *backOff) reset() { b.next = 0 }

// restarts spaces the restarts of a container: the first one is immediate.
type restarts struct {
	backOff
	crashed bool
}

// delay answers how long to wait after a run of the given length.
func (r *restarts) delay(ran time.Duration) time.Duration {
	if ran >= backOffReset {
		r.reset()
		r.crashed = false
	}
	if !r.crashed {
		r.crashed = true
		return 0
	}
	return r.backOff.delay()
}
