package decide

import (
	"slices"
	"time"
)

// fail takes note of reserve pods that could not be had, once for each: a pod
// from before the failure that is remembered is part of it.
func (d *decider) fail() {
	if d.off() {
		return
	}
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
	for _, p := range d.replacements() {
		if p.Restarted && p.Created.After(d.Failure.At) {
			why = ReasonRestarted
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
	d.resigned = d.retrying()
	d.blocked = d.resigned && d.Failure.Reason != ReasonRestarted
}

// retrying reports whether the next try is still to come.
func (d *decider) retrying() bool {
	return d.Failure.Count > 0 && d.o.Now.Before(d.Failure.RetryAt(d.l))
}

// replacements are the ready pods that have come up in the place of worn ones, if
// there still are too few without them: when they are worn, too, more of them would
// not be better.
func (d *decider) replacements() []*Pod {
	if len(d.solid()) >= d.o.Replicas || len(d.ready) <= d.o.Replicas {
		return nil
	}
	sorted := slices.Clone(d.ready)
	slices.SortStableFunc(sorted, func(a, b *Pod) int { return a.Created.Compare(b.Created) })
	return sorted[d.o.Replicas:]
}

// proven reports whether a pod from after the failure that is remembered has been
// ready for long enough to forget it. One from before says nothing of it.
func (d *decider) proven() bool {
	for _, p := range d.ready {
		if d.Failure.Reason == ReasonRestarted && p.Restarted {
			continue
		}
		if p.Created.After(d.Failure.At) && d.o.Now.Sub(p.Since) >= d.l.Proven {
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
