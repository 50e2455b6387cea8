package slb

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestMembersInEveryNotation(t *testing.T) {
	for name, text := range map[string]string{
		"as documented":  `[{"ServerId":"eni-10.0.0.1","ServerIp":"10.0.0.1","Port":"8012","Weight":"34","Type":"eni","Description":"kn-demo"}]`,
		"as CCM writes":  `[{"serverId":"eni-10.0.0.1","serverIp":"10.0.0.1","port":8012,"weight":34,"type":"eni","description":"kn-demo"}]`,
		"of both a part": `[{"ServerId":"eni-10.0.0.1","serverIp":"10.0.0.1","Port":8012,"weight":"34","Type":"eni","description":"kn-demo"}]`,
	} {
		s := newScene(t)
		g := s.group(s.balancer(), text)
		got := ask[groupAttribute](s, &describeGroup{groupRef{g}}).BackendServers.BackendServer
		want := []memberView{{"eni-10.0.0.1", "10.0.0.1", 8012, 34, "eni", "kn-demo", ""}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestMemberTypes(t *testing.T) {
	s := newScene(t)
	lb := s.balancer()
	g := s.group(lb, `[{"ServerId":"i-a","Port":80},{"ServerId":"eci-a","Port":80,"Type":"eci"},{"ServerId":"eci-a","Port":81,"Type":"eci","ServerIp":"10.1.1.1"}]`)
	var got []string
	for _, m := range ask[groupAttribute](s, &describeGroup{groupRef{g}}).BackendServers.BackendServer {
		got = append(got, fmt.Sprint(m.Type, " ", m.ServerIp, " ", m.Port, " ", m.Weight))
	}
	if diff := cmp.Diff([]string{"ecs 10.1.1.2 80 100", "eci 10.1.1.1 80 100", "eci 10.1.1.1 81 100"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestMembersThatAreRefused(t *testing.T) {
	s := newScene(t)
	g := s.group(s.balancer(), "")
	many := make([]string, 21)
	for i := range many {
		many[i] = eni(fmt.Sprintf("10.0.0.%d", i+1), 80, 1)
	}
	for _, test := range []struct{ code, text string }{
		{"BackendServersMalformed", `{}`},
		{"BackendServersMalformed", `[{"ServerId":"eni-a","Color":"red"}]`},
		{"BackendServersMalformed", `[{"SERVERID":"eni-a"}]`},
		{"BackendServersMalformed", `[{"ServerId":"a","serverId":"b"}]`},
		{"BackendServersMalformed", `[{"ServerId":{},"Port":1}]`},
		{"BackendServersMalformed", `[{"ServerId":"eni-10.0.0.1","ServerIp":"10.0.0.1","Type":"eni"}]`},
		{"BackendServersMalformed", `[{"ServerIp":"10.0.0.1","Port":1,"Type":"eni"}]`},
		{"BackendServersMalformed", `[{"ServerId":"eni-10.0.0.1","Port":1,"Type":"eni"}]`},
		{"BackendServersMalformed", `[{"ServerId":"eni-10.0.0.1","ServerIp":"ten","Port":1,"Type":"eni"}]`},
		{"BackendServersMalformed", `[{"ServerId":"i-a","Port":1,"Type":"vm"}]`},
		{"BackendServersMalformed", `[` + eni("10.0.0.1", 80, 1) + `,` + eni("10.0.0.1", 80, 2) + `]`},
		{"InvalidParameter", `[{"ServerId":"i-a","Port":0}]`},
		{"InvalidParameter", `[{"ServerId":"i-a","Port":65536}]`},
		{"InvalidParameter", `[{"ServerId":"i-a","Port":1,"Description":"no spaces"}]`},
		{"InvalidWeight.Malformed", `[{"ServerId":"i-a","Port":1,"Weight":101}]`},
		{"InvalidWeight.Malformed", `[{"ServerId":"i-a","Port":1,"Weight":"-1"}]`},
		{"InvalidWeight.Malformed", `[{"ServerId":"i-a","Port":1,"Weight":0.5}]`},
		{"InvalidServerId.NotFound", `[{"ServerId":"i-b","Port":1}]`},
		{"ObtainIpFail", `[{"ServerId":"eni-10.0.0.1","ServerIp":"10.0.0.2","Port":1,"Type":"eni"}]`},
		{"ObtainIpFail", `[{"ServerId":"eci-b","Port":1,"Type":"eci"}]`},
		{"ObtainIpFail", `[{"ServerId":"i-a","ServerIp":"10.0.0.2","Port":1}]`},
		{"TooManyBackendServers", "[" + strings.Join(many, ",") + "]"},
	} {
		s.refused(test.code, &addServers{groupRef{g}, test.text})
	}
	s.do(&addServers{groupRef{g}, "[" + strings.Join(many[:20], ",") + "]"})
	s.refused("InvalidParameter", &addServers{groupRef{"rsp-x"}, "[]"})
}

func TestAddSetRemove(t *testing.T) {
	s := newScene(t)
	g := s.group(s.balancer(), "["+eni("10.0.0.1", 80, 10)+"]")
	ref := groupRef{g}
	for _, test := range []struct {
		name   string
		action write
		want   map[string]int
	}{
		{"add leaves a member as it is", &addServers{ref, "[" + eni("10.0.0.1", 80, 99) + "," + eni("10.0.0.2", 80, 20) + "]"}, map[string]int{"10.0.0.1": 10, "10.0.0.2": 20}},
		{"set changes weights", &setGroup{groupRef: ref, BackendServers: "[" + eni("10.0.0.1", 80, 0) + "]"}, map[string]int{"10.0.0.1": 0, "10.0.0.2": 20}},
		{"set without weight keeps it", &setGroup{groupRef: ref, BackendServers: `[{"ServerId":"eni-10.0.0.2","ServerIp":"10.0.0.2","Port":80,"Type":"eni","Description":"x"}]`}, map[string]int{"10.0.0.1": 0, "10.0.0.2": 20}},
		{"remove skips what is no member", &removeServers{ref, "[" + eni("10.0.0.1", 80, 0) + "," + eni("10.0.0.2", 81, 0) + "," + eni("10.9.9.9", 80, 0) + "]"}, map[string]int{"10.0.0.2": 20}},
		{"modify replaces", &modifyServers{ref, "[" + eni("10.0.0.2", 80, 0) + "]", "[" + eni("10.0.0.3", 80, 30) + "]"}, map[string]int{"10.0.0.3": 30}},
	} {
		s.do(test.action)
		if diff := cmp.Diff(test.want, s.weights(g)); diff != "" {
			t.Errorf("%s: %s", test.name, diff)
		}
	}
	s.refused("InvalidParameter", &setGroup{groupRef: ref, BackendServers: "[" + eni("10.0.0.1", 80, 1) + "]"})
	s.refused("InvalidParameter", &modifyServers{ref, "[]", "[" + eni("10.0.0.4", 80, 1) + "]"})
	s.refused("InvalidParameter", &modifyServers{ref, "[" + eni("10.0.0.1", 80, 1) + "]", "[" + eni("10.0.0.4", 80, 1) + "]"})
	s.refused("ObtainIpFail", &modifyServers{ref, "[" + eni("10.0.0.3", 80, 1) + "]", `[{"ServerId":"eni-x","ServerIp":"10.0.0.4","Port":1,"Type":"eni"}]`})
	s.do(&setGroup{groupRef: ref, VServerGroupName: ptr("a/b.c_d-e")})
	s.refused("InvalidParameter", &setGroup{groupRef: ref, VServerGroupName: ptr("a b")})
	s.refused("InvalidParameter", &setGroup{groupRef: ref, VServerGroupName: ptr(strings.Repeat("a", 81))})
}

func TestAGoneServerCanStillBeWeightedAndRemoved(t *testing.T) {
	s := newScene(t)
	g := s.group(s.balancer(), "["+eni("10.0.0.1", 80, 10)+"]")
	s.world.servers = Servers{}
	s.do(&setGroup{groupRef: groupRef{g}, BackendServers: "[" + eni("10.0.0.1", 80, 0) + "]"})
	s.do(&removeServers{groupRef{g}, "[" + eni("10.0.0.1", 80, 0) + "]"})
}

func TestMemberQuotas(t *testing.T) {
	s := newScene(t)
	s.world.quotas.BackendServers, s.world.quotas.Attachments = 3, 2
	lb, other := s.balancer(), s.balancer()
	s.group(lb, "["+eni("10.0.0.1", 80, 1)+","+eni("10.0.0.2", 80, 1)+"]")
	g := s.group(lb, "["+eni("10.0.0.1", 80, 1)+"]")
	s.refused("InstanceBackendServerNumberOverLimit", &addServers{groupRef{g}, "[" + eni("10.0.0.2", 80, 1) + "]"})
	s.refused("OverQuota", &createGroup{LoadBalancerId: other, BackendServers: "[" + eni("10.0.0.1", 80, 1) + "]"})
	s.group(other, "["+eni("10.0.0.2", 80, 1)+"]")
}

func TestGroupInUseStays(t *testing.T) {
	s := newScene(t)
	lb := s.balancer()
	byListener, byRule := s.group(lb, ""), s.group(lb, "")
	s.httpListener(lb, 80, byListener)
	ids := s.rules(lb, 80, byRule, "a.example.com")
	s.refused("RspoolVipExist", &deleteGroup{groupRef{byListener}})
	s.refused("RspoolRuleExist", &deleteGroup{groupRef{byRule}})

	a := ask[struct {
		VServerGroups struct{ VServerGroup []groupView }
	}](s, &listGroups{balancerRef: balancerRef{lb}, IncludeRule: true, IncludeListener: true})
	users := a.VServerGroups.VServerGroup
	if len(users) != 2 || len(users[0].AssociatedObjects.Listeners.Listener) != 1 || len(users[1].AssociatedObjects.Rules.Rule) != 1 {
		t.Errorf("users %+v", users)
	}
	s.do(&setRule{RuleId: ids[0], VServerGroupId: byListener})
	s.do(&deleteGroup{groupRef{byRule}})
	s.refused("InvalidParameter", &deleteGroup{groupRef{byRule}})
	s.do(&deleteListener{refOf(lb, 80, "")})
	s.do(&deleteGroup{groupRef{byListener}})
}

func TestEmptyGroupsMayBeRefused(t *testing.T) {
	s := newScene(t)
	lb := s.balancer()
	empty, full := s.group(lb, ""), s.group(lb, "["+eni("10.0.0.1", 80, 1)+"]")
	http := func(group string) write {
		return &createHTTP{portRef: portRef{lb, 80}, target: target{VServerGroupId: group}, httpSettings: plainHTTP()}
	}
	rule := func(group string) write {
		return &createRules{listenerRef: refOf(lb, 80, ""), RuleList: fmt.Sprintf(`[{"RuleName":"r","Domain":"a.com","VServerGroupId":%q}]`, group)}
	}
	set := func(group string) write {
		return &setHTTP{portRef: portRef{lb, 80}, setTarget: setTarget{VServerGroup: ptr("on"), VServerGroupId: group}}
	}
	s.world.refuseEmpty = true
	for _, w := range []func(string) write{http, rule, set} {
		s.refused("VServerGroupEmpty", w(empty))
		s.do(w(full))
	}
	id := s.state.balancers[lb].listeners[0].rules[0].id
	s.refused("VServerGroupEmpty", &setRule{RuleId: id, VServerGroupId: empty})
	s.world.refuseEmpty = false
	s.do(&setRule{RuleId: id, VServerGroupId: empty})
}
