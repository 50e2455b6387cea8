package decide

import "time"

// fail takes note of reserve pods that could not be had, once for each: a pod
// from before the failure that is remembered is part of it.
func (d *decider) fail() {
	why := ""
	for _, p := range d.broken {
		if p.Created.After(d.Failure.At) {
			why = p.why
		}
	}
	for _, p := range d.ended {
		if p.Created.After(d.Failure.At) && d.o.Now.Sub(p.Created) < d.l.Proven {
			why = ReasonEnded
			if p.Refused != "" {
				why = p.Refused
			}
		}
	}
	if d.proven() {
		d.Failure = Failure{}
	}
	if why == "" && d.idle() && d.attached() < d.o.Replicas && d.o.Reserve.Replicas == 0 && d.o.NoSpec != "" && !d.retrying() {
		why = ReasonNoSpec
	}
	if why != "" {
		d.Failure = Failure{Count: d.Failure.Count + 1, At: d.o.Now, Reason: why}
	}
	d.blocked = d.retrying()
}

// retrying reports whether the next try is still to come.
func (d *decider) retrying() bool {
	return d.Failure.Count > 0 && d.o.Now.Before(d.Failure.RetryAt(d.l))
}

// proven reports whether a reserve has been ready for long enough to forget what
// was before.
func (d *decider) proven() bool {
	for _, p := range d.solid() {
		if d.o.Now.Sub(p.Since) >= d.l.Proven {
			return true
		}
	}
	return false
}

// RetryAt is when a reserve is tried again after a failure.
func (f Failure) RetryAt(l Limits) time.Time {
	wait := l.RetryMost
	if doublings := f.Count - 1; doublings < 16 {
		wait = min(l.RetryFirst<<doublings, l.RetryMost)
	}
	return f.At.Add(wait)
}
