package slb

import (
	"slices"

	"github.com/ebb-node/ebb/mockcloud/rpc"
)

// addServers is AddVServerGroupBackendServers. It adds; a member that is
// already there stays as it is.
type addServers struct {
	groupRef
	BackendServers string `rpc:",required"`
}

func (r *addServers) change(s *state, w *world) (any, error) {
	g, err := s.editGroup(r.VServerGroupId)
	if err != nil {
		return nil, err
	}
	if err := s.addMembers(g, r.BackendServers, w); err != nil {
		return nil, err
	}
	return g.membersAnswer(), nil
}

// addMembers adds to a group that the state may change.
func (s *state) addMembers(g *serverGroup, text string, w *world) error {
	entries, err := parseServers("BackendServers", text, w)
	if err != nil {
		return err
	}
	return s.join(g, entries, w)
}

// join adds those entries that are no members yet.
func (s *state) join(g *serverGroup, entries []entry, w *world) error {
	for _, e := range entries {
		if g.find(e.memberKey) >= 0 {
			continue
		}
		if err := e.exists(w); err != nil {
			return err
		}
		g.members = append(g.members, e.member)
	}
	return s.checkMemberQuotas(g.balancer, entries, w)
}

// checkMemberQuotas counts a server once for each group that it is in.
func (s *state) checkMemberQuotas(balancer string, entries []entry, w *world) error {
	total, attached := 0, map[string]int{}
	for _, g := range s.groups {
		if g.balancer == balancer {
			total += len(g.members)
		}
		for _, m := range g.members {
			attached[m.serverID]++
		}
	}
	if total > w.quotas.BackendServers {
		return refuse("InstanceBackendServerNumberOverLimit", "The load balancer would have %d back-end servers, %d are allowed.", total, w.quotas.BackendServers)
	}
	for _, e := range entries {
		if attached[e.serverID] > w.quotas.Attachments {
			return refuse("OverQuota", "The server %s would be attached more than %d times.", e.serverID, w.quotas.Attachments)
		}
	}
	return nil
}

// removeServers is RemoveVServerGroupBackendServers. Entries that are no
// members are skipped.
type removeServers struct {
	groupRef
	BackendServers string `rpc:",required"`
}

func (r *removeServers) change(s *state, w *world) (any, error) {
	g, err := s.editGroup(r.VServerGroupId)
	if err != nil {
		return nil, err
	}
	entries, err := parseServers("BackendServers", r.BackendServers, w)
	if err != nil {
		return nil, err
	}
	g.leave(entries)
	return g.membersAnswer(), nil
}

func (g *serverGroup) leave(entries []entry) {
	for _, e := range entries {
		if i := g.find(e.memberKey); i >= 0 {
			g.members = slices.Delete(g.members, i, i+1)
		}
	}
}

// setGroup is SetVServerGroupAttribute: the name, and weight and description of
// members. Whether the service refuses or skips entries that are no members is
// not documented; here they are refused.
type setGroup struct {
	groupRef
	VServerGroupName *string
	BackendServers   string
}

func (r *setGroup) change(s *state, w *world) (any, error) {
	g, err := s.editGroup(r.VServerGroupId)
	if err != nil {
		return nil, err
	}
	if r.VServerGroupName != nil {
		if err := named("VServerGroupName", *r.VServerGroupName, 80); err != nil {
			return nil, err
		}
		g.name = *r.VServerGroupName
	}
	if r.BackendServers != "" {
		if err := g.update(r.BackendServers, w); err != nil {
			return nil, err
		}
	}
	return setGroupAnswer{g.name, g.membersAnswer()}, nil
}

func (g *serverGroup) update(text string, w *world) error {
	entries, err := parseServers("BackendServers", text, w)
	if err != nil {
		return err
	}
	for _, e := range entries {
		i := g.find(e.memberKey)
		if i < 0 {
			return notMember("BackendServers", e)
		}
		if e.hasWeight {
			g.members[i].weight = e.weight
		}
		if e.hasDescription {
			g.members[i].description = e.description
		}
	}
	return nil
}

func notMember(name string, e entry) error {
	return rpc.InvalidParameter(name, "%s with address %s and port %d is no member of the group", e.serverID, e.ip, e.port)
}

// modifyServers is ModifyVServerGroupBackendServers: each old member is
// replaced by a new one. What lists of different lengths would do is not
// documented; here they are refused.
type modifyServers struct {
	groupRef
	OldBackendServers string `rpc:",required"`
	NewBackendServers string `rpc:",required"`
}

func (r *modifyServers) change(s *state, w *world) (any, error) {
	g, err := s.editGroup(r.VServerGroupId)
	if err != nil {
		return nil, err
	}
	old, err := parseServers("OldBackendServers", r.OldBackendServers, w)
	if err != nil {
		return nil, err
	}
	renewed, err := parseServers("NewBackendServers", r.NewBackendServers, w)
	if err != nil {
		return nil, err
	}
	if len(old) != len(renewed) {
		return nil, rpc.InvalidParameter("NewBackendServers", "it has %d entries and OldBackendServers %d", len(renewed), len(old))
	}
	for _, e := range old {
		if g.find(e.memberKey) < 0 {
			return nil, notMember("OldBackendServers", e)
		}
	}
	g.leave(old)
	if err := s.join(g, renewed, w); err != nil {
		return nil, err
	}
	return g.membersAnswer(), nil
}
