package instancespecs

import (
	"math"
	"strings"
	"testing"
	"time"
)

func mustPrices(t testing.TB, currency string) *PriceBook {
	t.Helper()
	b, err := DefaultPrices(currency)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func near(got, want, tolerance float64) bool { return math.Abs(got-want) <= tolerance }

func TestDefaultPrices(t *testing.T) {
	for _, tt := range []struct {
		currency, key string
		hourly        float64
		kind          PriceKind
	}{
		{"CNY", KeyVCPU, 0.1764, ListPrice},
		{"CNY", KeyGiB, 0.0221, ListPrice},
		{"CNY", KeyEconomyVCPU, 0.0972, ListPrice},
		{"CNY", KeyOverdrawnCredit, 0.005, ListPrice},
		{"CNY", "ecs.c5.large", 0.62, ListPrice},
		{"CNY", "ecs.t5-lc1m2.large", 0.333, Estimate},
		{"USD", KeyVCPU, 0.02772, ListPrice},
		{"USD", KeyGiB, 0.003456, ListPrice},
	} {
		p, ok := mustPrices(t, tt.currency).Lookup(tt.key)
		if !ok || p.Hourly != tt.hourly || p.Kind != tt.kind || p.Currency != tt.currency {
			t.Errorf("%s in %s: got %+v, %t", tt.key, tt.currency, p, ok)
		}
	}
	if _, ok := mustPrices(t, "CNY").Lookup("ecs.t6-c1m1.large"); ok {
		t.Error("no trustworthy price of a t6 type is published, so none may be made up")
	}
	for _, currency := range []string{"CNY", "USD"} {
		for _, r := range mustPrices(t, currency).All() {
			if r.Source == "" || r.AsOf == "" {
				t.Errorf("%s: the price does not say where and when it is from", r.Key)
			}
		}
	}
	if _, err := DefaultPrices("EUR"); err == nil || !strings.Contains(err.Error(), `"EUR"`) {
		t.Errorf("got %v, want an error that names the currency", err)
	}
}

func TestSizePrices(t *testing.T) {
	b := mustPrices(t, "CNY")
	for size, want := range map[Size]float64{
		{0.25, 0.5}: 0.0552, {0.5, 1}: 0.1103, {1, 2}: 0.2206, {2, 4}: 0.4412, {4, 8}: 0.8824,
	} {
		if p, ok := b.Size(size); !ok || !near(p.Hourly, want, 0.00005) || p.Kind != ListPrice {
			t.Errorf("%s: got %v, %t, want %g", size, p, ok, want)
		}
	}
	for size, want := range map[Size]float64{{1, 2}: 0.1414, {2, 4}: 0.2828} {
		if p, ok := b.EconomySize(size); !ok || !near(p.Hourly, want, 0.00005) {
			t.Errorf("economy %s: got %v, %t, want %g", size, p, ok, want)
		}
	}
	if _, ok := b.EconomySize(Size{12, 24}); ok {
		t.Error("the economy category ends at 8 vCPU")
	}
	with, err := b.With([]PriceRecord{apiPrice("1-2Gi", 0.2)})
	if err != nil {
		t.Fatal(err)
	}
	if p, _ := with.Size(Size{1, 2}); p.Hourly != 0.2 || p.Kind != APIPrice {
		t.Errorf("the API's own price of a size must win, got %v", p)
	}
	if p, _ := b.Size(Size{1, 2}); p.Kind != ListPrice {
		t.Error("With changed the book it was called on")
	}
	if _, ok := (*PriceBook)(nil).Size(Size{1, 2}); ok {
		t.Error("no book, no price")
	}
}

func TestPriceBookRefuses(t *testing.T) {
	b := mustPrices(t, "CNY")
	dollars := apiPrice("ecs.c5.large", 0.1)
	dollars.Currency = "USD"
	unsourced := apiPrice("ecs.c5.large", 0.1)
	unsourced.Source = ""
	for want, r := range map[string]PriceRecord{
		`currency is "USD"`:         dollars,
		"is not above 0":            apiPrice("ecs.c5.large", math.NaN()),
		"0 per hour":                apiPrice("ecs.c5.large", 0),
		"key or source":             unsourced,
		`price of "": key or sourc`: apiPrice("", 1),
	} {
		if _, err := b.With([]PriceRecord{r}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want an error with %q", err, want)
		}
	}
	_, err := ParsePrices("mine.csv", "key,currency,hourly,kind,as_of,source\nx,CNY,a,guess,2026,me\n")
	for _, want := range []string{`mine.csv line 2: hourly "a"`, `kind "guess"`} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want an error with %q", err, want)
		}
	}
}

func TestCompare(t *testing.T) {
	b := mustPrices(t, "CNY")
	reserve, _ := b.Lookup("ecs.t5-lc1m2.large")
	standard, _ := b.Lookup("ecs.c5.large")
	s, err := Compare(reserve, standard, 90*time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	if !near(s.Cost.Value, 0.4995, 1e-9) || !near(s.Standard.Value, 0.93, 1e-9) || !near(s.Saved.Value, 0.4305, 1e-9) {
		t.Errorf("got %+v", s)
	}
	if !near(s.Fraction(), 0.463, 0.0005) { // the 46 % of the first announcement
		t.Errorf("saved %g, want 46.3 %%", s.Fraction())
	}
	if s.Standard.Kind != ListPrice || s.Saved.Kind != Estimate {
		t.Errorf("kinds are %s and %s: the worse of two holds", s.Standard.Kind, s.Saved.Kind)
	}
	if !strings.Contains(s.Saved.Source, "Billing FAQ") || !strings.Contains(s.Saved.Source, "break-even") {
		t.Errorf("source %q does not name both sources", s.Saved.Source)
	}
	usd, _ := mustPrices(t, "USD").Size(Size{1, 2})
	if _, err := Compare(reserve, usd, time.Hour); err == nil || !strings.Contains(err.Error(), "USD") {
		t.Errorf("got %v, want an error about the currencies", err)
	}
	sum, err := s.Cost.Plus(s.Standard)
	if err != nil || !near(sum.Value, 1.4295, 1e-9) || sum.Kind != Estimate {
		t.Errorf("sum is %v, %v", sum, err)
	}
	if got := (Saving{}).Fraction(); got != 0 {
		t.Errorf("nothing spent, %g saved", got)
	}
}

func TestPriceText(t *testing.T) {
	p := apiPrice("x", 0.1234).Price
	if got, want := p.String(), "0.1234 CNY/h (API price)"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := p.Cost(30*time.Minute).String(), "0.0617 CNY (API price)"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
