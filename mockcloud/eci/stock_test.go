package eci

import "testing"

func TestStockTheMostSpecialSettingCounts(t *testing.T) {
	var s stock
	for _, setting := range []StockSetting{
		{State: StockNone},
		{Zone: "a", State: StockAvailable},
		{Spec: "ecs.c6.large", State: StockNoneDelayed},
		{Zone: "a", Spec: "ecs.c6.large", State: StockNone},
		{Zone: "a", Spec: "2-4Gi", Spot: true, State: StockNone},
	} {
		if err := s.set(setting); err != nil {
			t.Fatal(err)
		}
	}
	tests := []struct {
		zone, spec string
		spot       bool
		want       string
	}{
		{"b", "2-4Gi", false, StockNone},
		{"a", "2-4Gi", false, StockAvailable},
		{"a", "2-4Gi", true, StockNone},
		{"b", "ecs.c6.large", false, StockNoneDelayed},
		{"a", "ecs.c6.large", false, StockNone},
	}
	for _, test := range tests {
		if got := s.state(test.zone, test.spec, test.spot); got != test.want {
			t.Errorf("%s %s spot %v: %s, want %s", test.zone, test.spec, test.spot, got, test.want)
		}
	}
	if err := s.set(StockSetting{State: StockAvailable}); err != nil {
		t.Fatal(err)
	}
	if got := s.state("b", "2-4Gi", false); got != StockAvailable {
		t.Errorf("after the change: %s", got)
	}
	if err := s.set(StockSetting{State: "plenty"}); err == nil {
		t.Error("an unknown state was accepted")
	}
}
