package decide

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

// report says whose load is followed, and whether to claim a load for the reserve:
// one whose credits are nearly used up is slow before long, so standard pods are
// started in time.
func (d *decider) report() {
	for _, p := range d.ready {
		d.Follow = append(d.Follow, p.Name)
		d.low = d.low || p.CreditsLow && p.Busy
	}
	d.Nudge = d.low && d.State == Reserved
	for _, p := range d.leaving {
		d.Follow = append(d.Follow, p.Name)
	}
}
