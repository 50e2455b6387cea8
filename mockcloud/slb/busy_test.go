package slb

import (
	"net/http"
	"testing"
	"time"

	"github.com/ebb-node/ebb/mockcloud/rpc"
)

// TestBusyCodes has every family of writes come while another one's
// configuration goes on.
func TestBusyCodes(t *testing.T) {
	s := newScene(t)
	lb := s.balancer()
	g, g2 := s.group(lb, ""), s.group(lb, "")
	s.httpListener(lb, 80, g)
	s.httpListener(lb, 81, g)
	rule := s.rules(lb, 80, g, "a")[0]
	s.world.configuring = time.Second
	add := func(group, ip string) write { return &addServers{groupRef{group}, "[" + eni(ip, 80, 1) + "]"} }
	type wanted struct {
		action write
		status int
		code   string
	}
	for _, test := range []struct {
		name    string
		ongoing write
		wanted  []wanted
	}{
		{"after a group", add(g, "10.0.0.1"), []wanted{
			{add(g, "10.0.0.2"), 400, "VServerGroupProcessing"},
			{add(g2, "10.0.0.2"), 409, "BackendServer.configuring"},
			{&createGroup{LoadBalancerId: lb}, 400, "OperationBusy"},
			{&setRule{RuleId: rule}, 409, "BackendServer.configuring"},
			{&stopListener{refOf(lb, 80, "")}, 400, "ServiceIsConfiguring"},
			{&setBalancerName{balancerRef{lb}, "x"}, 449, "SystemBusy"},
			{&createExtension{portRef: portRef{lb, 80}}, 400, "DomainExtensionProcessing"},
		}},
		{"after a rule", &setRule{RuleId: rule}, []wanted{
			{&setRule{RuleId: rule}, 400, "OperationFailed.ListenerStatusNotSupport"},
			{&deleteRules{`["` + rule + `"]`}, 400, "OperationFailed.ListenerStatusNotSupport"},
			{add(g, "10.0.0.2"), 409, "BackendServer.configuring"},
		}},
		{"after a listener", &startListener{refOf(lb, 80, "")}, []wanted{
			{&startListener{refOf(lb, 80, "")}, 400, "ServiceIsConfiguring"},
			{&startListener{refOf(lb, 81, "")}, 400, "ServiceIsConfiguring"},
			{&createRules{refOf(lb, 80, ""), "[]"}, 400, "OperationFailed.ListenerStatusNotSupport"},
		}},
	} {
		s.do(test.ongoing)
		for _, w := range test.wanted {
			next, _, err := apply(s.state, w.action, s.world)
			e, ok := err.(*rpc.Error)
			if !ok || e.Code != w.code || e.Status != w.status || next != s.state {
				t.Errorf("%s, %T: %v, want %d %s", test.name, w.action, err, w.status, w.code)
			}
		}
		s.world.now = s.world.now.Add(time.Second)
	}
}

func TestWhatIsNeverBusy(t *testing.T) {
	s := newScene(t)
	s.world.configuring = time.Hour
	lb, other := s.balancer(), s.balancer()
	s.group(lb, "")
	s.do(&tagResources{resourceInstance, []string{lb}, []tag{{"k", "v"}}})
	s.group(other, "")
	ask[balancerAttribute](s, &describeBalancer{balancerRef{lb}})
	s.refused("OperationBusy", &createGroup{LoadBalancerId: lb})
	s.world.now = s.world.now.Add(time.Hour)
	s.do(&createGroup{LoadBalancerId: lb})
}

func TestARefusedWriteConfiguresNothing(t *testing.T) {
	s := newScene(t)
	lb := s.balancer()
	s.world.configuring = time.Hour
	s.refused("ListenerNotFound", &startListener{refOf(lb, 80, "")})
	s.do(&createGroup{LoadBalancerId: lb})
}

func TestAListenerThatStops(t *testing.T) {
	s := newScene(t)
	lb := s.balancer()
	s.httpListener(lb, 80, s.group(lb, ""))
	s.do(&startListener{refOf(lb, 80, "")})
	_, l, err := s.state.editListener(lb, 80, "")
	if err != nil {
		t.Fatal(err)
	}
	l.phase, l.until = stopping, s.world.now.Add(time.Second)
	_, _, err = apply(s.state, &startListener{refOf(lb, 80, "")}, s.world)
	if e, ok := err.(*rpc.Error); !ok || e.Code != "ServiceIsStopping" || e.Status != http.StatusConflict {
		t.Errorf("%v", err)
	}
}

// TestOverlap lets a write begin while another one is under way.
func TestOverlap(t *testing.T) {
	s := newScene(t)
	lb := s.balancer()
	g := s.group(lb, "")
	first := &addServers{groupRef{g}, "[" + eni("10.0.0.1", 80, 1) + "]"}
	sc := first.scope(s.state)
	started, err := begin(s.state, first, s.world)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		action write
		code   string
	}{
		{&addServers{groupRef{g}, "[" + eni("10.0.0.1", 80, 1) + "]"}, "ProcessingSameRequest"},
		{&addServers{groupRef{g}, "[" + eni("10.0.0.2", 80, 1) + "]"}, "VServerGroupProcessing"},
	} {
		if _, err := begin(started, test.action, s.world); codeOf(err) != test.code {
			t.Errorf("%v, want %s", err, test.code)
		}
	}
	done, _, err := finish(started, first, sc, s.world)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := begin(done, first, s.world); err != nil {
		t.Errorf("after the end: %v", err)
	}
}

func TestAWriteThatFailsAfterItsTimeIsOver(t *testing.T) {
	s := newScene(t)
	lb := s.balancer()
	a := &startListener{refOf(lb, 80, "")}
	sc := a.scope(s.state)
	started, _ := begin(s.state, a, s.world)
	done, _, err := finish(started, a, sc, s.world)
	if codeOf(err) != "ListenerNotFound" || len(done.busy) != 0 {
		t.Errorf("%v, busy %v", err, done.busy)
	}
}

func TestOneTokenOneCreation(t *testing.T) {
	s := newScene(t)
	a := &createBalancer{ClientToken: "t"}
	started, err := begin(s.state, a, s.world)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := begin(started, a, s.world); codeOf(err) != "OperationFailed.TokenIsProcessing" {
		t.Errorf("%v", err)
	}
}
