package instancespecs

import (
	"strings"
	"testing"
)

func TestStock(t *testing.T) {
	s, err := NewStock([]StockRecord{
		{"cn-hangzhou-h", "ecs.t5-lc1m2.small", "WithoutStock"},
		{"cn-hangzhou-k", "ecs.t5-lc1m2.small", "ClosedWithStock"},
		{"cn-hangzhou-h", "ecs.t6-c1m1.large", "WithoutStock"},
		{"cn-hangzhou-k", "ecs.t6-c1m1.large", "ClosedWithoutStock"},
		{"cn-hangzhou-k", "ecs.t6", "WithStock"},
	})
	if err != nil {
		t.Fatal(err)
	}
	for id, want := range map[string]StockState{
		"ecs.t5-lc1m2.small": StockLow,  // one zone has it
		"ecs.t6-c1m1.large":  StockOut,  // the type's own answer beats the family's
		"ecs.t6-c1m2.large":  StockHigh, // by its family
		"ecs.s6-c1m2.small":  StockUnknown,
	} {
		if got := s.State(id); got != want {
			t.Errorf("%s: %s, want %s", id, got, want)
		}
	}
	if got := (*Stock)(nil).State("ecs.c5.large"); got != StockUnknown {
		t.Errorf("no stock data: %s, want unknown", got)
	}
}

func TestStockRefusesUnknownStatus(t *testing.T) {
	_, err := NewStock([]StockRecord{{"cn-hangzhou-k", "ecs.t6", "Plenty"}})
	if err == nil || !strings.Contains(err.Error(), `"Plenty"`) || !strings.Contains(err.Error(), "ecs.t6") {
		t.Errorf("got %v, want an error that names record and status", err)
	}
	if _, err := NewStock(nil); err == nil {
		t.Error("an empty answer must not pass for a good one")
	}
}
