package slb

import (
	"slices"
	"time"
)

// serverGroup is a vServer group.
type serverGroup struct {
	id       string
	serial   uint64
	created  time.Time
	balancer string
	name     string
	members  []member
	tags     tags
}

func (g *serverGroup) order() uint64 { return g.serial }

// find answers the position of a member, or -1.
func (g *serverGroup) find(k memberKey) int {
	return slices.IndexFunc(g.members, func(m member) bool { return m.memberKey == k })
}

// users are the listeners and rules that refer to the group.
func (g *serverGroup) users(s *state) (listeners []*listener, rules []rule) {
	lb, ok := s.balancers[g.balancer]
	if !ok {
		return nil, nil
	}
	for _, l := range lb.listeners {
		if l.target.VServerGroupId == g.id {
			listeners = append(listeners, l)
		}
		for _, r := range l.rules {
			if r.group == g.id {
				rules = append(rules, r)
			}
		}
	}
	return listeners, rules
}

// groupRef is the parameter of actions on one group.
type groupRef struct {
	VServerGroupId string `rpc:",required"`
}

func (r *groupRef) scope(s *state) scope {
	g, ok := s.groups[r.VServerGroupId]
	if !ok {
		return scope{}
	}
	return scope{key: g.balancer, kind: onGroup, object: g.id}
}

// createGroup is CreateVServerGroup
// (https://www.alibabacloud.com/help/en/slb/classic-load-balancer/developer-reference/api-slb-2014-05-15-createvservergroup).
type createGroup struct {
	LoadBalancerId   string `rpc:",required"`
	VServerGroupName *string
	BackendServers   string
	Tag              []tag
}

func (r *createGroup) scope(*state) scope { return scope{key: r.LoadBalancerId, kind: onGroup} }

func (r *createGroup) change(s *state, w *world) (any, error) {
	if _, err := s.balancer(r.LoadBalancerId); err != nil {
		return nil, err
	}
	g := &serverGroup{balancer: r.LoadBalancerId, created: w.now, name: "auto_named_group"}
	if r.VServerGroupName != nil {
		g.name = *r.VServerGroupName
	}
	if err := named("VServerGroupName", g.name, 80); err != nil {
		return nil, err
	}
	var err error
	if g.tags, err = g.tags.with(r.Tag, tagsPerResource); err != nil {
		return nil, err
	}
	g.id, g.serial = w.newID("rsp-"), s.nextSerial()
	s.groups[g.id] = g
	if r.BackendServers != "" {
		if err := s.addMembers(g, r.BackendServers, w); err != nil {
			return nil, err
		}
	}
	return g.membersAnswer(), nil
}

// deleteGroup is DeleteVServerGroup, refused while something refers to the
// group.
type deleteGroup struct{ groupRef }

func (r *deleteGroup) change(s *state, _ *world) (any, error) {
	g, err := s.group(r.VServerGroupId)
	if err != nil {
		return nil, err
	}
	listeners, rules := g.users(s)
	if len(listeners) > 0 {
		return nil, refuse("RspoolVipExist", "There are listeners associated with the vServer group %s.", g.id)
	}
	if len(rules) > 0 {
		return nil, refuse("RspoolRuleExist", "There are rules associated with the vServer group %s.", g.id)
	}
	delete(s.groups, g.id)
	return nil, nil
}
