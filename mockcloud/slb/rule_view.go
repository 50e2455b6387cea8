package slb

import "strconv"

// ruleView is a rule in answers.
type ruleView struct {
	RuleId         string
	RuleName       string
	Domain         string `json:",omitempty"`
	Url            string `json:",omitempty"`
	VServerGroupId string
	ListenerSync   string
	ruleSettings
}

func (x rule) view() ruleView {
	return ruleView{
		RuleId: x.id, RuleName: x.name, Domain: x.domain, Url: x.url, VServerGroupId: x.group,
		ListenerSync: x.listenerSync, ruleSettings: x.own,
	}
}

func (l *listener) ruleViews() []ruleView {
	views := make([]ruleView, 0, len(l.rules))
	for _, x := range l.rules {
		views = append(views, x.view())
	}
	return views
}

// listRules is DescribeRules; it has no pages.
type listRules struct{ listenerRef }

func (r *listRules) answer(s *state, _ *world) (any, error) {
	if err := r.validate(); err != nil {
		return nil, err
	}
	l, err := s.listener(r.LoadBalancerId, r.ListenerPort, r.ListenerProtocol)
	if err != nil {
		return nil, err
	}
	var a struct{ Rules struct{ Rule []ruleView } }
	a.Rules.Rule = l.ruleViews()
	return a, nil
}

// describeRule is DescribeRuleAttribute. Its port is a string.
type describeRule struct {
	RuleId string `rpc:",required"`
}

type ruleAttribute struct {
	ruleView
	LoadBalancerId string
	ListenerPort   string
}

func (r *describeRule) answer(s *state, _ *world) (any, error) {
	lb, l, i, err := s.findRule(r.RuleId)
	if err != nil {
		return nil, err
	}
	return ruleAttribute{l.rules[i].view(), lb.id, strconv.Itoa(l.port)}, nil
}
