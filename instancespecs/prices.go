package instancespecs

import (
	"fmt"
	"strings"
	"time"
)

// PriceKind says how far a figure can be trusted. Of two figures combined the
// worse kind holds.
type PriceKind uint8

// The kinds, best first.
const (
	APIPrice  PriceKind = iota // answered by the cloud's price API for this account and region
	ListPrice                  // published by Alibaba Cloud; region and discounts may differ
	Estimate                   // derived; right in its order of magnitude
)

var priceKinds = []string{APIPrice: "api", ListPrice: "list", Estimate: "estimate"}

// String is the kind as the price files write it.
func (k PriceKind) String() string { return priceKinds[k] }

// label is the kind as people read it.
func (k PriceKind) label() string {
	return [...]string{APIPrice: "API price", ListPrice: "list price", Estimate: "estimate"}[k]
}

// Price is what one thing costs per hour, and how that is known. For
// KeyOverdrawnCredit it is per credit.
type Price struct {
	Hourly   float64
	Currency string // CNY, USD
	Kind     PriceKind
	Source   string // page or API
	AsOf     string // when the source said so: 2025, 2021-07, 2026-01-02
}

// String is the price with its currency and kind, for messages.
func (p Price) String() string {
	return fmt.Sprintf("%.4g %s/h (%s)", p.Hourly, p.Currency, p.Kind.label())
}

// Cost returns what d at this price costs. ECI bills by the second, from the
// pull of the image to the end of the container group
// (https://help.aliyun.com/zh/eci).
func (p Price) Cost(d time.Duration) Amount {
	return Amount{Value: p.Hourly * d.Hours(), Currency: p.Currency, Kind: p.Kind, Source: p.Source}
}

// Amount is money, and how it is known.
type Amount struct {
	Value    float64
	Currency string
	Kind     PriceKind
	Source   string
}

// String is the amount with its currency and kind, for messages.
func (a Amount) String() string {
	return fmt.Sprintf("%.4f %s (%s)", a.Value, a.Currency, a.Kind.label())
}

// Plus returns a + b. The error says that the currencies differ.
func (a Amount) Plus(b Amount) (Amount, error) { return a.combine(b, 1) }

// Minus returns a - b. The error says that the currencies differ.
func (a Amount) Minus(b Amount) (Amount, error) { return a.combine(b, -1) }

func (a Amount) combine(b Amount, sign float64) (Amount, error) {
	if a.Currency != b.Currency {
		return Amount{}, fmt.Errorf("amounts in %q and %q cannot be combined: take both prices from one price book",
			a.Currency, b.Currency)
	}
	return Amount{
		Value:    a.Value + sign*b.Value,
		Currency: a.Currency,
		Kind:     max(a.Kind, b.Kind),
		Source:   joinSources(a.Source, b.Source),
	}, nil
}

// Saving is what a pod has cost, beside the same time on another spec.
type Saving struct {
	Cost     Amount // of the chosen spec
	Standard Amount // of the standard spec for the same time
	Saved    Amount // Standard - Cost; below 0 if the choice was dearer
}

// Compare returns what d has cost at the chosen price and what it would have
// cost at the standard one. The error says that the currencies differ.
func Compare(chosen, standard Price, d time.Duration) (Saving, error) {
	s := Saving{Cost: chosen.Cost(d), Standard: standard.Cost(d)}
	var err error
	s.Saved, err = s.Standard.Minus(s.Cost)
	return s, err
}

// Fraction returns how much of the standard cost was saved, 0 to 1.
func (s Saving) Fraction() float64 {
	if s.Standard.Value == 0 {
		return 0
	}
	return s.Saved.Value / s.Standard.Value
}

func joinSources(a, b string) string {
	if a == b || strings.Contains(a, b) {
		return a
	}
	return a + "; " + b
}
