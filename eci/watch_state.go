package eci

import (
	"reflect"
	"time"
)

const (
	// describeAgain spaces the attempts to describe a group that the answer
	// lacked.
	describeAgain = 5 * time.Second
	// restless is how long a group in transition keeps the watch fast: image
	// pulls of large images take minutes.
	restless = 10 * time.Minute
)

// tracked is what a Watch knows of a group.
type tracked struct {
	base   Group        // as described
	status *GroupStatus // as the status call told last
	merged Group        // both, as delivered

	told      bool      // the caller knows the group
	wants     bool      // needs to be described
	wantsFrom time.Time // not before
	addressed bool      // was described with its address
	untold    bool      // has ended, and was not described with its events since
	ending    bool      // was asked to be deleted
	since     time.Time // known since
	changed   time.Time // last change
}

// take notes a listing and statuses, and returns the ids they name.
func (w *Watch) take(listed []Group, statuses []GroupStatus, now time.Time) []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var touched []string
	for _, g := range listed {
		w.track(g.ID, now).list(g)
		touched = append(touched, g.ID)
	}
	for i := range statuses {
		t := w.track(statuses[i].ID, now)
		if t.observe(&statuses[i]) {
			touched = append(touched, statuses[i].ID)
		}
	}
	return touched
}

func (w *Watch) track(id string, now time.Time) *tracked {
	t, ok := w.known[id]
	if !ok {
		t = &tracked{base: Group{ID: id}, wants: true, since: now, changed: now}
		w.known[id] = t
	}
	return t
}

// list notes an entry of a listing, which is asked for without events: the
// known ones stay, and an end first seen here needs them.
func (t *tracked) list(g Group) {
	untold := t.untold || t.ends(g.Status)
	g.Events = t.base.Events
	t.describe(g)
	t.untold, t.wants = untold, untold
}

// describe notes a describe answer with events.
func (t *tracked) describe(g Group) {
	t.base, t.wants, t.untold = g, false, false
	t.addressed = t.addressed || g.IntranetIP != ""
}

// ends reports whether a status is the first that tells of the group's end.
func (t *tracked) ends(s Status) bool {
	return s.Final() && !t.base.Status.Final() && (t.status == nil || !t.status.Status.Final())
}

// observe notes a status and reports whether it is news. Some news need a
// describe answer to go with them.
func (t *tracked) observe(s *GroupStatus) bool {
	if t.status != nil && reflect.DeepEqual(*t.status, *s) {
		return false
	}
	t.untold = t.untold || t.ends(s.Status)
	if s.PodIP != "" && !t.addressed || t.untold || t.initializing() {
		t.wants = true
	}
	t.status = s
	return true
}

// initializing reports init containers that have not all ended well: the
// status call tells nothing of them.
func (t *tracked) initializing() bool {
	for i := range t.base.InitContainers {
		c := &t.base.InitContainers[i].Current
		if c.State != "Terminated" || c.ExitCode != 0 {
			return true
		}
	}
	return false
}

// wanting are the ids to describe now.
func (w *Watch) wanting(now time.Time) []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var ids []string
	for id, t := range w.known {
		if t.wants && !now.Before(t.wantsFrom) {
			ids = append(ids, id)
		}
	}
	return ids
}

// describe notes describe answers; those that did not come are asked for again
// later.
func (w *Watch) describe(groups []Group, wanting []string, now time.Time) []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var touched []string
	for _, g := range groups {
		if t, ok := w.known[g.ID]; ok {
			t.describe(g)
			touched = append(touched, g.ID)
		}
	}
	for _, id := range wanting {
		if t, ok := w.known[id]; ok && t.wants {
			t.wantsFrom = now.Add(describeAgain)
		}
	}
	return touched
}

// settle merges what is known of a group and reports whether the caller should
// hear of it.
func (w *Watch) settle(id string, now time.Time) (Group, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	t, ok := w.known[id]
	if !ok || !t.told && t.wants {
		return Group{}, false
	}
	g := merge(t.base, t.status)
	if t.told && reflect.DeepEqual(g, t.merged) {
		return Group{}, false
	}
	t.merged, t.told, t.changed = g, true, now
	return g, true
}

// anyEnding reports groups that are on their way out, which an incremental
// call cannot show: a group that is gone has no status that changes.
func (w *Watch) anyEnding() bool {
	for _, t := range w.known {
		if t.ending || t.merged.Status == StatusTerminating {
			return true
		}
	}
	return false
}

// busy reports that changes are to be expected.
func (w *Watch) busy(now time.Time) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, t := range w.known {
		if t.restless() && now.Sub(t.changed) < restless {
			return true
		}
	}
	return false
}

func (t *tracked) restless() bool {
	switch t.merged.Status {
	case StatusScheduling, StatusPending, StatusRestarting, StatusUpdating, StatusTerminating, "":
		return true
	}
	return t.ending
}
