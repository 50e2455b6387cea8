package slb

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ebb-node/ebb/mockcloud/rpc"
)

// scene is a state, and the circumstances of calls to it.
type scene struct {
	*testing.T
	state *state
	world *world
}

var epoch = time.Date(2026, 5, 4, 10, 0, 0, 0, time.UTC)

func newScene(t *testing.T) *scene {
	serial := 0
	return &scene{t, newState(), &world{
		now: epoch, caller: "key", region: "cn-hangzhou", quotas: DocumentedQuotas("cn-hangzhou"),
		vSwitches: []VSwitch{{"vsw-a", "vpc-a", "cn-hangzhou-i"}},
		intranet:  netip.MustParsePrefix("10.9.0.0/28"), internet: netip.MustParsePrefix("203.0.113.0/24"),
		servers: Servers{
			// An ENI is there when its id ends in its address.
			LookupENI: func(id string, ip netip.Addr) bool { return id == "eni-"+ip.String() },
			LookupECI: func(id string) (netip.Addr, bool) { return netip.MustParseAddr("10.1.1.1"), id == "eci-a" },
			LookupECS: func(id string) (netip.Addr, bool) { return netip.MustParseAddr("10.1.1.2"), id == "i-a" },
		},
		newID: func(prefix string) string { serial++; return fmt.Sprint(prefix, serial) },
	}}
}

// do makes a write that must succeed. The state before it must stay as it was.
func (s *scene) do(a write) any {
	s.Helper()
	before, seen := s.state, s.observe(s.state)
	next, answer, err := apply(s.state, a, s.world)
	if err != nil {
		s.Fatalf("%T: %v", a, err)
	}
	if diff := cmp.Diff(seen, s.observe(before)); diff != "" {
		s.Fatalf("%T changed the state that it was given:\n%s", a, diff)
	}
	s.state = next
	return answer
}

// refused makes a write that must fail with a code and leave no trace.
func (s *scene) refused(code string, a write) {
	s.Helper()
	seen := s.observe(s.state)
	next, _, err := apply(s.state, a, s.world)
	if got := codeOf(err); got != code {
		s.Errorf("%T: %v, want code %q", a, err, code)
	}
	if err == nil {
		return
	}
	if next != s.state {
		s.Errorf("%T: a refused write answers another state", a)
	}
	if diff := cmp.Diff(seen, s.observe(s.state)); diff != "" {
		s.Errorf("%T: a refused write left a trace:\n%s", a, diff)
	}
}

// try does a write if it is allowed, and answers its code.
func (s *scene) try(a write) string {
	next, _, err := apply(s.state, a, s.world)
	s.state = next
	return codeOf(err)
}

func codeOf(err error) string {
	var e *rpc.Error
	if errors.As(err, &e) {
		return e.Code
	}
	if err != nil {
		return err.Error()
	}
	return ""
}

// ask makes a read that must succeed.
func ask[Out any](s *scene, a read) Out {
	s.Helper()
	answer, err := a.answer(s.state, s.world)
	if err != nil {
		s.Fatalf("%T: %v", a, err)
	}
	return answer.(Out)
}

// observe is all that reads can tell of a state, as JSON.
func (s *scene) observe(of *state) string {
	w := *s.world
	w.now = epoch.Add(24 * time.Hour)
	list := []read{&listBalancers{}, &listListeners{MaxResults: ptr(100)}, &listCertificates{}, &listACLs{}}
	for _, lb := range sorted(of.balancers) {
		list = append(list, &describeBalancer{balancerRef{lb.id}}, &listGroups{balancerRef: balancerRef{lb.id}, IncludeRule: true, IncludeListener: true})
		for _, l := range lb.listeners {
			list = append(list, &listRules{refOf(lb.id, l.port, "")})
		}
	}
	for _, g := range sorted(of.groups) {
		list = append(list, &describeGroup{groupRef{g.id}})
	}
	var answers []any
	for _, r := range list {
		answer, err := r.answer(of, &w)
		if err != nil {
			s.Fatalf("%T: %v", r, err)
		}
		answers = append(answers, answer)
	}
	text, err := json.MarshalIndent(answers, "", " ")
	if err != nil {
		s.Fatal(err)
	}
	return string(text)
}

func refOf(balancer string, port int, protocol string) listenerRef {
	return listenerRef{portRef{balancer, port}, protocol}
}

// balancer makes a load balancer and answers its id.
func (s *scene) balancer() string {
	s.Helper()
	return s.do(&createBalancer{}).(createBalancerAnswer).LoadBalancerId
}

func (s *scene) group(balancer, servers string) string {
	s.Helper()
	return s.do(&createGroup{LoadBalancerId: balancer, BackendServers: servers}).(membersAnswer).VServerGroupId
}

// plainHTTP are the mandatory settings of layer 7.
func plainHTTP() httpSettings {
	return httpSettings{
		stickySettings: stickySettings{StickySession: ptr("off")},
		checkSettings:  checkSettings{HealthCheck: ptr("off")},
	}
}

func (s *scene) httpListener(balancer string, port int, group string) {
	s.Helper()
	s.do(&createHTTP{portRef: portRef{balancer, port}, target: target{VServerGroupId: group}, httpSettings: plainHTTP()})
}

// rules makes rules with domains and answers their ids.
func (s *scene) rules(balancer string, port int, group string, domains ...string) []string {
	s.Helper()
	var entries []map[string]string
	for _, d := range domains {
		entries = append(entries, map[string]string{"RuleName": "r-" + d, "Domain": d, "VServerGroupId": group})
	}
	text, _ := json.Marshal(entries)
	s.do(&createRules{refOf(balancer, port, ""), string(text)})
	var ids []string
	l, err := s.state.listener(balancer, port, "")
	if err != nil {
		s.Fatal(err)
	}
	for _, r := range l.rules[len(l.rules)-len(domains):] {
		ids = append(ids, r.id)
	}
	return ids
}

// eni is an entry of BackendServers.
func eni(ip string, port, weight int) string {
	return fmt.Sprintf(`{"ServerId":"eni-%s","ServerIp":"%s","Port":"%d","Weight":"%d","Type":"eni"}`, ip, ip, port, weight)
}

// weights of a group by address.
func (s *scene) weights(group string) map[string]int {
	s.Helper()
	g, err := s.state.group(group)
	if err != nil {
		s.Fatal(err)
	}
	m := map[string]int{}
	for _, x := range g.members {
		m[x.ip.String()] = x.weight
	}
	return m
}
