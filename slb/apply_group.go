package slb

import (
	"context"
	"slices"
)

// placed is a member with its group, which is what is refused or parked.
type placed struct {
	Group string
	Member
}

func place(group string, members []Member) []placed {
	out := make([]placed, len(members))
	for i, m := range members {
		out[i] = placed{group, m}
	}
	return out
}

func unplace(list []placed) []Member {
	out := make([]Member, len(list))
	for i, p := range list {
		out[i] = p.Member
	}
	return out
}

func (p placed) object() Object { return MemberObject(p.Group, p.Member) }

// createGroup makes a group. When the service refuses its members, the group
// is made without and they are added one by one where needed.
func (r *run) createGroup(ctx context.Context, s CreateGroup) {
	members := slices.DeleteFunc(slices.Clone(s.Members), func(m Member) bool {
		_, ok := r.parked.find(placed{s.Group, m})
		return ok
	})
	batch(r, ctx, []Step{CreateGroup{Group: s.Group}}, Step.about, func([]Step) error {
		err := r.newGroup(ctx, s.Group, members)
		if err != nil && len(members) > 0 && separable(err) {
			members, err = nil, r.newGroup(ctx, s.Group, nil)
		}
		return err
	})
	if r.now.group(s.Group) == nil || len(members) == len(s.Members) {
		return
	}
	rest := slices.DeleteFunc(slices.Clone(s.Members), func(m Member) bool { return slices.Contains(members, m) })
	r.addMembers(ctx, s.Group, rest)
}

func (r *run) newGroup(ctx context.Context, key string, members []Member) error {
	r.touched.groupList = true
	p := params{"LoadBalancerId": r.now.Instance.ID, "VServerGroupName": r.owner.groupName(key)}
	if len(members) > 0 {
		p["BackendServers"] = membersText(members, true)
	}
	var answer struct{ VServerGroupID string }
	if err := r.once(ctx, "CreateVServerGroup", p, &answer); err != nil {
		return err
	}
	r.now.Groups = append(r.now.Groups, ActualGroup{
		ID: answer.VServerGroupID, Owned: true, Key: key, Count: len(members), Members: slices.Clone(members),
	})
	r.touched.groups[answer.VServerGroupID] = true
	return nil
}

func (r *run) addMembers(ctx context.Context, key string, members []Member) {
	g := r.now.group(key)
	if g == nil {
		r.failed = append(r.failed, Problem{GroupObject(key), blocked(GroupObject(key))})
		return
	}
	batch(r, ctx, place(key, members), placed.object, func(list []placed) error {
		now := unplace(list)
		if err := r.onMembers(ctx, "AddVServerGroupBackendServers", g, now, true); err != nil {
			return err
		}
		g.Members = append(g.Members, now...)
		g.Count = len(g.Members)
		return nil
	})
}

// setWeights changes weights, except that a group which shall serve keeps the
// last ones that do when those that should replace them could not be added.
func (r *run) setWeights(ctx context.Context, s SetWeights) {
	g := r.now.group(s.Group)
	if g == nil {
		return
	}
	if r.silences(g, s.Members, false) {
		r.failed = append(r.failed, Problem{s.about(), blocked(Object{KindMember, "of " + s.Group})})
		return
	}
	batch(r, ctx, place(s.Group, s.Members), placed.object, func(list []placed) error {
		now := unplace(list)
		if err := r.onMembers(ctx, "SetVServerGroupAttribute", g, now, true); err != nil {
			return err
		}
		for _, m := range now {
			if is := g.member(m.identity()); is != nil {
				is.Weight = m.Weight
			}
		}
		return nil
	})
}

func (r *run) removeMembers(ctx context.Context, s RemoveMembers) {
	g := r.now.group(s.Group)
	if g == nil {
		return
	}
	if r.silences(g, s.Members, true) {
		r.failed = append(r.failed, Problem{s.about(), blocked(Object{KindMember, "of " + s.Group})})
		return
	}
	batch(r, ctx, place(s.Group, s.Members), placed.object, func(list []placed) error {
		now := unplace(list)
		if err := r.onMembers(ctx, "RemoveVServerGroupBackendServers", g, now, false); err != nil {
			return err
		}
		g.Members = slices.DeleteFunc(g.Members, func(is Member) bool { return contains(now, is.identity()) })
		g.Count = len(g.Members)
		return nil
	})
}

func contains(members []Member, id identity) bool {
	return slices.ContainsFunc(members, func(m Member) bool { return m.identity() == id })
}

// silences reports whether a change would leave nobody to serve in a group
// that serves now, though it is still needed: a member that should serve could
// not be added, or traffic could not be led elsewhere.
func (r *run) silences(g *ActualGroup, change []Member, remove bool) bool {
	if !g.serving() || !r.short(g.Key) && !r.stuck[g.ID] {
		return false
	}
	for _, is := range g.Members {
		weight := is.Weight
		for _, m := range change {
			if m.identity() != is.identity() {
				continue
			}
			if weight = m.Weight; remove {
				weight = 0
			}
		}
		if weight > 0 {
			return false
		}
	}
	return true
}

// short reports whether a member of a group could not be placed.
func (r *run) short(key string) bool {
	for _, m := range r.want.groups[key].Members {
		o := MemberObject(key, m)
		if m.Weight > 0 && slices.ContainsFunc(r.failed, func(p Problem) bool { return p.Object == o }) {
			return true
		}
	}
	return false
}

// onMembers sends members of a group.
func (r *run) onMembers(ctx context.Context, action string, g *ActualGroup, members []Member, full bool) error {
	r.touched.groups[g.ID] = true
	return r.call(ctx, action, params{"VServerGroupId": g.ID, "BackendServers": membersText(members, full)}, nil)
}

// deleteGroup deletes a group, unless something still refers to it because it
// could not be moved.
func (r *run) deleteGroup(ctx context.Context, s DeleteGroup) error {
	if r.now.refers(s.ID) {
		return blocked(Object{KindRule, "or listener that still uses it"})
	}
	r.touched.groupList = true
	if err := deleted(r.call(ctx, "DeleteVServerGroup", params{"VServerGroupId": s.ID}, nil)); err != nil {
		return err
	}
	r.now.Groups = slices.DeleteFunc(r.now.Groups, func(g ActualGroup) bool { return g.ID == s.ID })
	return nil
}
