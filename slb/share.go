package slb

import "slices"

// share lets texts that are in a wish, or several times in what was read, be
// one in memory, and so the members of groups that are as wished for. It is for
// what nobody else has yet; neither is changed in place afterwards.
func (a *Actual) share(d Desired) {
	known, wished := texts{}, map[string][]Member{}
	for _, l := range d.Listeners {
		for _, r := range l.Rules {
			known.add(r.Domain, r.URL)
		}
	}
	for _, g := range d.Groups {
		known.add(g.Key)
		wished[g.Key] = g.Members
		for _, m := range g.Members {
			known.add(m.ServerID, m.IP, m.Description)
		}
	}
	for i := range a.Groups {
		g := &a.Groups[i]
		known.one(&g.ID, &g.Key)
		if want := wished[g.Key]; g.Owned && slices.Equal(g.Members, want) {
			g.Members = want
			continue
		}
		for j := range g.Members {
			m := &g.Members[j]
			known.one(&m.ServerID, &m.IP, &m.Description)
		}
	}
	for i := range a.Listeners {
		rules := a.Listeners[i].Rules
		for j := range rules {
			known.one(&rules[j].Domain, &rules[j].URL, &rules[j].GroupID)
		}
	}
}

// texts by themselves.
type texts map[string]string

func (t texts) add(list ...string) {
	for _, s := range list {
		t[s] = s
	}
}

// one replaces texts by those that are known; others are known from now on.
func (t texts) one(list ...*string) {
	for _, s := range list {
		same, known := t[*s]
		if !known {
			t[*s], same = *s, *s
		}
		*s = same
	}
}
