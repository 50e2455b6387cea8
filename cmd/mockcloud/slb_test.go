package main

import (
	"net/netip"
	"testing"

	"github.com/ebb-node/ebb/mockcloud"
	"github.com/ebb-node/ebb/mockcloud/slb"
)

func TestLoadBalancerFlags(t *testing.T) {
	o := slbOptions{
		intranet: "10.1.0.0/24", internet: "10.2.0.0/24", quotas: map[string]int{"rules": 1000},
		instances: []string{"i-relay=10.3.0.1"}, refuseEmptyGroups: true,
	}
	c := mockcloud.Config{RegionID: "cn-hangzhou"}
	forward, err := o.addTo(&c, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer forward.Close()
	want := slb.DocumentedQuotas("cn-hangzhou")
	want.Rules = 1000
	l := c.LoadBalancing
	if l.Intranet != netip.MustParsePrefix("10.1.0.0/24") || l.Internet != netip.MustParsePrefix("10.2.0.0/24") ||
		*l.Quotas != want || !l.RefuseEmptyGroups || l.DataPlane != nil {
		t.Errorf("%+v", l)
	}
	if len(c.Instances) != 1 || c.Instances[0].ID != "i-relay" || c.Instances[0].IP != netip.MustParseAddr("10.3.0.1") || c.Instances[0].VPCID != vpcID {
		t.Errorf("%+v", c.Instances)
	}
	o.forward = true
	forward, err = o.addTo(&c, nil)
	if err != nil || c.LoadBalancing.DataPlane != slb.DataPlane(forward) {
		t.Errorf("data plane %v, error %v", c.LoadBalancing.DataPlane, err)
	}
	forward.Close()
}

func TestEveryQuotaHasAName(t *testing.T) {
	q := slb.Quotas{}
	fields := quotaFields(&q)
	if len(fields) != len(quotaNames()) {
		t.Errorf("%d fields, %d names", len(fields), len(quotaNames()))
	}
	for _, name := range quotaNames() {
		if fields[name] == nil {
			t.Errorf("%s has no field", name)
		}
	}
}
