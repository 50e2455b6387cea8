package slb

import "slices"

// admitListeners sorts out listeners with their rules and extensions.
func (p Planner) admitListeners(w *wish, d Desired, a *Actual) {
	taken := map[int]bool{}
	room := p.Limits.ListenersPerInstance
	for i := range a.Listeners {
		if !a.Listeners[i].Owned {
			room--
		}
	}
	for _, l := range presentFirst(d.Listeners, func(l Listener) bool { return a.listener(l.Endpoint()) != nil }) {
		o := ListenerObject(l.Endpoint())
		if err := checkPort(l.Port); err != nil {
			w.refuse(o, err)
			continue
		}
		if taken[l.Port] {
			w.refuse(o, invalid("port", "%d occurs twice", l.Port))
			continue
		}
		taken[l.Port] = true
		room--
		wished, err := p.admitListener(w, l, a, room >= 0)
		if err != nil {
			w.refuse(o, err)
		}
		if wished != nil {
			w.listeners = append(w.listeners, *wished)
			continue
		}
		for _, r := range l.Rules {
			w.refuse(RuleObject(l.Endpoint(), r.Domain, r.URL), &BlockedError{By: o})
		}
	}
}

// presentFirst orders what is there before what is not.
func presentFirst[T any](list []T, present func(T) bool) []T {
	out := slices.Clone(list)
	slices.SortStableFunc(out, func(x, y T) int {
		switch px, py := present(x), present(y); {
		case px && !py:
			return -1
		case py && !px:
			return 1
		}
		return 0
	})
	return out
}

// admitListener returns a listener to plan for. With an error it is held, or
// nil when there is none that could be.
func (p Planner) admitListener(w *wish, l Listener, a *Actual, room bool) (*wishedListener, error) {
	have := a.listener(l.Endpoint())
	if other := foreignOn(a, l.Port); other != nil {
		return nil, &ConflictError{With: "listener " + other.Endpoint().String()}
	}
	err := w.checkListener(l)
	if err == nil && have == nil && !room {
		err = &LimitError{What: "listeners of a load balancer", Limit: p.Limits.ListenersPerInstance}
	}
	if err != nil && have == nil {
		return nil, err
	}
	return p.admitParts(w, l, have, err != nil), err
}

// foreignOn is somebody else's listener on a port, nil when there is none. A
// port carries UDP besides another protocol.
func foreignOn(a *Actual, port int) *ActualListener {
	for i := range a.Listeners {
		if l := &a.Listeners[i]; l.Port == port && !l.Owned && l.Protocol != "udp" {
			return l
		}
	}
	return nil
}

// checkListener looks at a listener and at what it refers to.
func (w *wish) checkListener(l Listener) error {
	if err := l.check(); err != nil {
		return err
	}
	if w.byKey[l.Group] == nil {
		return &BlockedError{By: GroupObject(l.Group)}
	}
	if l.Protocol == HTTPS && !w.certs[l.Certificate] {
		return &BlockedError{By: CertificateObject(l.Certificate)}
	}
	return nil
}

// admitParts sorts out the rules and extensions of a listener.
func (p Planner) admitParts(w *wish, l Listener, have *ActualListener, held bool) *wishedListener {
	out := &wishedListener{Listener: l, held: held, refusedRules: map[match]bool{}, refusedExtensions: map[string]bool{}}
	if have == nil {
		have = &ActualListener{}
	}
	out.Rules = p.admitRules(w, out, have)
	out.Extensions = p.admitExtensions(w, out, have)
	return out
}

func (p Planner) admitRules(w *wish, l *wishedListener, have *ActualListener) []Rule {
	e := l.Endpoint()
	room := p.Limits.RulesPerListener
	for _, r := range have.Rules {
		if !r.Owned {
			room--
		}
	}
	var out []Rule
	seen := map[match]bool{}
	for _, r := range presentFirst(l.Rules, func(r Rule) bool { return have.rule(r.match()) != nil }) {
		err := w.checkRule(l, r, have)
		switch {
		case err == nil && seen[r.match()]:
			err = invalid("domain", "and url occur twice")
		case err == nil && room <= 0:
			err = &LimitError{What: "rules of a listener", Limit: p.Limits.RulesPerListener}
		}
		if err != nil {
			if !l.refusedRules[r.match()] && !seen[r.match()] && ownedRule(have.rule(r.match())) {
				room-- // what is there stays
			}
			l.refusedRules[r.match()] = true
			w.refuse(RuleObject(e, r.Domain, r.URL), err)
			continue
		}
		seen[r.match()] = true
		room--
		out = append(out, r)
	}
	return out
}

func ownedRule(r *ActualRule) bool { return r != nil && r.Owned }

func (w *wish) checkRule(l *wishedListener, r Rule, have *ActualListener) error {
	if !l.Endpoint().layer7() {
		return invalid("listener", "%s has no rules", l.Endpoint())
	}
	if err := r.check(); err != nil {
		return err
	}
	if w.byKey[r.Group] == nil {
		return &BlockedError{By: GroupObject(r.Group)}
	}
	if other := have.rule(r.match()); other != nil && !other.Owned {
		return &ConflictError{With: "rule " + other.ID}
	}
	return nil
}

func (p Planner) admitExtensions(w *wish, l *wishedListener, have *ActualListener) []Extension {
	room := p.Limits.ExtensionsPerListener
	wanted := map[string]bool{}
	for _, e := range l.Extensions {
		wanted[e.Domain] = true
	}
	for _, e := range have.Extensions {
		if !wanted[e.Domain] && !w.ownCertificates[e.CertificateID] {
			room--
		}
	}
	var out []Extension
	seen := map[string]bool{}
	for _, e := range presentFirst(l.Extensions, func(e Extension) bool { return have.extension(e.Domain) != nil }) {
		err := w.checkExtension(l, e)
		switch {
		case err == nil && seen[e.Domain]:
			err = invalid("domain", "occurs twice")
		case err == nil && room <= 0:
			err = &LimitError{What: "additional domains of an HTTPS listener", Limit: p.Limits.ExtensionsPerListener}
		}
		if err != nil {
			if !l.refusedExtensions[e.Domain] && !seen[e.Domain] && have.extension(e.Domain) != nil {
				room-- // what is there stays
			}
			l.refusedExtensions[e.Domain] = true
			w.refuse(ExtensionObject(l.Port, e.Domain), err)
			continue
		}
		seen[e.Domain] = true
		room--
		out = append(out, e)
	}
	return out
}

func (w *wish) checkExtension(l *wishedListener, e Extension) error {
	if l.Protocol != HTTPS {
		return invalid("listener", "%s is not an HTTPS listener", l.Endpoint())
	}
	if err := e.check(); err != nil {
		return err
	}
	if !w.certs[e.Certificate] {
		return &BlockedError{By: CertificateObject(e.Certificate)}
	}
	return nil
}
