package gateway

import (
	"slices"
	"time"

	"github.com/ebb-node/ebb/slb"
)

// membership is a vServer group over time: a member that is no longer wanted
// stays with weight 0 until the requests that it has must have ended.
type membership struct {
	members []slb.Member // what was last wished for, with those that leave
	leaving []leaver
}

// leaver is a member on its way out.
type leaver struct {
	place place
	since time.Time
	gone  time.Time // when its pod was found to be gone; zero: it is there
}

const (
	// lingerSlack is how much longer than a request may take a member lingers,
	// so that members that left within this time leave in one call.
	lingerSlack = 20 * time.Second
	// goneSettle is how long a member whose pod is gone waits for others to
	// leave with it. Pods of a revision that end together end within seconds.
	goneSettle = 5 * time.Second
)

// lingering says how long members stay, and whose pod is gone.
type lingering struct {
	now time.Time
	// request is how long a request may take.
	request time.Duration
	settle  time.Duration // goneSettle but in tests
	// gone reports that the pod behind a member no longer exists, so that none
	// of its requests does either.
	gone func(slb.Member) bool
}

// present is the weight that a place has now, slb.NewPod when it has none.
func (m *membership) present(p place) int {
	for _, member := range m.members {
		if placeOf(member) == p {
			return member.Weight
		}
	}
	return slb.NewPod
}

// update takes what is wanted now and returns the group's members: those, and
// the leaving ones. While others serve the group a leaving one has weight 0;
// else it keeps its weight, since rules lead elsewhere then and a write would
// change nothing.
func (m *membership) update(wanted []slb.Member, l lingering) []slb.Member {
	left := m.without(wanted)
	m.note(left, l)
	if due := m.due(l); !due.IsZero() && !due.After(l.now) {
		m.release(l)
	}
	if len(m.leaving) == 0 {
		m.members = wanted
		return wanted
	}
	out := slices.Clone(wanted)
	for _, member := range left {
		if !m.isLeaving(placeOf(member)) {
			continue
		}
		if len(wanted) > 0 {
			member.Weight = 0
		}
		out = append(out, member)
	}
	m.members = out
	return out
}

// without are the members that are not wanted any more.
func (m *membership) without(wanted []slb.Member) []slb.Member {
	want := make(map[place]bool, len(wanted))
	for _, w := range wanted {
		want[placeOf(w)] = true
	}
	var out []slb.Member
	for _, was := range m.members {
		if !want[placeOf(was)] {
			out = append(out, was)
		}
	}
	return out
}

// note begins and ends the leaving of members, and sees whose pod is gone.
func (m *membership) note(left []slb.Member, l lingering) {
	before := m.leaving
	m.leaving = nil
	for _, member := range left {
		now := leaver{place: placeOf(member), since: l.now}
		if i := slices.IndexFunc(before, func(b leaver) bool { return b.place == now.place }); i >= 0 {
			now = before[i]
		}
		if now.gone.IsZero() && l.gone(member) {
			now.gone = l.now
		}
		m.leaving = append(m.leaving, now)
	}
}

func (m *membership) isLeaving(p place) bool {
	return slices.ContainsFunc(m.leaving, func(l leaver) bool { return l.place == p })
}

// release forgets the members that have left.
func (m *membership) release(l lingering) {
	m.leaving = slices.DeleteFunc(m.leaving, func(left leaver) bool {
		return !left.gone.IsZero() || l.now.Sub(left.since) >= l.request
	})
}

// due is when the next members are released; zero: none is leaving.
func (m *membership) due(l lingering) time.Time {
	var first time.Time
	for _, left := range m.leaving {
		at := left.since.Add(l.request + lingerSlack)
		if !left.gone.IsZero() {
			at = earlier(at, left.gone.Add(l.settle))
		}
		first = earlier(first, at)
	}
	return first
}

// earlier of two times, of which zero is none.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}
