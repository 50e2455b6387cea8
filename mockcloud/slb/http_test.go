package slb_test

import (
	"errors"
	"net/http/httptest"
	"net/netip"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ebb-node/ebb/mockcloud/balancer"
	"github.com/ebb-node/ebb/mockcloud/clock"
	"github.com/ebb-node/ebb/mockcloud/internal/wire"
	"github.com/ebb-node/ebb/mockcloud/rpc"
	"github.com/ebb-node/ebb/mockcloud/slb"
)

// bench is the product behind a front door on a frozen clock, with a client
// that shares nothing with it.
type bench struct {
	*testing.T
	clock  *clock.Clock
	front  *rpc.Server
	client wire.Client
}

func newBench(t *testing.T, latencies slb.Latencies, plane slb.DataPlane) bench {
	t.Helper()
	k := clock.New(nil, 0)
	t.Cleanup(k.Close)
	product, err := slb.New(slb.Config{
		RegionID: "cn-hangzhou", VSwitches: []slb.VSwitch{{ID: "vsw-a", VPCID: "vpc-a", Zone: "cn-hangzhou-i"}},
		Intranet: netip.MustParsePrefix("10.9.0.0/24"), Internet: netip.MustParsePrefix("203.0.113.0/24"),
		Servers: slb.Servers{LookupENI: func(id string, ip netip.Addr) bool { return id == "eni-"+ip.String() }},
		Quotas:  slb.DocumentedQuotas("cn-hangzhou"), Latencies: latencies, Clock: k, DataPlane: plane,
	})
	if err != nil {
		t.Fatal(err)
	}
	front := rpc.NewServer(rpc.Config{
		RegionID: "cn-hangzhou", Products: []rpc.Product{product.Product()},
		Credentials: []rpc.Credential{{AccessKeyID: "id", AccessKeySecret: "secret"}},
	})
	server := httptest.NewServer(front)
	t.Cleanup(server.Close)
	return bench{t, k, front, wire.Client{
		URL: server.URL, AccessKeyID: "id", AccessKeySecret: "secret", RegionID: "cn-hangzhou", Version: slb.Version,
	}}
}

// object is an answer as it came over the wire.
type object = map[string]any

// call makes a call that must succeed.
func (b bench) call(action string, params wire.Params) object {
	b.Helper()
	var out object
	if err := b.client.Call(action, params, &out); err != nil {
		b.Fatalf("%s: %v", action, err)
	}
	return out
}

// refused makes a call that must fail.
func (b bench) refused(status int, code, action string, params wire.Params) {
	b.Helper()
	err := b.client.Call(action, params, nil)
	var f *wire.Failure
	if !errors.As(err, &f) || f.Status != status || f.Code != code {
		b.Errorf("%s: %v, want %d %s", action, err, status, code)
	}
}

// at walks down an answer.
func at(x any, path ...any) any {
	for _, step := range path {
		switch step := step.(type) {
		case string:
			m, _ := x.(object)
			x = m[step]
		case int:
			l, _ := x.([]any)
			if step >= len(l) {
				return nil
			}
			x = l[step]
		}
	}
	return x
}

func (b bench) balancer() string {
	b.Helper()
	return at(b.call("CreateLoadBalancer", nil), "LoadBalancerId").(string)
}

func (b bench) group(lb string) string {
	b.Helper()
	return at(b.call("CreateVServerGroup", wire.Params{"LoadBalancerId": lb, "VServerGroupName": "g"}), "VServerGroupId").(string)
}

func (b bench) listen(lb, group string) {
	b.Helper()
	b.call("CreateLoadBalancerHTTPListener", wire.Params{
		"LoadBalancerId": lb, "ListenerPort": "80", "VServerGroupId": group, "StickySession": "off", "HealthCheck": "off",
		"XForwardedFor_proto": "on", "Bandwidth": "-1", "Tag.1.Key": "owner", "Tag.1.Value": "test",
	})
}

const pod = `[{"ServerId":"eni-10.0.0.1","ServerIp":"10.0.0.1","Port":"8012","Weight":"34","Type":"eni"}]`

