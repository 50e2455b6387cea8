package slb

import "net/netip"

// memberView is a member in answers.
type memberView struct {
	ServerId    string
	ServerIp    string
	Port        int
	Weight      int
	Type        string
	Description string
	VpcId       string `json:",omitempty"`
}

type memberViews struct{ BackendServer []memberView }

func (g *serverGroup) memberViews() memberViews {
	views := make([]memberView, 0, len(g.members))
	for _, m := range g.members {
		views = append(views, memberView{
			ServerId: m.serverID, ServerIp: addressText(m.ip), Port: m.port, Weight: m.weight,
			Type: m.kind, Description: m.description,
		})
	}
	return memberViews{views}
}

func addressText(ip netip.Addr) string {
	if !ip.IsValid() {
		return ""
	}
	return ip.String()
}

// membersAnswer is what every action on members answers: the group as it is.
type membersAnswer struct {
	VServerGroupId string
	BackendServers memberViews
}

type setGroupAnswer struct {
	VServerGroupName string
	membersAnswer
}

func (g *serverGroup) membersAnswer() membersAnswer {
	return membersAnswer{g.id, g.memberViews()}
}

type groupAttribute struct {
	membersAnswer
	VServerGroupName string
	LoadBalancerId   string
	CreateTime       string
	Tags             tagViews
}

// describeGroup is DescribeVServerGroupAttribute
// (https://www.alibabacloud.com/help/en/slb/classic-load-balancer/developer-reference/api-slb-2014-05-15-describevservergroupattribute).
type describeGroup struct{ groupRef }

func (r *describeGroup) answer(s *state, w *world) (any, error) {
	g, err := s.group(r.VServerGroupId)
	if err != nil {
		return nil, err
	}
	return groupAttribute{g.membersAnswer(), g.name, g.balancer, timestamp(g.created), g.tags.view()}, nil
}

// groupView is an item of DescribeVServerGroups.
type groupView struct {
	VServerGroupId    string
	VServerGroupName  string
	ServerCount       int
	CreateTime        string
	AssociatedObjects struct {
		Listeners struct{ Listener []groupListener }
		Rules     struct{ Rule []groupRule }
	}
	Tags tagViews
}

type groupListener struct {
	LoadBalancerId string
	Port           int
	Protocol       string
}

type groupRule struct {
	RuleId   string
	RuleName string
	Domain   string
	Url      string
}

// listGroups is DescribeVServerGroups; it has no pages.
type listGroups struct {
	balancerRef
	IncludeRule     bool
	IncludeListener bool
	Tag             []tag
}

func (r *listGroups) answer(s *state, _ *world) (any, error) {
	if _, err := s.balancer(r.LoadBalancerId); err != nil {
		return nil, err
	}
	views := []groupView{}
	for _, g := range sorted(s.groups) {
		if g.balancer == r.LoadBalancerId && g.tags.hasAll(r.Tag) {
			views = append(views, r.view(s, g))
		}
	}
	var a struct {
		VServerGroups struct{ VServerGroup []groupView }
	}
	a.VServerGroups.VServerGroup = views
	return a, nil
}

func (r *listGroups) view(s *state, g *serverGroup) groupView {
	v := groupView{
		VServerGroupId: g.id, VServerGroupName: g.name, ServerCount: len(g.members),
		CreateTime: timestamp(g.created), Tags: g.tags.view(),
	}
	listeners, rules := g.users(s)
	v.AssociatedObjects.Listeners.Listener, v.AssociatedObjects.Rules.Rule = []groupListener{}, []groupRule{}
	if r.IncludeListener {
		for _, l := range listeners {
			v.AssociatedObjects.Listeners.Listener = append(v.AssociatedObjects.Listeners.Listener,
				groupListener{g.balancer, l.port, l.protocol})
		}
	}
	if r.IncludeRule {
		for _, x := range rules {
			v.AssociatedObjects.Rules.Rule = append(v.AssociatedObjects.Rules.Rule, groupRule{x.id, x.name, x.domain, x.url})
		}
	}
	return v
}
