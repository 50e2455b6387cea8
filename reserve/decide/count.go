package decide

import "slices"

// count chooses the pod that carries the label by which the autoscaler counts and
// scrapes, if the autoscaler cannot be told of the reserve's load: exactly one, and
// it gets the label while there is no standard pod beside which it would count.
func (d *decider) count() {
	if d.o.Unreported < d.l.Unreported {
		return
	}
	for _, p := range d.leaving {
		if p.Counted {
			return
		}
	}
	for _, p := range d.ready {
		if p.Counted {
			d.Count = p.Name
			return
		}
	}
	if d.State == Reserved {
		d.Count = d.ready[0].Name
	}
}

// report says whose load is followed: of all that may have requests.
func (d *decider) report() {
	for _, p := range d.ready {
		d.Follow = append(d.Follow, p.Name)
		d.low = d.low || p.CreditsLow && p.Busy
	}
	for _, p := range slices.Concat(d.leaving, d.ending) {
		d.Follow = append(d.Follow, p.Name)
	}
}
