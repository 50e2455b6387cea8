package decide

import (
	"fmt"
	"time"
)

// tell collects what the revision's owner should know.
func (d *decider) tell() {
	for _, p := range d.broken {
		if d.held(p.Pod) {
			d.warn(NoteBroken, "reserve pod %s of a changed template cannot be had: %s; the ready ones stay, and another is tried later", p.Name, p.why)
		} else {
			d.warn(NoteBroken, "reserve pod %s is taken out: %s", p.Name, p.why)
		}
	}
	for _, p := range d.ready {
		switch {
		case p.worn() && d.resigned:
			d.warn(NoteWorn, "reserve pod %s was restarted or will be reclaimed, and what was to take its place is no better (%s): another one is tried later", p.Name, d.Failure.Reason)
		case p.Expiring:
			d.warn(NoteWorn, "reserve pod %s will be reclaimed: another one takes its place", p.Name)
		case p.Restarted:
			d.warn(NoteWorn, "a container of reserve pod %s has been restarted: another pod takes its place", p.Name)
		}
	}
	if d.low && (d.State == Reserved || d.State == Activating) {
		d.warn(NoteCredits, "the CPU credits of the reserve are low and it has requests: it may be slow until standard pods serve")
	}
	if d.Start {
		d.warn(NoteUnheeded, "Knative's autoscaler was told of requests and has started no pod: the first standard pod is started in its place")
	}
	if d.standardFails() {
		d.warn(NoteStandard, "the revision's standard pods do not become ready; the reserve goes on serving")
	}
	for _, p := range d.unread() {
		d.warn(NoteUnreported, "port 9090 of reserve pod %s cannot be read, so that its load is not known: let ebb reach it; the autoscaler counts the reserve by a label instead, which takes seconds longer", p.Name)
	}
	if d.o.Unreported >= d.l.Unreported && len(d.Follow) > 0 {
		d.warn(NoteUnreported, "Knative's autoscaler cannot be told of the reserve's load; it counts the reserve by a label instead, which takes seconds longer")
	}
}

// standardFails reports whether standard pods should have been ready by now.
func (d *decider) standardFails() bool {
	if len(d.ready) == 0 {
		return false
	}
	starting := d.State == Activating && d.o.Scaler.Activity == Activation
	slow := starting && d.o.Now.Sub(d.o.Scaler.Since) >= d.l.SlowStart
	return slow || d.idle() && d.o.Scaler.TimedOut
}

func (d *decider) warn(reason, format string, args ...any) {
	d.Notes = append(d.Notes, Note{Warning: true, Reason: reason, Message: fmt.Sprintf(format, args...)})
}

// wake finds the next moment at which the decision may be another one although
// nothing else has changed.
func (d *decider) wake() {
	if len(d.leaving)+len(d.going) > 0 {
		d.within(d.l.Drain)
	}
	if d.resigned {
		d.at(d.Failure.RetryAt(d.l))
	}
	if since := d.readySince(); d.idle() && !since.IsZero() {
		d.at(since.Add(d.l.Settle))
	}
	if out := d.o.Unreported; out > 0 && len(d.Follow) > 0 {
		d.at(d.o.Now.Add(d.l.Unreported - out))
	}
	for _, p := range d.ready {
		if p.Unread > 0 {
			d.at(d.o.Now.Add(d.l.Unreported - p.Unread))
		}
	}
	if asked := d.asked(); !asked.IsZero() {
		d.at(asked.Add(d.l.Unheeded))
	}
	for _, p := range d.starting {
		d.at(p.Created.Add(d.l.Refused))
		d.at(p.Created.Add(d.l.Unschedulable))
		d.at(p.Created.Add(d.l.Start))
		d.at(p.Since.Add(d.l.Start))
	}
	if d.o.Scaler.Activity == Activation && len(d.ready) > 0 {
		d.at(d.o.Scaler.Since.Add(d.l.SlowStart))
	}
}

// at asks for another look at a time that is to come.
func (d *decider) at(t time.Time) {
	if t.After(d.o.Now) {
		d.within(t.Sub(d.o.Now))
	}
}

func (d *decider) within(t time.Duration) {
	if d.Again == 0 || t < d.Again {
		d.Again = t
	}
}
