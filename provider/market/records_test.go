package market

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ebb-node/ebb/eci"
	"github.com/ebb-node/ebb/instancespecs"
)

func TestStockRecords(t *testing.T) {
	for _, test := range []struct {
		name  string
		stock []eci.Stock
		want  []instancespecs.StockRecord
	}{
		{"sold nowhere", nil, []instancespecs.StockRecord{{Value: "ecs.a", Status: "WithoutStock"}}},
		{"another type", []eci.Stock{{ZoneID: "z1", Value: "ecs.b", Status: "WithStock"}},
			[]instancespecs.StockRecord{{Value: "ecs.a", Status: "WithoutStock"}}},
		{"two zones", []eci.Stock{{ZoneID: "z1", Value: "ecs.a", Status: "WithoutStock"}, {ZoneID: "z2", Value: "ecs.a", Status: "ClosedWithStock"}},
			[]instancespecs.StockRecord{{Zone: "z1", Value: "ecs.a", Status: "WithoutStock"}, {Zone: "z2", Value: "ecs.a", Status: "ClosedWithStock"}}},
	} {
		if diff := cmp.Diff(test.want, stockRecords("ecs.a", test.stock)); diff != "" {
			t.Errorf("%s: %s", test.name, diff)
		}
	}
}

func TestTypePrice(t *testing.T) {
	known, err := instancespecs.DefaultPrices("CNY")
	if err != nil {
		t.Fatal(err)
	}
	typ := instancespecs.InstanceType{ID: "ecs.c5.large", VCPU: 2, MemoryGiB: 4} // 0.4412 an hour by its parts
	got, err := typePrice(typ, eci.Price{Currency: "CNY", Trade: 0.62 / 3600}, known, epoch)
	if err != nil || !near(got.Hourly, 0.62) || got.Kind != instancespecs.APIPrice || got.Key != typ.ID {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := typePrice(typ, eci.Price{Currency: "CNY", Trade: 0.62}, known, epoch); err == nil {
		t.Error("a price per hour was taken for one per second")
	}
}

func TestSizePrices(t *testing.T) {
	price := eci.Price{Currency: "CNY", Items: map[string]float64{"cpu": 0.000098, "memory": 0.00002452}}
	got := sizePrices(eci.PriceQuery{CPU: 2, Memory: 4}, price, epoch)
	if len(got) != 2 || got[0].Key != instancespecs.KeyVCPU || !near(got[0].Hourly, 0.1764) ||
		got[1].Key != instancespecs.KeyGiB || !near(got[1].Hourly, 0.022068) {
		t.Errorf("%+v", got)
	}
	if got := sizePrices(sample, eci.Price{Currency: "CNY", Trade: 1}, epoch); got != nil {
		t.Errorf("prices of parts that were not told: %+v", got)
	}
}
