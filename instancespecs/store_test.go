package instancespecs

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func TestStoreKeepsTheLastGoodData(t *testing.T) {
	monday := time.Date(2026, 1, 5, 10, 0, 0, 0, time.UTC)
	tuesday := monday.Add(24 * time.Hour)
	unreachable := errors.New("no route to host")
	s := NewStore(mustMarket(t))

	refresh := map[Part]struct {
		good, bad, failed func(time.Time) error
	}{
		PartTypes: {
			good: func(now time.Time) error {
				_, err := s.RefreshTypes([]TypeRecord{{ID: "ecs.c7.large", Family: "ecs.c7", VCPU: 2, MemoryGiB: 4}}, nil, now)
				return err
			},
			bad:    func(now time.Time) error { _, err := s.RefreshTypes(nil, nil, now); return err },
			failed: func(now time.Time) error { _, err := s.RefreshTypes(nil, unreachable, now); return err },
		},
		PartStock: {
			good: func(now time.Time) error {
				return s.RefreshStock([]StockRecord{{"z", "ecs.t6", "WithStock"}}, nil, now)
			},
			bad: func(now time.Time) error {
				return s.RefreshStock([]StockRecord{{"z", "ecs.t6", "?"}}, nil, now)
			},
			failed: func(now time.Time) error { return s.RefreshStock(nil, unreachable, now) },
		},
		PartPrices: {
			good: func(now time.Time) error {
				return s.RefreshPrices([]PriceRecord{apiPrice("ecs.c7.large", 0.42)}, nil, now)
			},
			bad: func(now time.Time) error {
				return s.RefreshPrices([]PriceRecord{apiPrice("ecs.c7.large", -1)}, nil, now)
			},
			failed: func(now time.Time) error { return s.RefreshPrices(nil, unreachable, now) },
		},
	}
	for part, do := range refresh {
		t.Run(part.String(), func(t *testing.T) {
			before := s.Market()
			err := do.failed(monday)
			if !errors.Is(err, unreachable) || !strings.Contains(err.Error(), "keeping the data that ebb started with") {
				t.Errorf("failed call: got %v", err)
			}
			if s.Market() != before {
				t.Error("a failed call changed the market")
			}
			if err := do.good(monday); err != nil {
				t.Fatal(err)
			}
			good := s.Market()
			if good == before {
				t.Error("a good refresh changed nothing")
			}
			err = do.bad(tuesday)
			if err == nil || !strings.Contains(err.Error(), part.String()) ||
				!strings.Contains(err.Error(), "keeping the data of 2026-01-05T10:00:00Z") {
				t.Errorf("bad data: got %v", err)
			}
			if s.Market() != good {
				t.Error("bad data changed the market")
			}
			if f := s.Freshness(part); !f.LastGood.Equal(monday) || f.LastErr == nil {
				t.Errorf("freshness is %+v", f)
			}
			if err := do.good(tuesday); err != nil {
				t.Fatal(err)
			}
			if f := s.Freshness(part); !f.LastGood.Equal(tuesday) || f.LastErr != nil {
				t.Errorf("freshness after recovery is %+v", f)
			}
		})
	}
	// Every part is still there after all the others were refreshed.
	m := s.Market()
	if _, ok := m.Catalogue().Lookup("ecs.c7.large"); !ok {
		t.Error("the instance types got lost")
	}
	if m.Stock().State("ecs.t6-c1m1.large") != StockHigh {
		t.Error("the stock got lost")
	}
	if p, ok := m.Prices().Lookup("ecs.c7.large"); !ok || p.Hourly != 0.42 {
		t.Error("the prices got lost")
	}
}

func apiPrice(key string, hourly float64) PriceRecord {
	return PriceRecord{Key: key, Price: Price{Hourly: hourly, Currency: "CNY", Kind: APIPrice, Source: "test", AsOf: "2026-01-05"}}
}

func mustMarket(t testing.TB) *Market {
	t.Helper()
	m, err := DefaultMarket("CNY")
	if err != nil {
		t.Fatal(err)
	}
	return m
}
