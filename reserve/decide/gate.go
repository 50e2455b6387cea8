package decide

import "time"

// gate decides whether the last standard pod may go. It is held back from the
// moment that standard pods serve, since between the autoscaler's word that there
// is no traffic and the end of the last pod there may be as little as 14 ms
// (measured), until the reserve stands ready; unless there will be none.
func (d *decider) gate() {
	gone := d.idle() && d.o.Standard.Replicas == 0
	hopeless := d.blocked && d.attached() == 0
	d.CloseGate = !d.off() && !gone && !hopeless && !(d.idle() && d.settled())
}

// settled reports whether the reserve answers requests by all that is known
// elsewhere: endpoints and load balancers have had time to follow. One that will
// be gone soon counts only if no other is to be had.
func (d *decider) settled() bool {
	since := d.readySince()
	return !since.IsZero() && !d.o.Now.Before(since.Add(d.l.Settle))
}

// readySince is since when a reserve is ready; zero if none is.
func (d *decider) readySince() time.Time {
	var first time.Time
	for _, p := range d.able() {
		if first.IsZero() || p.Since.Before(first) {
			first = p.Since
		}
	}
	return first
}
