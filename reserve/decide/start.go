package decide

import "time"

// start gives the revision its first standard pod when the autoscaler, told of a
// request, does not: it may be down, and one that was killed is replaced only when
// its lease is over. How many more are needed is the autoscaler's to say.
func (d *decider) start() {
	asked := d.asked()
	d.Start = !asked.IsZero() && !d.o.Now.Before(asked.Add(d.l.Unheeded))
}

// asked is when the autoscaler was first told of a request that it has not heeded
// yet; zero if there is none. A statistic that may have begun before the last
// standard pod went can tell of requests that those have answered.
func (d *decider) asked() time.Time {
	var first time.Time
	if d.State != Reserved || d.o.Memory.State != Reserved {
		return first
	}
	for _, p := range d.ready {
		for _, t := range p.Asked {
			if t.After(d.o.Memory.Since.Add(d.l.Statistic)) && (first.IsZero() || t.Before(first)) {
				first = t
			}
		}
	}
	return first
}
