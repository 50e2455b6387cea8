package slb

import "slices"

// membership is what a group's members lack.
type membership struct {
	key             string
	have            *ActualGroup // nil: to be made
	add, set, leave []Member
	// serves is whether the group shall get traffic when all is done.
	serves bool
	// changes is whether it is there and gets other members that serve.
	changes bool
	// live counts the members that serve now, added those that were added.
	live, added int

	// What follows is about the order of plans.

	next              []*membership // groups that rules leave it for
	forsaken          bool          // rules are deleted before it changes
	joined            bool          // by a rule
	settling, settled bool
	wave              int  // when it changes
	detour            bool // rules join it by way of another one
}

// compareGroups finds what the groups lack, and when they get it.
func (b *builder) compareGroups() {
	b.members = make(map[string]*membership, len(b.want.groups))
	adds := 0
	for _, g := range b.want.groups {
		m := compareMembers(g, b.have.group(g.Key))
		adds += len(m.add)
		b.groups = append(b.groups, m)
		b.members[g.Key] = m
	}
	room := b.Limits.BackendsPerInstance - b.have.backends()
	if adds <= room {
		b.order(b.groups, room-adds)
		return
	}
	b.fillTight(slices.Concat(b.groups, b.unwantedGroups()), room)
}

// changeGroups fills the groups of a wave and sets their weights. A group that
// rules are to join gets rid of others first.
func (b *builder) changeGroups(wave int) {
	for _, m := range b.groups {
		if m.wave == wave && (m.have == nil || len(m.add) > 0) {
			b.fill(m, len(m.add))
		}
	}
	for _, m := range b.groups {
		if m.wave != wave || !m.serves {
			continue
		}
		b.setWeights(m)
		if m.joined {
			b.removeMembers(m)
			m.leave = nil
		}
	}
}

// retire silences groups that shall serve no more, and takes members out.
func (b *builder) retire() {
	for _, m := range b.groups {
		if !m.serves {
			b.setWeights(m)
		}
		b.removeMembers(m)
	}
}

func compareMembers(g Group, have *ActualGroup) *membership {
	m := &membership{key: g.Key, have: have}
	for _, want := range g.Members {
		m.serves = m.serves || want.Weight > 0
		switch is := have.find(want.identity()); {
		case is == nil && want.Weight == 0:
			// It leaves and never came: an add would cost a call that
			// others need, and fail if its address is gone.
		case is == nil:
			m.add = append(m.add, want)
		case is.Weight != want.Weight:
			m.set = append(m.set, want)
		}
	}
	if have == nil {
		return m
	}
	m.changes = m.serves && len(m.add)+len(m.set) > 0
	wanted := make(map[identity]bool, len(g.Members))
	for _, want := range g.Members {
		wanted[want.identity()] = true
	}
	for _, is := range have.Members {
		if is.Weight > 0 {
			m.live++
		}
		if !wanted[is.identity()] {
			m.leave = append(m.leave, is)
		}
	}
	// Raised before lowered, so that calls of 20 never leave nobody serving;
	// those that serve first, so that a new group serves at once.
	slices.SortStableFunc(m.set, func(x, y Member) int {
		return change(have, y) - change(have, x)
	})
	return m
}

// find is member for a group that may not exist.
func (g *ActualGroup) find(id identity) *Member {
	if g == nil {
		return nil
	}
	return g.member(id)
}

func change(have *ActualGroup, m Member) int { return m.Weight - have.member(m.identity()).Weight }

// fill adds the next n members, making the group when it is not there.
func (b *builder) fill(m *membership, n int) {
	slices.SortStableFunc(m.add, func(x, y Member) int { return min(y.Weight, 1) - min(x.Weight, 1) })
	var now []Member
	now, m.add = m.add[:n], m.add[n:]
	m.added += n
	for _, member := range now {
		m.live += min(member.Weight, 1)
	}
	if m.have == nil {
		first := min(len(now), membersPerCall)
		b.add(CreateGroup{m.key, now[:first:first]})
		m.have, now = &ActualGroup{}, now[first:]
	}
	for _, members := range chunks(now, membersPerCall) {
		b.add(AddMembers{m.key, members})
	}
}

