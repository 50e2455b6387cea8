package slb

import (
	"slices"
	"strings"
)

// A rule must have left a group before that gets members which the rule does
// not want, and a group must be complete before a rule joins it. So groups
// change in waves: a rule that leaves a group joins its next one in an earlier
// wave. Where groups wait for each other in a circle, rules go by way of a
// further group, a detour.
//
// Not all is promised. A rule whose next group shall serve nobody leads to who
// served there. A rule that is to be deleted counts only when its host is given
// up with it: else rules that are still to be made take over. And on an
// instance without room for all, to be served at all comes first.

// order settles in which wave each group changes. All fit together, with room
// left over.
func (b *builder) order(list []*membership, room int) {
	b.byID = map[string]*membership{}
	for _, m := range list {
		if m.have != nil {
			b.byID[m.have.ID] = m
		}
	}
	for i := range b.want.listeners {
		w := &b.want.listeners[i]
		b.leave(w, b.found(w))
		b.forsake(w, b.found(w))
	}
	for _, m := range list {
		b.settle(m)
	}
	if b.last == 0 {
		return // nothing waits
	}
	for i := range b.want.listeners {
		b.orderListener(&b.want.listeners[i])
	}
	b.detours(room)
}

// orderListener settles in which waves a listener and its rules are made.
func (b *builder) orderListener(w *wishedListener) {
	have := b.found(w)
	if !w.held && have.Port == 0 {
		w.made = b.members[w.Group].wave
	}
	w.filled = w.made
	for _, r := range w.Rules {
		if have.rule(r.match()) == nil {
			w.filled = max(w.filled, b.members[r.Group].wave)
		}
	}
}

// found is what is there of a listener and stays; nothing where it is made.
func (b *builder) found(w *wishedListener) *ActualListener {
	if l := b.have.listener(w.Endpoint()); l != nil && (w.held || !l.Redirects) {
		return l
	}
	return &ActualListener{}
}

// leave notes which groups a listener and its rules leave, and for which. The
// listener itself leaves its group only when the rules are made that take over
// from it.
func (b *builder) leave(w *wishedListener, have *ActualListener) {
	over := ""
	if !w.held && b.leads(have.GroupID, w.Group) {
		over = have.GroupID
	}
	for _, r := range w.Rules {
		if is := have.rule(r.match()); is != nil {
			b.leads(is.GroupID, r.Group)
			continue
		}
		b.members[r.Group].joined = true
		b.leads(over, r.Group)
	}
}

// leads notes that what leads to one group, or is still to be made, shall lead
// to another.
func (b *builder) leads(from, to string) (moves bool) {
	next := b.members[to]
	if next.have != nil && next.have.ID == from {
		return false
	}
	next.joined = true
	if m := b.byID[from]; m != nil && next.serves {
		m.next = append(m.next, next)
	}
	return true
}

// forsake finds rules to delete that lead to a group which changes. Domains
// that no other rule answers for can go as a whole before that: requests go to
// the listener's own group then.
func (b *builder) forsake(w *wishedListener, have *ActualListener) {
	own := b.byID[have.GroupID]
	if own == nil || own.key != w.Group || own.serves && own.live == 0 {
		return
	}
	domains := map[string]bool{}
	for i := range have.Rules {
		r := &have.Rules[i]
		if m := b.byID[r.GroupID]; m != nil && m.changes && (domains[r.Domain] || b.givesUp(w, have, r.Domain)) {
			m.forsaken, domains[r.Domain] = true, true
		}
	}
	for i := range have.Rules {
		if r := &have.Rules[i]; domains[r.Domain] {
			b.forsaken = append(b.forsaken, ruleID(have, r))
		}
	}
}

// givesUp reports whether all rules of a domain are to be deleted, and no other
// answers for hosts of it, now or later.
func (b *builder) givesUp(w *wishedListener, have *ActualListener, domain string) bool {
	overlap := func(other string) bool {
		x, y := RuleID{Domain: domain}, RuleID{Domain: other}
		return covers(x, y) || covers(y, x)
	}
	for i := range have.Rules {
		if r := &have.Rules[i]; overlap(r.Domain) && (r.Domain != domain || !b.unwanted(have, r)) {
			return false
		}
	}
	return !slices.ContainsFunc(w.Rules, func(r Rule) bool { return overlap(r.Domain) })
}

// settle finds the wave of a group: after those of the groups that rules leave
// it for, except where one of those waits for it.
func (b *builder) settle(m *membership) {
	if m.settling || m.settled {
		return
	}
	m.settling = true
	if m.changes {
		if m.forsaken {
			m.wave = 1
		}
		for _, next := range m.next {
			if b.settle(next); next.settled {
				m.wave = max(m.wave, next.wave+1)
			}
		}
	}
	m.settled, b.last = true, max(b.last, m.wave)
}

// detourPrefix begins the keys of detours. The next plan finds them unwanted.
const detourPrefix = "detour."

func isDetour(key string) bool { return strings.HasPrefix(key, detourPrefix) }

// detours leads rules that would leave a group too late away from it, as long
// as there is room.
func (b *builder) detours(room int) {
	for i := range b.want.listeners {
		w := &b.want.listeners[i]
		have := b.found(w)
		if !w.held {
			if key, ok := b.detour(have.GroupID, w.Group, w.filled, &room); ok {
				l := bare(w.Listener)
				l.Group = key
				b.add(SetListener{l})
			}
		}
		for _, r := range w.Rules {
			is := have.rule(r.match())
			if is == nil {
				continue
			}
			if key, ok := b.detour(is.GroupID, r.Group, 0, &room); ok {
				r.Group = key
				b.add(SetRule{w.Endpoint(), r})
			}
		}
	}
}

// detour makes the group by way of which something goes that would move in a
// wave, if it must and can.
func (b *builder) detour(from, to string, wave int, room *int) (key string, ok bool) {
	m, next := b.byID[from], b.members[to]
	if m == nil || m == next || !m.changes || !next.serves || m.wave > max(next.wave, wave) {
		return "", false
	}
	key = detourPrefix + short(to, 16)
	if next.detour || b.have.group(key) != nil {
		return key, next.detour
	}
	by := compareMembers(Group{key, b.want.byKey[to].Members}, nil)
	if len(by.add) > *room {
		return "", false
	}
	*room -= len(by.add)
	b.fill(by, len(by.add))
	next.detour = true
	return key, true
}
