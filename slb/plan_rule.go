package slb

import "slices"

// rules makes the rules that a listener lacks and points others to their
// groups, if these are those of a wave.
func (b *builder) rules(w *wishedListener, wave int) {
	have := b.rulesNow(w)
	var create []Rule
	var set []SetRule
	for _, r := range w.Rules {
		is, m := have.rule(r.match()), b.members[r.Group]
		at := m.wave
		if !m.serves {
			at = max(at, w.filled) // others may be made for what it serves
		}
		switch {
		case is == nil:
			create = append(create, r)
		case at == wave && ruleDiffers(is, m):
			set = append(set, SetRule{w.Endpoint(), r})
		}
	}
	if w.filled != wave { // all together, since they count on each other
		create = nil
	}
	b.ruleRoom(w, have, len(create))
	for _, rules := range byDomain(create, Rule.domain, false) {
		b.add(CreateRules{w.Endpoint(), rules})
	}
	for _, s := range set {
		b.add(s)
	}
}

// rulesNow is the listener whose rules are there when rules are planned.
func (b *builder) rulesNow(w *wishedListener) *ActualListener {
	if l := b.have.listener(w.Endpoint()); l != nil && !b.anew[w.Endpoint()] {
		return l
	}
	return &ActualListener{}
}

// ruleDiffers reports whether a rule is not as desired. Rules are made without
// settings of their own: one that has some got them from somebody else, who may
// have switched health checks on, which count as traffic, or ignores weights.
func ruleDiffers(is *ActualRule, group *membership) bool {
	return group.have == nil || group.have.ID != is.GroupID || is.Apart
}

// ruleRoom deletes unwanted rules of a full listener before others are made,
// as many as needed: first those whose host is given up anyway.
func (b *builder) ruleRoom(w *wishedListener, have *ActualListener, creates int) {
	excess := len(have.Rules) + creates - b.Limits.RulesPerListener
	for i := range have.Rules {
		if b.gone[have.Rules[i].ID] {
			excess--
		}
	}
	if creates == 0 || excess <= 0 {
		return
	}
	kept := map[string]bool{}
	for _, r := range w.Rules {
		kept[r.Domain] = true
	}
	var unwanted []RuleID
	for i := range have.Rules {
		if r := &have.Rules[i]; b.unwanted(have, r) {
			unwanted = append(unwanted, ruleID(have, r))
		}
	}
	slices.SortStableFunc(unwanted, func(x, y RuleID) int {
		if kept[x.Domain] != kept[y.Domain] {
			if kept[y.Domain] {
				return -1
			}
			return 1
		}
		return len(y.URL) - len(x.URL)
	})
	b.deleteNow(unwanted[:min(excess, len(unwanted))])
}

func ruleID(l *ActualListener, r *ActualRule) RuleID {
	return RuleID{ID: r.ID, Endpoint: l.Endpoint(), Domain: r.Domain, URL: r.URL}
}

func (b *builder) deleteNow(rules []RuleID) {
	rules = slices.DeleteFunc(rules, func(r RuleID) bool { return b.gone[r.ID] })
	for _, r := range rules {
		b.markGone(r.ID)
	}
	for _, batch := range byDomain(rules, RuleID.domain, true) {
		b.add(DeleteRules{batch})
	}
}

// unwanted reports whether a rule is an own one that is to be deleted.
func (b *builder) unwanted(l *ActualListener, r *ActualRule) bool {
	if !r.Owned || b.gone[r.ID] || b.deletes(l) {
		return false
	}
	w := b.wished(l.Endpoint())
	if w == nil {
		return !b.claimed(l.Port)
	}
	return !w.refusedRules[r.match()] && !slices.ContainsFunc(w.Rules, func(want Rule) bool { return want.match() == r.match() })
}

// moves reports whether the plan takes a rule away from its present group.
func (b *builder) moves(l *ActualListener, r *ActualRule) bool {
	if b.gone[r.ID] || b.unwanted(l, r) {
		return true
	}
	w := b.wished(l.Endpoint())
	return r.Owned && w != nil && slices.ContainsFunc(w.Rules, func(want Rule) bool { return want.match() == r.match() })
}

// deleteRules deletes the unwanted rules of all listeners.
func (b *builder) deleteRules() {
	var out []RuleID
	for i := range b.have.Listeners {
		l := &b.have.Listeners[i]
		for j := range l.Rules {
			if r := &l.Rules[j]; b.unwanted(l, r) {
				out = append(out, ruleID(l, r))
			}
		}
	}
	b.deleteNow(out)
}
