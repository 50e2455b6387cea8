package slb

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestListenerDefaults(t *testing.T) {
	s := newScene(t)
	lb := s.balancer()
	s.httpListener(lb, 80, s.group(lb, ""))
	v := ask[httpView](s, &describeHTTP{portRef{lb, 80}})
	got := map[string]any{
		"Status": v.Status, "Scheduler": *v.Scheduler, "Bandwidth": *v.Bandwidth, "IdleTimeout": *v.IdleTimeout,
		"RequestTimeout": *v.RequestTimeout, "Gzip": *v.Gzip, "XForwardedFor": *v.XForwardedFor,
		"XForwardedFor_proto": *v.XForwardedForProto, "ListenerForward": *v.ListenerForward, "AclStatus": *v.AclStatus,
		"interval without checks": v.HealthCheckInterval == nil,
	}
	want := map[string]any{
		"Status": stopped, "Scheduler": "wrr", "Bandwidth": -1, "IdleTimeout": 15, "RequestTimeout": 60, "Gzip": "on",
		"XForwardedFor": "on", "XForwardedFor_proto": "off", "ListenerForward": "off", "AclStatus": "off",
		"interval without checks": true,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestListenerRefusals(t *testing.T) {
	s := newScene(t)
	lb, other := s.balancer(), s.balancer()
	g, foreign := s.group(lb, ""), s.group(other, "")
	base := func(change func(*createHTTP)) *createHTTP {
		r := &createHTTP{portRef: portRef{lb, 80}, target: target{VServerGroupId: g}, httpSettings: plainHTTP()}
		change(r)
		return r
	}
	for _, test := range []struct {
		code   string
		change func(*createHTTP)
	}{
		{"InvalidLoadBalancerId.NotFound", func(r *createHTTP) { r.LoadBalancerId, r.VServerGroupId, r.BackendServerPort = "lb-x", "", ptr(80) }},
		{"InvalidParameter", func(r *createHTTP) { r.VServerGroupId = "rsp-x" }},
		{"VipNotMatchRspool", func(r *createHTTP) { r.VServerGroupId = foreign }},
		{"MissingParameter", func(r *createHTTP) { r.VServerGroupId = "" }},
		{"MissingParameter", func(r *createHTTP) { r.StickySession = nil }},
		{"MissingParameter", func(r *createHTTP) { r.HealthCheck = nil }},
		{"MissingParameter", func(r *createHTTP) { r.StickySession = ptr("on") }},
		{"MissingParameter", func(r *createHTTP) { r.StickySession, r.StickySessionType = ptr("on"), ptr("insert") }},
		{"MissingParameter", func(r *createHTTP) { r.StickySession, r.StickySessionType = ptr("on"), ptr("server") }},
		{"MissingParameter", func(r *createHTTP) { r.AclStatus = ptr("on") }},
		{"AclNotExist", func(r *createHTTP) { r.AclStatus, r.AclType, r.AclId = ptr("on"), ptr("white"), ptr("acl-x") }},
		{"InvalidParameter", func(r *createHTTP) { r.ListenerPort = 65536 }},
		{"InvalidParameter", func(r *createHTTP) { r.Scheduler = ptr("sch") }},
		{"InvalidParameter", func(r *createHTTP) { r.Bandwidth = ptr(0) }},
		{"InvalidParameter", func(r *createHTTP) { r.IdleTimeout = ptr(61) }},
		{"InvalidParameter", func(r *createHTTP) { r.RequestTimeout = ptr(181) }},
		{"InvalidParameter", func(r *createHTTP) { r.CookieTimeout = ptr(86401) }},
		{"InvalidParameter", func(r *createHTTP) { r.Cookie = ptr("a;b") }},
		{"InvalidParameter", func(r *createHTTP) { r.Gzip = ptr("yes") }},
		{"InvalidParameter", func(r *createHTTP) { r.HealthCheckURI = ptr("x") }},
		{"InvalidParameter", func(r *createHTTP) { r.HealthCheckInterval = ptr(51) }},
		{"InvalidParameter", func(r *createHTTP) { r.HealthCheckTimeout = ptr(301) }},
		{"InvalidParameter", func(r *createHTTP) { r.HealthyThreshold = ptr(1) }},
		{"InvalidParameter", func(r *createHTTP) { r.HealthCheckHttpCode = ptr("http_2xx,http_6xx") }},
		{"InvalidParameter", func(r *createHTTP) { r.HealthCheckConnectPort = ptr(0) }},
		{"InvalidParameter", func(r *createHTTP) { r.ListenerForward = ptr("maybe") }},
		{"InvalidParameter", func(r *createHTTP) { r.Description = ptr("") }},
	} {
		s.refused(test.code, base(test.change))
	}
	s.httpListener(lb, 80, g)
	s.refused("ListenerAlreadyExists", &createTCP{portRef: portRef{lb, 80}, target: target{VServerGroupId: g}})
	s.world.quotas.Listeners = 1
	s.refused("ListenerNumberOverLimit", base(func(r *createHTTP) { r.ListenerPort = 81 }))
}

func TestSetChangesWhatIsGivenOnly(t *testing.T) {
	s := newScene(t)
	lb := s.balancer()
	g, g2 := s.group(lb, ""), s.group(lb, "")
	s.httpListener(lb, 80, g)
	set := &setHTTP{portRef: portRef{lb, 80}, setTarget: setTarget{VServerGroupId: g2}}
	set.RequestTimeout, set.Scheduler = ptr(180), ptr("rr")
	s.do(set)
	set = &setHTTP{portRef: portRef{lb, 80}}
	set.HealthCheck = ptr("on")
	s.do(set)
	v := ask[httpView](s, &describeHTTP{portRef{lb, 80}})
	got := []any{*v.RequestTimeout, *v.Scheduler, v.VServerGroupId, *v.IdleTimeout, *v.HealthCheck, *v.HealthCheckURI, *v.HealthCheckMethod}
	if diff := cmp.Diff([]any{180, "rr", g2, 15, "on", "/", "head"}, got); diff != "" {
		t.Error(diff)
	}
	bad := &setHTTP{portRef: portRef{lb, 80}}
	bad.IdleTimeout = ptr(0)
	s.refused("InvalidParameter", bad)
	s.refused("ListenerNotFound", &setHTTP{portRef: portRef{lb, 81}})
	s.refused("ListenerNotFound", &setTCP{portRef: portRef{lb, 80}})
}

func TestLeavingTheDefaultServersNeedsTheSwitch(t *testing.T) {
	s := newScene(t)
	lb := s.balancer()
	g := s.group(lb, "")
	s.do(&createHTTP{portRef: portRef{lb, 80}, target: target{BackendServerPort: ptr(8080)}, httpSettings: plainHTTP()})
	s.refused("MissingParameter", &setHTTP{portRef: portRef{lb, 80}, setTarget: setTarget{VServerGroupId: g}})
	s.refused("MissingParameter", &setHTTP{portRef: portRef{lb, 80}, setTarget: setTarget{VServerGroup: ptr("on")}})
	s.do(&setHTTP{portRef: portRef{lb, 80}, setTarget: setTarget{VServerGroup: ptr("on"), VServerGroupId: g}})
	if v := ask[httpView](s, &describeHTTP{portRef{lb, 80}}); v.VServerGroupId != g {
		t.Errorf("group %q", v.VServerGroupId)
	}
	s.do(&setHTTP{portRef: portRef{lb, 80}, setTarget: setTarget{VServerGroup: ptr("off")}})
	if v := ask[httpView](s, &describeHTTP{portRef{lb, 80}}); v.VServerGroupId != "" {
		t.Errorf("group %q", v.VServerGroupId)
	}
}

func TestTCPListener(t *testing.T) {
	s := newScene(t)
	lb := s.balancer()
	g := s.group(lb, "")
	r := &createTCP{portRef: portRef{lb, 443}, target: target{VServerGroupId: g}, HealthCheckInterval: ptr(7)}
	r.Scheduler = ptr("sch")
	s.do(r)
	set := &setTCP{portRef: portRef{lb, 443}, HealthCheckSwitch: ptr("off")}
	set.EstablishedTimeout = ptr(10)
	s.do(set)
	v := ask[tcpView](s, &describeTCP{portRef{lb, 443}})
	got := []any{v.HealthCheck, v.HealthCheckInterval, *v.EstablishedTimeout, *v.Scheduler, *v.PersistenceTimeout}
	if diff := cmp.Diff([]any{"off", 7, 10, "sch", 0}, got); diff != "" {
		t.Error(diff)
	}
	for _, change := range []func(*setTCP){
		func(r *setTCP) { r.EstablishedTimeout = ptr(9) },
		func(r *setTCP) { r.PersistenceTimeout = ptr(3601) },
		func(r *setTCP) { r.HealthCheckInterval = ptr(51) },
		func(r *setTCP) { r.HealthCheckType = ptr("udp") },
		func(r *setTCP) { r.Scheduler = ptr("qch") },
	} {
		r := &setTCP{portRef: portRef{lb, 443}}
		change(r)
		s.refused("InvalidParameter", r)
	}
	drain := &setTCP{portRef: portRef{lb, 443}}
	drain.ConnectionDrain = ptr("on")
	s.refused("MissingParameter", drain)
	s.refused("RuleNotSupport", &createRules{refOf(lb, 443, ""), `[]`})
}

func TestListenerPassesThroughItsStates(t *testing.T) {
	s := newScene(t)
	lb := s.balancer()
	s.httpListener(lb, 80, s.group(lb, ""))
	s.world.configuring = 2 * time.Second
	ref := refOf(lb, 80, "http")
	status := func() string { return ask[httpView](s, &describeHTTP{ref.portRef}).Status }
	settle := func() { s.world.now = s.world.now.Add(2 * time.Second) }
	var seen []string
	for _, step := range []func(){
		func() { s.do(&startListener{ref}) }, settle,
		func() { s.do(&setHTTP{portRef: ref.portRef}) }, settle,
		func() { s.do(&stopListener{ref}) }, settle,
	} {
		step()
		seen = append(seen, status())
	}
	if diff := cmp.Diff([]string{starting, running, configuring, running, stopping, stopped}, seen); diff != "" {
		t.Error(diff)
	}
	s.refused("OperationFailed.ListenerStatusNotSupport", &stopListener{ref})
	s.do(&startListener{ref})
	settle()
	s.refused("OperationFailed.ListenerStatusNotSupport", &startListener{ref})
	s.refused("InvalidParameter", &stopListener{refOf(lb, 80, "gopher")})
	s.refused("ListenerNotFound", &stopListener{refOf(lb, 80, "tcp")})
}

func TestLastListenerTakesTheLoadBalancerDown(t *testing.T) {
	s := newScene(t)
	lb := s.balancer()
	g := s.group(lb, "")
	s.httpListener(lb, 80, g)
	s.httpListener(lb, 81, g)
	s.rules(lb, 80, g, "a.example.com")
	status := func() string { return ask[balancerAttribute](s, &describeBalancer{balancerRef{lb}}).LoadBalancerStatus }
	s.do(&deleteListener{refOf(lb, 80, "")})
	if got := status(); got != active {
		t.Errorf("with one listener left: %s", got)
	}
	s.do(&deleteListener{refOf(lb, 81, "http")})
	if got := status(); got != inactive {
		t.Errorf("without listeners: %s", got)
	}
	s.refused("ListenerNotFound", &deleteListener{refOf(lb, 80, "")})
	s.do(&deleteGroup{groupRef{g}}) // the rule went with its listener
}

func TestDescribeListenersPages(t *testing.T) {
	s := newScene(t)
	lb, other := s.balancer(), s.balancer()
	g := s.group(lb, "")
	for port := 1; port <= 25; port++ {
		s.httpListener(lb, port, g)
	}
	s.httpListener(other, 80, s.group(other, ""))
	s.do(&createTCP{portRef: portRef{lb, 99}, target: target{VServerGroupId: g}, Tag: []tag{{"k", "v"}}})
	count := func(r listListeners) string {
		a := ask[listListenersAnswer](s, &r)
		return fmt.Sprintf("%d of %d, next %q", len(a.Listeners), a.TotalCount, a.NextToken)
	}
	for _, test := range []struct {
		request listListeners
		want    string
	}{
		{listListeners{LoadBalancerId: []string{lb}}, `20 of 26, next "20"`},
		{listListeners{LoadBalancerId: []string{lb}, NextToken: "20"}, `6 of 26, next ""`},
		{listListeners{MaxResults: ptr(100)}, `27 of 27, next ""`},
		{listListeners{LoadBalancerId: []string{lb}, ListenerProtocol: "tcp"}, `1 of 1, next ""`},
		{listListeners{Tag: []tag{{"k", "v"}}}, `1 of 1, next ""`},
		{listListeners{ListenerPort: ptr(80)}, `1 of 1, next ""`},
	} {
		if got := count(test.request); got != test.want {
			t.Errorf("%+v: %s, want %s", test.request, got, test.want)
		}
	}
	for _, bad := range []listListeners{{MaxResults: ptr(101)}, {NextToken: "x"}, {LoadBalancerId: make([]string, 11)}} {
		if _, err := bad.answer(s.state, s.world); codeOf(err) != "InvalidParameter" {
			t.Errorf("%+v: %v", bad, err)
		}
	}
}

func TestRedirectNeedsNoTarget(t *testing.T) {
	s := newScene(t)
	lb := s.balancer()
	s.do(&createHTTP{portRef: portRef{lb, 80}, forwardSettings: forwardSettings{ListenerForward: ptr("on"), ForwardPort: ptr(443)}})
	v := ask[balancerAttribute](s, &describeBalancer{balancerRef{lb}}).ListenerPortsAndProtocol.ListenerPortAndProtocol
	if diff := cmp.Diff([]balancerListenerView{{80, "http", "on", 443, ""}}, v); diff != "" {
		t.Error(diff)
	}
}
