package decide

import "slices"

// count chooses the pod that carries the label by which the autoscaler counts and
// scrapes, if the autoscaler cannot be told of the reserve's load: exactly one, and
// it gets the label while there is no standard pod beside which it would count. Of
// several pods it is one whose load is not known otherwise.
func (d *decider) count() {
	untold := d.untold()
	if len(untold) == 0 {
		return
	}
	for _, p := range d.leaving {
		if p.Counted {
			return
		}
	}
	for _, p := range untold {
		if p.Counted {
			d.Count = p.Name
			return
		}
	}
	if d.State == Reserved {
		d.Count = untold[0].Name
	}
}

// untold are the ready pods of whose load the autoscaler cannot be told: all, or
// those that cannot be read.
func (d *decider) untold() []*Pod {
	if d.o.Unreported >= d.l.Unreported {
		return d.ready
	}
	return d.unread()
}

// unread are the ready pods that have not answered for long enough.
func (d *decider) unread() []*Pod {
	var out []*Pod
	for _, p := range d.ready {
		if p.Unread >= d.l.Unreported {
			out = append(out, p)
		}
	}
	return out
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
