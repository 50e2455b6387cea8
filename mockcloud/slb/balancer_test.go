package slb

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestCreateLoadBalancerDefaults(t *testing.T) {
	s := newScene(t)
	s.do(&createBalancer{})
	s.do(&createBalancer{VSwitchId: "vsw-a", LoadBalancerName: ptr("inner")})
	list := ask[listBalancersAnswer](s, &listBalancers{})
	type row struct{ Type, Address, Network, VPC, Charge, Status, Name string }
	var got []row
	for _, v := range list.LoadBalancers.LoadBalancer {
		got = append(got, row{v.AddressType, v.Address, v.NetworkType, v.VpcId, v.InstanceChargeType, v.LoadBalancerStatus, v.LoadBalancerName})
	}
	want := []row{
		{"internet", "203.0.113.1", "classic", "", "PayByCLCU", "active", "auto_named_slb"},
		{"intranet", "10.9.0.1", "vpc", "vpc-a", "PayByCLCU", "active", "inner"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestCreateLoadBalancerRefusals(t *testing.T) {
	s := newScene(t)
	for code, list := range map[string][]*createBalancer{
		"InvalidParameter": {
			{AddressType: "lunar"}, {LoadBalancerName: ptr("1abc")}, {LoadBalancerName: ptr("")},
			{InstanceChargeType: ptr("Free")}, {LoadBalancerSpec: ptr("slb.s9.huge")},
			{InternetChargeType: ptr("paybybandwidth")}, {Bandwidth: ptr(0)}, {Bandwidth: ptr(5121)},
			{DeleteProtection: ptr("yes")}, {VSwitchId: "vsw-b"}, {VSwitchId: "vsw-a", VpcId: "vpc-b"},
			{VSwitchId: "vsw-a", Address: "10.9.0.0"}, {VSwitchId: "vsw-a", Address: "192.168.0.1"},
			{AddressType: "internet", VSwitchId: "vsw-a"}, {Tag: []tag{{"acs:x", "1"}}}, {Tag: []tag{{"", "1"}}},
			{ModificationProtectionStatus: ptr("on")},
		},
		"MissingParameter": {{AddressType: "intranet"}},
	} {
		for _, r := range list {
			s.refused(code, r)
		}
	}
}

func TestIntranetAddressesRunOut(t *testing.T) {
	s := newScene(t)
	s.do(&createBalancer{VSwitchId: "vsw-a", Address: "10.9.0.2"})
	s.refused("InvalidParameter", &createBalancer{VSwitchId: "vsw-a", Address: "10.9.0.2"})
	for range 13 { // a /28 has 14
		s.do(&createBalancer{VSwitchId: "vsw-a"})
	}
	s.refused("VSwitchAvailableIpNotExist", &createBalancer{VSwitchId: "vsw-a"})
}

func TestLoadBalancerQuota(t *testing.T) {
	s := newScene(t)
	s.world.quotas.LoadBalancers = 1
	s.balancer()
	s.refused("OverQuota", &createBalancer{})
}

func TestClientTokenMakesOneLoadBalancer(t *testing.T) {
	s := newScene(t)
	first := s.do(&createBalancer{ClientToken: "t"})
	if again := s.do(&createBalancer{ClientToken: "t"}); again != first {
		t.Errorf("%+v and %+v", first, again)
	}
	s.refused("LX_REQUEST_TOKEN_CONFLICT", &createBalancer{ClientToken: "t", LoadBalancerName: ptr("other")})
	s.world.caller = "another key"
	if other := s.do(&createBalancer{ClientToken: "t"}); other == first {
		t.Error("the token of one caller answers another")
	}
	s.world.caller = "key"
	s.world.now = epoch.Add(tokenLife + time.Second)
	if late := s.do(&createBalancer{ClientToken: "t"}); late == first {
		t.Error("the token is remembered for ever")
	}
}

func TestDeleteProtection(t *testing.T) {
	s := newScene(t)
	id := s.do(&createBalancer{DeleteProtection: ptr("on")}).(createBalancerAnswer).LoadBalancerId
	s.refused("OperationDenied.DeleteProtectionIsOn", &deleteBalancer{balancerRef{id}})
	s.refused("InvalidParameter", &setDeleteProtection{balancerRef{id}, "perhaps"})
	s.do(&setDeleteProtection{balancerRef{id}, "off"})
	g := s.group(id, "")
	s.httpListener(id, 80, g)
	s.do(&deleteBalancer{balancerRef{id}})
	s.refused("InvalidLoadBalancerId.NotFound", &deleteBalancer{balancerRef{id}})
	if len(s.state.groups) != 0 {
		t.Error("the groups of a deleted load balancer are still there")
	}
}

func TestLoadBalancerIsChanged(t *testing.T) {
	s := newScene(t)
	id := s.do(&createBalancer{InstanceChargeType: ptr(payBySpec)}).(createBalancerAnswer).LoadBalancerId
	ref := balancerRef{id}
	s.do(&setBalancerName{ref, "renamed"})
	s.do(&setBalancerStatus{ref, inactive})
	s.do(&setModificationProtection{ref, "ConsoleProtection", ptr("managed.by.test")})
	s.do(&modifySpec{ref, "slb.s3.large"})
	s.do(&modifyInternetSpec{ref, ptr("paybybandwidth"), ptr(10)})
	v := ask[balancerAttribute](s, &describeBalancer{ref})
	got := []any{v.LoadBalancerName, v.LoadBalancerStatus, v.ModificationProtectionStatus, v.ModificationProtectionReason,
		v.LoadBalancerSpec, v.InternetChargeType, v.Bandwidth}
	want := []any{"renamed", inactive, "ConsoleProtection", "managed.by.test", "slb.s3.large", "paybybandwidth", 10}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	s.do(&modifyCharge{balancerRef: ref, InstanceChargeType: payByCLCU})
	s.refused("OperationDenied.PayByCLCU", &modifyCharge{balancerRef: ref, InstanceChargeType: payBySpec})
	s.refused("OperationDenied.PayByCLCU", &modifySpec{ref, "slb.s1.small"})
	s.refused("OperationDenied.PayByCLCU", &modifyInternetSpec{ref, nil, ptr(5)})
	s.refused("InvalidParameter", &setBalancerStatus{ref, "asleep"})
}

func TestDescribeLoadBalancersFilters(t *testing.T) {
	s := newScene(t)
	a := s.do(&createBalancer{LoadBalancerName: ptr("a"), Tag: []tag{{"k", "1"}, {"own", "x"}}}).(createBalancerAnswer).LoadBalancerId
	b := s.do(&createBalancer{LoadBalancerName: ptr("b"), VSwitchId: "vsw-a", Tag: []tag{{"k", "2"}}}).(createBalancerAnswer).LoadBalancerId
	s.group(b, "["+eni("10.0.0.1", 80, 100)+"]")
	for _, test := range []struct {
		name   string
		filter listBalancers
		want   []string
	}{
		{"all", listBalancers{}, []string{a, b}},
		{"ids", listBalancers{LoadBalancerId: b + ",lb-x"}, []string{b}},
		{"names", listBalancers{LoadBalancerName: "a,b"}, []string{a, b}},
		{"old tags are alternatives", listBalancers{Tags: `[{"TagKey":"k","TagValue":"1"},{"TagKey":"k","TagValue":"2"}]`}, []string{a, b}},
		{"new tags are all wanted", listBalancers{Tag: []tag{{"k", "1"}, {"own", ""}}}, []string{a}},
		{"new tags with a wrong value", listBalancers{Tag: []tag{{"k", "2"}, {"own", "x"}}}, nil},
		{"address type", listBalancers{AddressType: "intranet"}, []string{b}},
		{"address", listBalancers{Address: "203.0.113.1"}, []string{a}},
		{"vpc", listBalancers{VpcId: "vpc-a"}, []string{b}},
		{"status", listBalancers{LoadBalancerStatus: "inactive"}, nil},
		{"server", listBalancers{ServerId: "eni-10.0.0.1"}, []string{b}},
		{"server address", listBalancers{ServerIntranetAddress: "10.0.0.2"}, nil},
		{"page", listBalancers{pageRef: pageRef{ptr(2), ptr(1)}}, []string{b}},
	} {
		var got []string
		for _, v := range ask[listBalancersAnswer](s, &test.filter).LoadBalancers.LoadBalancer {
			got = append(got, v.LoadBalancerId)
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s: %s", test.name, diff)
		}
	}
	for _, bad := range []listBalancers{
		{LoadBalancerId: "1,2,3,4,5,6,7,8,9,10,11"}, {Tags: "k=v"}, {pageRef: pageRef{PageNumber: ptr(1)}},
		{pageRef: pageRef{ptr(1), ptr(101)}}, {pageRef: pageRef{ptr(0), ptr(10)}},
	} {
		if _, err := bad.answer(s.state, s.world); codeOf(err) != "InvalidParameter" {
			t.Errorf("%+v: %v", bad, err)
		}
	}
}
