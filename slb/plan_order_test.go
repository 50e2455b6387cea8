package slb

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestGroupsChangeWhenRulesHaveLeftThem promotes a new revision to a Route's
// host, whose group a tag's host has shared.
func TestGroupsChangeWhenRulesHaveLeftThem(t *testing.T) {
	const main, tag = "a.com", "tag-a.com"
	old, next := pods(0, 1, 100), pods(1, 2, 100)
	promoted := append(pods(1, 2, 100), pods(0, 1, 0)...)
	tagRule := ownRule("rule-2", tag, "rsp-app")
	shared := webNow(old, ownRule("rule-1", main, "rsp-app"), tagRule)
	shared.Groups[0].Members = pods(9, 10, 100) // the listener's own group, which answers 404
	wish := func(rules []Rule, groups ...Group) Desired {
		d := web(main, nil)
		d.Groups = append([]Group{{Key: "default", Members: pods(9, 10, 100)}}, groups...)
		d.Listeners[0].Rules = rules
		return d
	}
	promote := []Step{AddMembers{"app", next}, SetWeights{"app", pods(0, 1, 0)}}
	for name, c := range map[string]struct {
		desired Desired
		want    []Step
	}{
		"the tag stays on the old one": {
			wish([]Rule{{Domain: main, Group: "app"}, {Domain: tag, Group: "tag"}}, Group{"app", promoted}, Group{"tag", old}),
			append([]Step{CreateGroup{"tag", old}, SetRule{port80, Rule{Domain: tag, Group: "tag"}}}, promote...),
		},
		"the tag stays, another comes": {
			wish([]Rule{{Domain: main, Group: "app"}, {Domain: tag, Group: "tag"}, {Domain: "new-a.com", Group: "app"}}, Group{"app", promoted}, Group{"tag", old}),
			append(append([]Step{CreateGroup{"tag", old}, SetRule{port80, Rule{Domain: tag, Group: "tag"}}}, promote...),
				CreateRules{port80, []Rule{{Domain: "new-a.com", Group: "app"}}}),
		},
		"the tag goes": {
			wish([]Rule{{Domain: main, Group: "app"}}, Group{"app", promoted}),
			append([]Step{DeleteRules{[]RuleID{ruleID(&shared.Listeners[0], &tagRule)}}}, promote...),
		},
		"both get the new one": {wish([]Rule{{Domain: main, Group: "app"}, {Domain: tag, Group: "app"}}, Group{"app", promoted}), promote},
	} {
		t.Run(name, func(t *testing.T) {
			plan := testPlanner().Plan(c.desired, shared)
			if diff := cmp.Diff(c.want, plan.Steps); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// crossed lets two hosts lead to two groups.
func crossed(a, b string, first, second []Member) Desired {
	d := web("a.com", nil)
	d.Groups = []Group{{Key: "default"}, {"one", first}, {"two", second}}
	d.Listeners[0].Rules = []Rule{{Domain: "a.com", Group: a}, {Domain: "b.com", Group: b}}
	return d
}

// TestRulesGoByWayOfADetour lets hosts change groups that change themselves.
func TestRulesGoByWayOfADetour(t *testing.T) {
	b := newBench(t)
	b.settle(crossed("one", "two", pods(0, 1, 100), pods(1, 2, 100)))
	d := crossed("two", "one", pods(2, 3, 100), pods(3, 4, 100))
	before := b.cloud.answering()
	b.cloud.after = func(action string) { b.cloud.check(t, action, before, nil, d) }
	if plan, state := b.apply(d); state.Done || len(state.Actual.Groups) != 4 {
		t.Errorf("no detour was taken: %v", plan.Steps)
	}
	if state := b.settle(d); !state.Done || len(state.Actual.Groups) != 3 {
		t.Errorf("the detour is left: %v", state.Actual.Groups)
	}
}

// TestADetourThatCannotServeIsNotTaken refuses its members.
func TestADetourThatCannotServeIsNotTaken(t *testing.T) {
	b := newBench(t)
	b.settle(crossed("one", "two", pods(0, 1, 100), pods(1, 2, 100)))
	b.cloud.fail = func(action string, p map[string]string) (error, bool) {
		g := b.cloud.groups[p["VServerGroupId"]]
		if action == "CreateVServerGroup" && p["BackendServers"] != "" || action == "AddVServerGroupBackendServers" && g != nil && strings.Contains(g.name, detourPrefix) {
			return refusal("ObtainIpFail"), false
		}
		return nil, false
	}
	b.cloud.after = func(action string) {
		for _, host := range []string{"a.com", "b.com"} {
			if !b.cloud.serves(request{80, host, "/"}) {
				t.Errorf("%s is not served after %s", host, action)
			}
		}
	}
	d := crossed("two", "one", pods(2, 3, 100), pods(3, 4, 100))
	b.apply(d)
	b.cloud.fail = nil
	if state := b.settle(d); !state.Done {
		t.Errorf("problems: %v", state.Problems)
	}
}
