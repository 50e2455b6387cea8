package slb

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func ruleList(entries ...map[string]string) string {
	text, _ := json.Marshal(entries)
	return string(text)
}

func TestRulesThatAreRefused(t *testing.T) {
	s := newScene(t)
	lb, other := s.balancer(), s.balancer()
	g, foreign := s.group(lb, ""), s.group(other, "")
	s.httpListener(lb, 80, g)
	s.rules(lb, 80, g, "taken.example.com")
	entry := func(name, domain, url, group string) string {
		return ruleList(map[string]string{"RuleName": name, "Domain": domain, "Url": url, "VServerGroupId": group})
	}
	eleven := make([]map[string]string, 11)
	for i := range eleven {
		eleven[i] = map[string]string{"RuleName": fmt.Sprint("n", i), "Domain": fmt.Sprint("d", i), "VServerGroupId": g}
	}
	for _, test := range []struct{ code, list string }{
		{"RuleListMalformed", `no list`},
		{"RuleListMalformed", `[]`},
		{"RuleListMalformed", `[{"RuleName":"n","Domain":"d","VServerGroupId":"x","Priority":"1"}]`},
		{"RuleListMalformed", entry("n", "", "", g)},
		{"RuleListMalformed", entry("n", "d", "", "")},
		{"InvalidParameter", entry("", "d", "", g)},
		{"InvalidParameter", entry("a b", "d", "", g)},
		{"InvalidParameter", entry(strings.Repeat("n", 41), "d", "", g)},
		{"InvalidParameter", entry("r-taken.example.com", "d", "", g)},
		{"InvalidParameter", entry("n", "d", "", "rsp-x")},
		{"VipNotMatchRspool", entry("n", "d", "", foreign)},
		{"DomainMalformed", entry("n", "under_score", "", g)},
		{"DomainMalformed", entry("n", "*a.example.com", "", g)},
		{"DomainMalformed", entry("n", "a.*.com", "", g)},
		{"UrlMalformed", entry("n", "d", "/", g)},
		{"UrlMalformed", entry("n", "d", "api", g)},
		{"UrlMalformed", entry("n", "d", "/a_b", g)},
		{"UrlMalformed", entry("n", "d", "/~a", g)},
		{"UrlMalformed", entry("n", "d", "/"+strings.Repeat("a", 80), g)},
		{"DomainExist", entry("n", "taken.example.com", "", g)},
		{"TooManyRules", ruleList(eleven...)},
	} {
		s.refused(test.code, &createRules{refOf(lb, 80, "http"), test.list})
	}
	s.refused("ListenerNotFound", &createRules{refOf(lb, 81, ""), entry("n", "d", "", g)})
	// Of a batch with one bad rule nothing is made.
	s.refused("DomainExist", &createRules{refOf(lb, 80, ""), ruleList(
		map[string]string{"RuleName": "n1", "Domain": "d", "VServerGroupId": g},
		map[string]string{"RuleName": "n2", "Domain": "d", "VServerGroupId": g})})
}

func TestRulesThatAreAccepted(t *testing.T) {
	s := newScene(t)
	lb := s.balancer()
	g := s.group(lb, "")
	s.httpListener(lb, 80, g)
	s.do(&createRules{refOf(lb, 80, ""), ruleList(
		map[string]string{"RuleName": "kn-1", "Domain": "a.example.com", "VServerGroupId": g},
		map[string]string{"RuleName": "kn-2", "Domain": "a.example.com", "Url": "/api", "VServerGroupId": g},
		map[string]string{"RuleName": "kn-3", "Domain": "*.example.com", "VServerGroupId": g},
		map[string]string{"RuleName": "kn-4", "Url": "/.well-known/acme-challenge/", "VServerGroupId": g},
		map[string]string{"RuleName": "kn/5._", "Url": "/a%20b?c#d&" + strings.Repeat("e", 69), "VServerGroupId": g},
	)})
	a := ask[struct{ Rules struct{ Rule []ruleView } }](s, &listRules{refOf(lb, 80, "")})
	if n := len(a.Rules.Rule); n != 5 {
		t.Fatalf("%d rules", n)
	}
	first := a.Rules.Rule[0]
	attr := ask[ruleAttribute](s, &describeRule{first.RuleId})
	if attr.ListenerPort != "80" || attr.LoadBalancerId != lb || attr.Domain != "a.example.com" || attr.ListenerSync != "on" {
		t.Errorf("%+v", attr)
	}
}