// TestAnswersAreNestedAsDocumented goes through the life of a host and looks at
// each list where a client looks for it.
func TestAnswersAreNestedAsDocumented(t *testing.T) {
	b := newBench(t, slb.Latencies{}, nil)
	lb := b.balancer()
	ref := wire.Params{"LoadBalancerId": lb}
	g := b.group(lb)
	b.listen(lb, g)
	added := b.call("AddVServerGroupBackendServers", wire.Params{"VServerGroupId": g, "BackendServers": pod})
	rules := b.call("CreateRules", wire.Params{"LoadBalancerId": lb, "ListenerPort": "80", "ListenerProtocol": "http",
		"RuleList": `[{"RuleName":"kn-1","Domain":"a.example.com","Url":"/api","VServerGroupId":"` + g + `"}]`})
	id := at(rules, "Rules", "Rule", 0, "RuleId")
	b.call("TagResources", wire.Params{"ResourceType": "instance", "ResourceId.1": lb, "Tag.1.Key": "k", "Tag.1.Value": "v"})
	b.call("StartLoadBalancerListener", wire.Params{"LoadBalancerId": lb, "ListenerPort": "80", "ListenerProtocol": "http"})
	port := wire.Params{"LoadBalancerId": lb, "ListenerPort": "80"}
	groups := b.call("DescribeVServerGroups", wire.Params{"LoadBalancerId": lb, "IncludeRule": "true", "IncludeListener": "true"})
	for _, test := range []struct {
		answer object
		path   []any
		want   any
	}{
		{b.call("DescribeLoadBalancers", nil), []any{"LoadBalancers", "LoadBalancer", 0, "LoadBalancerId"}, lb},
		{b.call("DescribeLoadBalancers", nil), []any{"LoadBalancers", "LoadBalancer", 0, "Tags", "Tag", 0, "TagKey"}, "k"},
		{b.call("DescribeLoadBalancerAttribute", ref), []any{"ListenerPortsAndProtocol", "ListenerPortAndProtocol", 0, "ListenerPort"}, 80.0},
		{b.call("DescribeLoadBalancerAttribute", ref), []any{"Tags", "Tag", 0, "TagValue"}, "v"},
		{b.call("DescribeLoadBalancerAttribute", ref), []any{"BackendServers", "BackendServer"}, []any{}},
		{b.call("DescribeLoadBalancerListeners", wire.Params{"LoadBalancerId.1": lb}), []any{"Listeners", 0, "Status"}, "running"},
		{b.call("DescribeLoadBalancerListeners", wire.Params{"LoadBalancerId.1": lb}), []any{"Listeners", 0, "Tags", 0, "TagKey"}, "owner"},
		{b.call("DescribeLoadBalancerListeners", wire.Params{"LoadBalancerId.1": lb}), []any{"Listeners", 0, "HTTPListenerConfig", "XForwardedFor_proto"}, "on"},
		{b.call("DescribeLoadBalancerHTTPListenerAttribute", port), []any{"Rules", "Rule", 0, "RuleId"}, id},
		{b.call("DescribeRules", port), []any{"Rules", "Rule", 0, "Url"}, "/api"},
		{b.call("DescribeRuleAttribute", wire.Params{"RuleId": id.(string)}), []any{"ListenerPort"}, "80"},
		{groups, []any{"VServerGroups", "VServerGroup", 0, "AssociatedObjects", "Listeners", "Listener", 0, "Port"}, 80.0},
		{groups, []any{"VServerGroups", "VServerGroup", 0, "AssociatedObjects", "Rules", "Rule", 0, "RuleName"}, "kn-1"},
		{added, []any{"BackendServers", "BackendServer", 0, "Weight"}, 34.0},
		{b.call("DescribeVServerGroupAttribute", wire.Params{"VServerGroupId": g}), []any{"BackendServers", "BackendServer", 0, "Port"}, 8012.0},
		{b.call("DescribeHealthStatus", ref), []any{"BackendServers", "BackendServer", 0, "Weight"}, "34"},
		{b.call("DescribeHealthStatus", ref), []any{"BackendServers", "BackendServer", 0, "ServerHealthStatus"}, "unavailable"},
		{b.call("ListTagResources", wire.Params{"ResourceType": "instance", "ResourceId.1": lb}), []any{"TagResources", "TagResource", 0, "TagValue"}, "v"},
		{b.call("DescribeServerCertificates", nil), []any{"ServerCertificates", "ServerCertificate"}, []any{}},
		{b.call("DescribeAccessControlLists", nil), []any{"Acls", "Acl"}, []any{}},
	} {
		if diff := cmp.Diff(test.want, at(test.answer, test.path...)); diff != "" {
			t.Errorf("%v: %s", test.path, diff)
		}
	}
}

