package slb

import (
	"slices"
	"testing"
)

// way is what leads requests to a group: a rule, or with no match what the
// listener does with all others.
type way struct {
	endpoint Endpoint
	match    match
}

// answering are the members that answer behind each way of a listener.
type answering map[way]map[identity]bool

func (a answering) add(w way, members []Member) {
	if a[w] == nil {
		a[w] = map[identity]bool{}
	}
	for _, m := range members {
		if m.Weight > 0 {
			a[w][m.identity()] = true
		}
	}
}

// answering is who answers now.
func (f *fakeCloud) answering() answering {
	out := answering{}
	for e, l := range f.listeners {
		if e.Port == 8080 {
			continue // somebody else's
		}
		out.add(way{endpoint: e}, f.groups[l.settings["VServerGroupId"]].members)
		for _, r := range l.rules {
			out.add(way{e, match{r.Domain, r.URL}}, f.groups[r.VServerGroupID].members)
		}
	}
	return out
}

// answering is who shall answer.
func (d Desired) answering() answering {
	out, index := answering{}, indexOf(d)
	for _, l := range d.Listeners {
		out.add(way{endpoint: l.Endpoint()}, index.groups[l.Group].Members)
		for _, r := range l.Rules {
			out.add(way{l.Endpoint(), r.match()}, index.groups[r.Group].Members)
		}
	}
	return out
}

// watched reports whether a plan promises who answers behind a way. Where
// nobody shall answer in the end it does not matter, and a rule that goes may
// have to wait for others that take over its host.
func (d Desired) watched(w way, before, after answering, defaults map[Endpoint]string) bool {
	if _, stays := after[w]; stays {
		return len(after[w]) > 0
	}
	overlaps := func(other way) bool {
		x, y := RuleID{Endpoint: w.endpoint, Domain: w.match.domain}, RuleID{Endpoint: other.endpoint, Domain: other.match.domain}
		return other.match != match{} && (covers(x, y) || covers(y, x))
	}
	for other := range after {
		if overlaps(other) {
			return false
		}
	}
	for other := range before {
		if overlaps(other) && other.match.domain != w.match.domain {
			return false
		}
	}
	return slices.ContainsFunc(d.Listeners, func(l Listener) bool {
		return l.Endpoint() == w.endpoint && defaults[w.endpoint] == l.Group
	})
}

// defaults are the keys of the groups of listeners, where that group serves.
func (f *fakeCloud) defaults() map[Endpoint]string {
	out := map[Endpoint]string{}
	for e, l := range f.listeners {
		if id := l.settings["VServerGroupId"]; f.alive(id) {
			out[e], _ = testOwner.groupKey(f.groups[id].name)
		}
	}
	return out
}

// check that nobody answers who neither did before nor shall after.
func (f *fakeCloud) check(t *testing.T, what string, before answering, defaults map[Endpoint]string, d Desired) {
	t.Helper()
	after := d.answering()
	for w, members := range f.answering() {
		for id := range members {
			if !before[w][id] && !after[w][id] && d.watched(w, before, after, defaults) {
				t.Fatalf("%s: %s answers for %v", what, id.serverID, w)
			}
		}
	}
}
