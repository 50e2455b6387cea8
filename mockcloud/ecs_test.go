package mockcloud_test

import (
	"strconv"
	"testing"

	"github.com/ebb-node/ebb/mockcloud"
	"github.com/ebb-node/ebb/mockcloud/internal/wire"
)

type typesPage struct {
	NextToken     string
	InstanceTypes struct {
		InstanceType []struct {
			InstanceTypeId, InstanceTypeFamily, InstanceFamilyLevel string
			CpuCoreCount                                            int
			MemorySize                                              float64
			InitialCredit                                           int
		}
	}
}

// ecs is a client of the cloud's ECS.
func (b bench) ecs() bench {
	b.client.Version = "2014-05-26"
	return b
}

func TestInstanceTypesInPages(t *testing.T) {
	b := newBench(t, mockcloud.Config{}).ecs()
	seen, token, pages := map[string]bool{}, "", 0
	for {
		params := wire.Params{"InstanceFamilyLevel": "CreditEntryLevel", "MaxResults": "10"}
		if token != "" {
			params["NextToken"] = token
		}
		p := call[typesPage](b, "DescribeInstanceTypes", params)
		pages++
		for _, typ := range p.InstanceTypes.InstanceType {
			if seen[typ.InstanceTypeId] || typ.InitialCredit != 30*typ.CpuCoreCount || typ.InstanceFamilyLevel != "CreditEntryLevel" {
				t.Errorf("%+v", typ)
			}
			seen[typ.InstanceTypeId] = true
		}
		if token = p.NextToken; token == "" {
			break
		}
	}
	if len(seen) != 23 || pages != 3 {
		t.Errorf("%d types in %d pages, want 23 in 3", len(seen), pages)
	}
}

func TestInstanceTypesFiltered(t *testing.T) {
	b := newBench(t, mockcloud.Config{}).ecs()
	for _, test := range []struct {
		params wire.Params
		want   int
	}{
		{wire.Params{"InstanceTypeFamily": "ecs.t6"}, 7},
		{wire.Params{"InstanceTypes.1": "ecs.t6-c1m1.large", "InstanceTypes.2": "ecs.none"}, 1},
		{wire.Params{"InstanceTypeFamily": "ecs.t5", "MinimumCpuCoreCount": "16"}, 2},
		{wire.Params{"MinimumInitialCredit": "480"}, 2},
		{wire.Params{"InstanceTypeFamily": "ecs.t6", "MaximumMemorySize": "1"}, 2},
	} {
		if got := len(call[typesPage](b, "DescribeInstanceTypes", test.params).InstanceTypes.InstanceType); got != test.want {
			t.Errorf("%v: %d types, want %d", test.params, got, test.want)
		}
	}
	many := wire.Params{}
	for i := range 11 {
		many["InstanceTypes."+strconv.Itoa(i+1)] = "ecs.t6-c1m1.large"
	}
	for _, params := range []wire.Params{many, {"MaxResults": "101"}, {"NextToken": "x"}, {"Cores": "2"}} {
		if code, _ := codeOf(t, b.client.Call("DescribeInstanceTypes", params, nil)); code == "" {
			t.Errorf("%v is accepted", params)
		}
	}
}