// fillTight fills groups on an instance that has no room for all: leaving
// members go first where others still serve their group, turn by turn. Every
// group gets one member before any gets more. Where only the last member that
// serves can make room for the one that replaces it, it does.
func (b *builder) fillTight(list []*membership, room int) {
	for _, turn := range []struct {
		most int
		last bool
	}{{1, false}, {b.Limits.BackendsPerInstance, false}, {b.Limits.BackendsPerInstance, true}} {
		for moved := true; moved; {
			before := room
			moved = false
			for _, m := range list {
				n := max(0, min(room, turn.most-m.added, len(m.add)))
				moved = moved || n > 0
				if n > 0 || m.have == nil { // an empty group can be pointed to
					b.fill(m, n)
					room -= n
				}
			}
			for _, m := range list {
				room += b.makeRoom(m, turn.last && lacking(list) > room)
			}
			moved = moved || room != before
		}
	}
	for _, m := range list {
		for _, member := range m.add {
			b.want.refuse(MemberObject(m.key, member),
				&LimitError{What: "backend servers of a load balancer", Limit: b.Limits.BackendsPerInstance})
		}
		m.add = nil
	}
}

// unwantedGroups are own groups that will be deleted, but not before traffic
// has gone elsewhere: meanwhile their members can make room.
func (b *builder) unwantedGroups() (out []*membership) {
	for i := range b.have.Groups {
		if g := &b.have.Groups[i]; g.Owned && b.want.byKey[g.Key] == nil {
			out = append(out, compareMembers(Group{Key: g.Key}, g))
		}
	}
	return out
}

// lacking counts the members that are still to be added.
func lacking(list []*membership) (n int) {
	for _, m := range list {
		n += len(m.add)
	}
	return n
}

// makeRoom takes out up to a call's worth of leaving members; the last one
// that serves only if told so.
func (b *builder) makeRoom(m *membership, last bool) int {
	var out, stay []Member
	for _, member := range m.leave {
		spare := last || member.Weight == 0 || m.live > 1
		if len(out) == membersPerCall || !spare {
			stay = append(stay, member)
			continue
		}
		m.live -= min(member.Weight, 1)
		out = append(out, member)
	}
	if len(out) > 0 {
		b.add(RemoveMembers{m.key, out})
		m.leave = stay
	}
	return len(out)
}

func (b *builder) setWeights(m *membership) {
	for _, members := range chunks(m.set, membersPerCall) {
		b.add(SetWeights{m.key, members})
	}
}

func (b *builder) removeMembers(m *membership) {
	for _, members := range chunks(m.leave, membersPerCall) {
		b.add(RemoveMembers{m.key, members})
	}
}

// deleteGroups deletes own groups that are not wanted and that nothing refers
// to when the plan is done.
func (b *builder) deleteGroups() {
	used := b.usedGroups()
	for _, g := range b.have.Groups {
		if !g.Owned || used[g.ID] {
			continue
		}
		if kept := b.have.group(g.Key); b.want.byKey[g.Key] != nil && kept.ID == g.ID {
			continue
		}
		b.add(DeleteGroup{ID: g.ID, Group: g.Key})
	}
}

// usedGroups are the ids of groups that listeners and rules refer to when all
// earlier steps are done.
func (b *builder) usedGroups() map[string]bool {
	used := map[string]bool{}
	for i := range b.have.Listeners {
		l := &b.have.Listeners[i]
		w := b.wished(l.Endpoint())
		if b.deletes(l) {
			continue
		}
		if w == nil || w.held || w.Group == "" {
			used[l.GroupID] = true
		}
		for j := range l.Rules {
			if r := &l.Rules[j]; !b.moves(l, r) {
				used[r.GroupID] = true
			}
		}
	}
	return used
}