func TestFortyRulesAListener(t *testing.T) {
	s := newScene(t)
	lb := s.balancer()
	g := s.group(lb, "")
	s.httpListener(lb, 80, g)
	s.httpListener(lb, 81, g)
	for batch := range 4 {
		var domains []string
		for i := range 10 {
			domains = append(domains, fmt.Sprintf("d%d-%d", batch, i))
		}
		s.rules(lb, 80, g, domains...)
	}
	one := ruleList(map[string]string{"RuleName": "n", "Domain": "one.more", "VServerGroupId": g})
	s.refused("TooManyRules", &createRules{refOf(lb, 80, ""), one})
	s.do(&createRules{refOf(lb, 81, ""), one})
}

func TestSetRule(t *testing.T) {
	s := newScene(t)
	lb, other := s.balancer(), s.balancer()
	g, g2, foreign := s.group(lb, ""), s.group(lb, ""), s.group(other, "")
	s.httpListener(lb, 80, g)
	ids := s.rules(lb, 80, g, "a", "b")
	s.do(&setRule{RuleId: ids[0], RuleName: ptr("renamed"), VServerGroupId: g2})
	off := &setRule{RuleId: ids[0], ListenerSync: ptr("off")}
	s.refused("MissingParameter", off)
	off.StickySession, off.HealthCheck, off.Scheduler = ptr("off"), ptr("on"), ptr("rr")
	s.do(off)
	v := ask[ruleAttribute](s, &describeRule{ids[0]})
	got := []any{v.RuleName, v.VServerGroupId, v.ListenerSync, *v.Scheduler, *v.HealthCheckInterval, v.Domain}
	if diff := cmp.Diff([]any{"renamed", g2, "off", "rr", 2, "a"}, got); diff != "" {
		t.Error(diff)
	}
	s.do(&setRule{RuleId: ids[0], ListenerSync: ptr("on")})
	if v := ask[ruleAttribute](s, &describeRule{ids[0]}); v.Scheduler != nil || v.ListenerSync != "on" {
		t.Errorf("%+v", v)
	}
	s.refused("InvalidParameter", &setRule{RuleId: ids[0], RuleName: ptr("r-b")})
	s.refused("InvalidParameter", &setRule{RuleId: ids[0], ListenerSync: ptr("never")})
	s.refused("VipNotMatchRspool", &setRule{RuleId: ids[0], VServerGroupId: foreign})
	s.refused("InvalidRuleId.NotFound", &setRule{RuleId: "rule-x"})
}

func TestDeleteRules(t *testing.T) {
	s := newScene(t)
	lb := s.balancer()
	g := s.group(lb, "")
	s.httpListener(lb, 80, g)
	ids := s.rules(lb, 80, g, "a", "b", "c")
	list := func(ids ...string) string { text, _ := json.Marshal(ids); return string(text) }
	s.refused("InvalidRuleId.NotFound", &deleteRules{list(ids[0], "rule-x")})
	s.refused("InvalidParameter", &deleteRules{`[]`})
	s.refused("InvalidParameter", &deleteRules{ids[0]})
	s.refused("InvalidParameter", &deleteRules{list(make([]string, 11)...)})
	s.do(&deleteRules{list(ids[0], ids[2])})
	a := ask[struct{ Rules struct{ Rule []ruleView } }](s, &listRules{refOf(lb, 80, "")})
	if len(a.Rules.Rule) != 1 || a.Rules.Rule[0].Domain != "b" {
		t.Errorf("left %+v", a.Rules.Rule)
	}
}
