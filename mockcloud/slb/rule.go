package slb

import (
	"fmt"
	"regexp"
	"slices"
)

// rule forwards what a domain, a URL prefix or both match to a group.
type rule struct {
	id     string
	name   string
	domain string
	url    string
	group  string

	listenerSync string // on: scheduling, persistence and checks are the listener's
	own          ruleSettings
}

// ruleSettings are those of a rule whose ListenerSync is off.
type ruleSettings struct {
	Scheduler *string `json:",omitempty"`
	stickySettings
	checkSettings
}

// createRules is CreateRules
// (https://www.alibabacloud.com/help/en/slb/classic-load-balancer/developer-reference/api-slb-2014-05-15-createrules).
// Whether a batch is made as a whole is not documented; here it is.
type createRules struct {
	listenerRef
	RuleList string `rpc:",required"`
}

func (r *createRules) scope(*state) scope {
	return scope{key: r.LoadBalancerId, kind: onRule, object: fmt.Sprint(r.ListenerPort)}
}

type createdRule struct {
	RuleId   string
	RuleName string
}

func (r *createRules) change(s *state, w *world) (any, error) {
	if err := r.validate(); err != nil {
		return nil, err
	}
	_, l, err := s.editListener(r.LoadBalancerId, r.ListenerPort, r.ListenerProtocol)
	if err != nil {
		return nil, err
	}
	if !l.layer7() {
		return nil, refuse("RuleNotSupport", "Rule is not support in the tcp type listener.")
	}
	rules, err := parseRules(r.RuleList)
	if err != nil {
		return nil, err
	}
	created := []createdRule{}
	for _, x := range rules {
		if err := s.addRule(r.LoadBalancerId, l, &x, w); err != nil {
			return nil, err
		}
		created = append(created, createdRule{x.id, x.name})
	}
	var a struct{ Rules struct{ Rule []createdRule } }
	a.Rules.Rule = created
	return a, nil
}

func (s *state) addRule(balancer string, l *listener, x *rule, w *world) error {
	if _, err := s.ownGroup(x.group, balancer, w); err != nil {
		return err
	}
	if len(l.rules) >= w.quotas.Rules {
		return refuse("TooManyRules", "The listener has %d rules, which is the limit.", len(l.rules))
	}
	for _, other := range l.rules {
		if other.domain == x.domain && other.url == x.url {
			return refuse("DomainExist", "A rule with domain %q and URL %q already exists.", x.domain, x.url)
		}
		if other.name == x.name {
			return refuse("InvalidParameter", "The RuleName %s is already in use.", x.name)
		}
	}
	x.id = w.newID("rule-")
	l.rules = append(l.rules, *x)
	return nil
}

func parseRules(text string) ([]rule, error) {
	raw, err := parseEntries(text, "RuleName", "Domain", "Url", "VServerGroupId")
	if err != nil {
		return nil, refuse("RuleListMalformed", "The specified parameter RuleList is not valid: %v.", err)
	}
	switch {
	case len(raw) == 0:
		return nil, refuse("RuleListMalformed", "RuleList is empty.")
	case len(raw) > rulesPerCall:
		return nil, refuse("TooManyRules", "RuleList has %d rules, at most %d are allowed in a call.", len(raw), rulesPerCall)
	}
	rules := make([]rule, 0, len(raw))
	for _, f := range raw {
		x := rule{name: f["RuleName"], domain: f["Domain"], url: f["Url"], group: f["VServerGroupId"], listenerSync: "on"}
		if err := x.validate(); err != nil {
			return nil, err
		}
		rules = append(rules, x)
	}
	return rules, nil
}

var (
	ruleDomain = regexp.MustCompile(`^(\*\.)?[A-Za-z0-9\-.]+$`)
	ruleURL    = regexp.MustCompile(`^/[A-Za-z0-9\-/.%?#&]{1,79}$`)
)

func (x *rule) validate() error {
	switch {
	case x.group == "" || x.domain == "" && x.url == "":
		return refuse("RuleListMalformed", "Each rule needs VServerGroupId, and Domain, Url or both.")
	case x.domain != "" && !ruleDomain.MatchString(x.domain):
		return refuse("DomainMalformed", "The domain %q has other characters than letters, digits, - and ., or a * that is not a leading label.", x.domain)
	case x.url != "" && !ruleURL.MatchString(x.url):
		return refuse("UrlMalformed", "The URL %q is not 2 to 80 letters, digits or - / . %% ? # & after a leading /.", x.url)
	}
	return named("RuleName", x.name, 40)
}

// findRule looks for a rule on all listeners.
func (s *state) findRule(id string) (lb *loadBalancer, l *listener, index int, err error) {
	for _, lb := range s.balancers {
		for _, l := range lb.listeners {
			if i := slices.IndexFunc(l.rules, func(x rule) bool { return x.id == id }); i >= 0 {
				return lb, l, i, nil
			}
		}
	}
	return nil, nil, 0, ruleNotFound(id)
}

// ruleScope is what a write to a rule configures.
func (s *state) ruleScope(id string) scope {
	lb, l, _, err := s.findRule(id)
	if err != nil {
		return scope{}
	}
	return scope{key: lb.id, kind: onRule, object: fmt.Sprint(l.port)}
}