func TestParametersThatTheActionDoesNotKnow(t *testing.T) {
	b := newBench(t, slb.Latencies{}, nil)
	lb := b.balancer()
	g := b.group(lb)
	b.refused(400, "InvalidParameter", "SetRule", wire.Params{"RuleId": "rule-x", "Domain": "a.example.com"})
	b.refused(400, "InvalidParameter", "SetRule", wire.Params{"RuleId": "rule-x", "Url": "/a"})
	b.refused(400, "InvalidParameter", "SetLoadBalancerHTTPListenerAttribute",
		wire.Params{"LoadBalancerId": lb, "ListenerPort": "80", "ListenerForward": "on"})
	tcp := wire.Params{"LoadBalancerId": lb, "ListenerPort": "81", "VServerGroupId": g, "HealthCheckInterval": "3"}
	b.refused(400, "InvalidParameter", "CreateLoadBalancerTCPListener", tcp)
	delete(tcp, "HealthCheckInterval")
	tcp["healthCheckInterval"] = "3"
	b.call("CreateLoadBalancerTCPListener", tcp)
	b.refused(404, "InvalidAction.NotFound", "AddBackendServers", nil)
	b.refused(400, "MissingParameter", "DescribeLoadBalancerAttribute", nil)
}

func TestThePrivateKeyIsNotRecorded(t *testing.T) {
	b := newBench(t, slb.Latencies{}, nil)
	b.refused(400, "KeyFormatError", "UploadServerCertificate", wire.Params{"ServerCertificate": "c", "PrivateKey": "top secret"})
	for _, rec := range b.front.Calls("UploadServerCertificate") {
		if rec.Parameters["PrivateKey"] != "(10 bytes)" {
			t.Errorf("recorded %q", rec.Parameters["PrivateKey"])
		}
	}
}

func TestNinetyWritesAMinutePerAction(t *testing.T) {
	b := newBench(t, slb.Latencies{}, nil)
	lb := b.balancer()
	throttled := 0
	for range 100 {
		var f *wire.Failure
		if errors.As(b.client.Call("SetLoadBalancerName", wire.Params{"LoadBalancerId": lb, "LoadBalancerName": "x"}, nil), &f) && f.Code == "Throttling.User" {
			throttled++
		}
	}
	if throttled != 10 {
		t.Errorf("%d of 100 were refused, want 10", throttled)
	}
	b.call("SetLoadBalancerStatus", wire.Params{"LoadBalancerId": lb, "LoadBalancerStatus": "inactive"})
}

// TestOverlappingWrites has two writes to one load balancer under way at once:
// only one is let in, whichever comes first.
func TestOverlappingWrites(t *testing.T) {
	b := newBench(t, slb.Latencies{Write: time.Second}, nil)
	setup := make(chan string)
	go func() { setup <- b.balancer() }()
	lb := waitFor(b, setup)
	go func() { setup <- b.group(lb) }()
	g := waitFor(b, setup)

	codes := make(chan string)
	for _, ip := range []string{"10.0.0.1", "10.0.0.2"} {
		go func() {
			err := b.client.Call("AddVServerGroupBackendServers", wire.Params{"VServerGroupId": g,
				"BackendServers": `[{"ServerId":"eni-` + ip + `","ServerIp":"` + ip + `","Port":"80","Type":"eni"}]`}, nil)
			var f *wire.Failure
			errors.As(err, &f)
			if f == nil {
				f = &wire.Failure{Code: "none"}
			}
			codes <- f.Code
		}()
	}
	if got := <-codes; got != "VServerGroupProcessing" {
		t.Errorf("the second write: %s", got)
	}
	if got := waitFor(b, codes); got != "none" {
		t.Errorf("the first write: %s", got)
	}
}

// waitFor lets the cloud's time pass until something arrives.
func waitFor[T any](b bench, c chan T) T {
	for {
		select {
		case v := <-c:
			return v
		default:
			b.clock.Advance(time.Second)
		}
	}
}

// plane remembers what it was told.
type plane struct {
	mu      sync.Mutex
	applied []balancer.LoadBalancer
	groups  map[string]balancer.Group
	removed []string
	health  []balancer.MemberHealth
}

func (p *plane) Apply(lb balancer.LoadBalancer, groups map[string]balancer.Group) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.applied, p.groups = append(p.applied, lb), groups
	return nil
}

func (p *plane) Remove(id string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.removed = append(p.removed, id)
	return nil
}

func (p *plane) Health(string) []balancer.MemberHealth { return p.health }

