package slb

// wish is what remains of a Desired after what cannot be has been set aside:
// consistent, within the limits, not in conflict with other people's objects.
type wish struct {
	listeners []wishedListener
	groups    []Group
	byKey     map[string]*Group
	certs     map[string]bool // by fingerprint
	problems  []Problem
	// ownCertificates are the ids of those that are there: a server name on one
	// of them is an own one, since extensions have neither name nor tag.
	ownCertificates map[string]bool
}

// wishedListener is a listener to plan for.
type wishedListener struct {
	Listener
	// held means that the listener itself stays as it is, because the wish for
	// it cannot be fulfilled.
	held bool
	// made and filled are the waves in which the listener and its rules are
	// made, see plan_order.go.
	made, filled int
	// refused are matches and domains of wishes that were set aside: what is
	// there in their place stays.
	refusedRules      map[match]bool
	refusedExtensions map[string]bool
}

func (w *wish) refuse(o Object, err error) { w.problems = append(w.problems, Problem{o, err}) }

// admit sorts out what can be planned. A wish that cannot be fulfilled is a
// problem of its own and leaves all others alone.
func (p Planner) admit(d Desired, a *Actual) *wish {
	w := &wish{byKey: map[string]*Group{}, certs: map[string]bool{}, ownCertificates: map[string]bool{}}
	for _, c := range a.Certificates {
		w.ownCertificates[c.ID] = true
	}
	w.admitCertificates(d)
	p.admitGroups(w, d)
	p.limitBackends(w, a)
	for i := range w.groups {
		w.byKey[w.groups[i].Key] = &w.groups[i]
	}
	p.admitListeners(w, d, a)
	return w
}

func (w *wish) admitCertificates(d Desired) {
	for _, c := range d.Certificates {
		f := c.Fingerprint()
		if w.certs[f] {
			continue
		}
		if err := c.check(); err != nil {
			w.refuse(CertificateObject(f), &InvalidError{Field: "certificate", Why: "is refused: " + err.Error()})
			continue
		}
		w.certs[f] = true
	}
}

func (p Planner) admitGroups(w *wish, d Desired) {
	seen := map[string]bool{}
	for _, g := range d.Groups {
		if err := p.Owner.checkKey(g.Key); err != nil {
			w.refuse(GroupObject(g.Key), err)
			continue
		}
		if seen[g.Key] {
			w.refuse(GroupObject(g.Key), invalid("key", "%q occurs twice", g.Key))
			continue
		}
		seen[g.Key] = true
		w.groups = append(w.groups, Group{Key: g.Key, Members: w.admitMembers(g)})
	}
}

func (w *wish) admitMembers(g Group) []Member {
	out := make([]Member, 0, len(g.Members))
	seen := make(map[identity]bool, len(g.Members))
	for _, m := range g.Members {
		if err := m.check(); err != nil {
			w.refuse(MemberObject(g.Key, m), err)
			continue
		}
		if seen[m.identity()] {
			w.refuse(MemberObject(g.Key, m), invalid("server id", "occurs twice with this IP and port"))
			continue
		}
		seen[m.identity()] = true
		out = append(out, m)
	}
	return out
}

// limitBackends keeps the instance's quota. Every group gets one member that
// serves, then what is there stays, then the rest comes by order.
func (p Planner) limitBackends(w *wish, a *Actual) {
	room := p.Limits.BackendsPerInstance - a.Instance.DefaultBackends
	for _, g := range a.Groups {
		if !g.Owned {
			room -= g.Count
		}
	}
	wanted := 0
	for _, g := range w.groups {
		wanted += len(g.Members)
	}
	if wanted <= room {
		return
	}
	ranks := make([][]int, len(w.groups))
	for i, g := range w.groups {
		ranks[i] = backendRanks(g, a.group(g.Key))
	}
	admitted := make([][]Member, len(w.groups))
	for rank := range 3 {
		for i, g := range w.groups {
			for j, m := range g.Members {
				if ranks[i][j] != rank {
					continue
				}
				if room <= 0 {
					w.refuse(MemberObject(g.Key, m), &LimitError{What: "backend servers of a load balancer", Limit: p.Limits.BackendsPerInstance})
					continue
				}
				room--
				admitted[i] = append(admitted[i], m)
			}
		}
	}
	for i := range w.groups {
		w.groups[i].Members = admitted[i]
	}
}

// backendRanks are 0 for one member of the group that serves, if possible one
// that is there, 1 for others that are there, 2 for the rest.
func backendRanks(g Group, have *ActualGroup) []int {
	ranks := make([]int, len(g.Members))
	first := -1
	for j, m := range g.Members {
		ranks[j] = 2
		if have.find(m.identity()) != nil {
			ranks[j] = 1
		}
		if m.Weight > 0 && (first < 0 || ranks[j] < ranks[first]) {
			first = j
		}
	}
	if first >= 0 {
		ranks[first] = 0
	}
	return ranks
}
