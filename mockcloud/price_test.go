package mockcloud_test

import (
	"math"
	"testing"

	"github.com/ebb-node/ebb/mockcloud"
	"github.com/ebb-node/ebb/mockcloud/eci"
	"github.com/ebb-node/ebb/mockcloud/internal/wire"
)

type priced struct {
	PriceInfo struct {
		Price struct {
			Currency    string
			TradePrice  float64
			DetailInfos struct {
				DetailInfo []struct {
					Resource   string
					TradePrice float64
				}
			}
		}
	}
}

func TestPrices(t *testing.T) {
	b := newBench(t, mockcloud.Config{})
	for _, test := range []struct {
		params wire.Params
		hourly float64
		parts  int
	}{
		// 0.00012252 a second in https://help.aliyun.com/document_detail/479622.html
		{wire.Params{"Cpu": "2", "Memory": "4"}, 2*0.1764 + 4*0.0221, 2},
		{wire.Params{"Cpu": "1.5", "Memory": "4"}, 2*0.1764 + 4*0.0221, 2}, // the next size
		{wire.Params{"Cpu": "2", "Memory": "4", "ComputeCategory": "economy"}, 2*0.0972 + 4*0.0221, 2},
		{wire.Params{"Cpu": "2", "Memory": "4", "InstanceType": "ecs.c5.large"}, 0.62, 1},
		{wire.Params{"Cpu": "1", "Memory": "2", "InstanceType": "ecs.t5-lc1m2.small"}, 0.1764 + 2*0.0221, 1},
	} {
		got := call[priced](b, "DescribeContainerGroupPrice", test.params).PriceInfo.Price
		if got.Currency != "CNY" || math.Abs(got.TradePrice*3600-test.hourly) > 1e-6 || len(got.DetailInfos.DetailInfo) != test.parts {
			t.Errorf("%v: %+v, want %g an hour in %d parts", test.params, got, test.hourly, test.parts)
		}
	}
	b.refused("MissingParameter", "DescribeContainerGroupPrice", wire.Params{"InstanceType": "ecs.c5.large"})
	b.refused("InvalidInstanceTypeForEciBuy", "DescribeContainerGroupPrice", wire.Params{"Cpu": "1", "Memory": "1", "InstanceType": "ecs.none"})
	b.refused("InvalidParameter.CPU.Memory", "DescribeContainerGroupPrice", wire.Params{"Cpu": "1000", "Memory": "1"})
}

type available struct {
	AvailableZones struct {
		AvailableZone []struct {
			ZoneId             string
			AvailableResources struct {
				AvailableResource []struct {
					SupportedResources struct {
						SupportedResource []struct{ Value, StatusCategory string }
					}
				}
			}
		}
	}
}

// stocked is what is answered, as zone/value: status.
func (b bench) stocked(params wire.Params) map[string]string {
	b.Helper()
	found := map[string]string{}
	for _, zone := range call[available](b, "DescribeAvailableResource", params).AvailableZones.AvailableZone {
		for _, resource := range zone.AvailableResources.AvailableResource {
			for _, s := range resource.SupportedResources.SupportedResource {
				found[zone.ZoneId+"/"+s.Value] = s.StatusCategory
			}
		}
	}
	return found
}

func TestAvailableResources(t *testing.T) {
	b := newBench(t, mockcloud.Config{})
	const zone, other, name = mockcloud.DefaultRegion + "-i", mockcloud.DefaultRegion + "-j", "ecs.t6-c1m1.large"
	if err := b.server.SetStock(eci.StockSetting{Zone: zone, Spec: name, State: eci.StockNone}); err != nil {
		t.Fatal(err)
	}
	byType := wire.Params{"DestinationResource.Category": "InstanceType", "DestinationResource.Value": name}
	got := b.stocked(byType)
	if len(got) != 2 || got[zone+"/"+name] != "WithoutStock" || got[other+"/"+name] != "WithStock" {
		t.Errorf("by type: %v", got)
	}
	byType["ZoneId"] = zone
	if got := b.stocked(byType); len(got) != 1 {
		t.Errorf("in one zone: %v", got)
	}
	got = b.stocked(wire.Params{"DestinationResource.Category": "InstanceType", "DestinationResource.Cores": "2", "DestinationResource.Memory": "1", "ZoneId": zone})
	if len(got) != 1 || got[zone+"/ecs.t6-c2m1.large"] != "WithStock" {
		t.Errorf("by size: %v", got)
	}
	got = b.stocked(wire.Params{"DestinationResource.Category": "InstanceTypeFamily", "DestinationResource.Value": "ecs.t6", "ZoneId": zone})
	if len(got) != 1 || got[zone+"/ecs.t6"] != "WithStock" {
		t.Errorf("by family, one type of which is out: %v", got)
	}
	if got := b.stocked(wire.Params{"DestinationResource.Category": "InstanceType", "DestinationResource.Value": "ecs.none"}); len(got) != 0 {
		t.Errorf("a type that is not sold: %v", got)
	}
	b.refused("MissingParameter", "DescribeAvailableResource", wire.Params{})
	b.refused("InvalidParameter", "DescribeAvailableResource", wire.Params{"DestinationResource.Category": "Zone"})
	b.refused("InvalidParameter", "DescribeAvailableResource", wire.Params{
		"DestinationResource.Category": "InstanceTypeFamily", "DestinationResource.Value": "ecs.t6", "SpotResource.SpotStrategy": "SpotAsPriceGo"})
}