func TestEffectsComeAfterTheirDelay(t *testing.T) {
	p := &plane{}
	b := newBench(t, slb.Latencies{Effect: time.Second}, p)
	lb := b.balancer()
	g := b.group(lb)
	b.listen(lb, g)
	b.call("AddVServerGroupBackendServers", wire.Params{"VServerGroupId": g, "BackendServers": pod})
	b.call("StartLoadBalancerListener", wire.Params{"LoadBalancerId": lb, "ListenerPort": "80"})
	if len(p.applied) != 0 {
		t.Errorf("applied before its time: %+v", p.applied)
	}
	b.clock.Advance(time.Second)
	want := balancer.LoadBalancer{ID: lb, Address: netip.MustParseAddr("203.0.113.1"), Listeners: []balancer.Listener{{
		Port: 80, Protocol: balancer.HTTP, Running: true, DefaultGroup: g,
		Policy:         balancer.Policy{Scheduler: balancer.WRR},
		RequestTimeout: time.Minute, IdleTimeout: 15 * time.Second, Gzip: true,
		Forwarded: balancer.ForwardedHeaders{For: true, Proto: true},
	}}}
	sameAddr := cmp.Comparer(func(a, b netip.Addr) bool { return a == b })
	if diff := cmp.Diff(want, p.applied[len(p.applied)-1], sameAddr); diff != "" {
		t.Error(diff)
	}
	members := map[string]balancer.Group{g: {ID: g, Members: []balancer.Member{
		{ServerID: "eni-10.0.0.1", IP: netip.MustParseAddr("10.0.0.1"), Port: 8012, Weight: 34},
	}}}
	if diff := cmp.Diff(members, p.groups, sameAddr); diff != "" {
		t.Error(diff)
	}
	b.call("DeleteLoadBalancer", wire.Params{"LoadBalancerId": lb})
	b.clock.Advance(time.Second)
	if diff := cmp.Diff([]string{lb}, p.removed); diff != "" {
		t.Error(diff)
	}
}

func TestOnlyTheChangedLoadBalancerIsApplied(t *testing.T) {
	p := &plane{}
	b := newBench(t, slb.Latencies{}, p)
	first, second := b.balancer(), b.balancer()
	g := b.group(second)
	p.applied = nil
	b.call("AddVServerGroupBackendServers", wire.Params{"VServerGroupId": g, "BackendServers": pod})
	if len(p.applied) != 1 || p.applied[0].ID != second {
		t.Errorf("%s and %s: applied %+v", first, second, p.applied)
	}
}

func TestInactiveLoadBalancerForwardsNothing(t *testing.T) {
	p := &plane{}
	b := newBench(t, slb.Latencies{}, p)
	lb := b.balancer()
	b.listen(lb, b.group(lb))
	b.call("StartLoadBalancerListener", wire.Params{"LoadBalancerId": lb, "ListenerPort": "80"})
	for _, test := range []struct {
		status  string
		running bool
	}{{"inactive", false}, {"active", true}} {
		b.call("SetLoadBalancerStatus", wire.Params{"LoadBalancerId": lb, "LoadBalancerStatus": test.status})
		if got := p.applied[len(p.applied)-1].Listeners[0].Running; got != test.running {
			t.Errorf("%s: running %v", test.status, got)
		}
	}
}

func TestHealthComesFromTheDataPlane(t *testing.T) {
	p := &plane{}
	b := newBench(t, slb.Latencies{}, p)
	lb := b.balancer()
	g := b.group(lb)
	b.listen(lb, g)
	b.call("AddVServerGroupBackendServers", wire.Params{"VServerGroupId": g, "BackendServers": pod})
	b.call("SetLoadBalancerHTTPListenerAttribute", wire.Params{"LoadBalancerId": lb, "ListenerPort": "80", "HealthCheck": "on"})
	status := func() any {
		return at(b.call("DescribeHealthStatus", wire.Params{"LoadBalancerId": lb, "ListenerPort": "80"}), "BackendServers", "BackendServer", 0, "ServerHealthStatus")
	}
	if got := status(); got != "unavailable" {
		t.Errorf("before the first check: %v", got)
	}
	p.health = []balancer.MemberHealth{{Port: 80, Protocol: balancer.HTTP, Group: g, Status: balancer.StatusAbnormal,
		Member: balancer.Member{ServerID: "eni-10.0.0.1", IP: netip.MustParseAddr("10.0.0.1"), Port: 8012, Weight: 34}}}
	if got := status(); got != "abnormal" {
		t.Errorf("after it: %v", got)
	}
	b.call("SetVServerGroupAttribute", wire.Params{"VServerGroupId": g, "BackendServers": `[{"ServerId":"eni-10.0.0.1","ServerIp":"10.0.0.1","Port":"8012","Weight":"0","Type":"eni"}]`})
	if got := status(); got != "normal" {
		t.Errorf("with weight 0: %v", got)
	}
}
