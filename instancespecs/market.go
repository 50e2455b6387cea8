package instancespecs

import (
	"cmp"
	"slices"
)

// Market is what is sold, what is in stock, and what it costs. It never
// changes and may be used from many goroutines.
type Market struct {
	catalogue *Catalogue
	stock     *Stock
	prices    *PriceBook
	offers    []offer        // cheapest first
	byID      map[string]int // position in offers
	byMemory  []int          // positions in offers: least memory first, then cheapest
}

// offer is an instance type with all that the choice asks about it.
type offer struct {
	typ        *InstanceType
	price      *Price // nil: unknown
	generation string // as a filter writes it
	soldByECI  bool
	stock      StockState
}

// NewMarket joins a catalogue with stock and prices; the latter two may be nil.
func NewMarket(catalogue *Catalogue, stock *Stock, prices *PriceBook) *Market {
	m := &Market{catalogue: catalogue, stock: stock, prices: prices, byID: make(map[string]int, catalogue.Len())}
	for i := range catalogue.types {
		m.offers = append(m.offers, m.offer(&catalogue.types[i]))
	}
	slices.SortFunc(m.offers, compareCost)
	for i := range m.offers {
		m.byID[m.offers[i].typ.ID] = i
		m.byMemory = append(m.byMemory, i)
	}
	slices.SortStableFunc(m.byMemory, func(a, b int) int {
		return cmp.Compare(m.offers[a].typ.MemoryGiB, m.offers[b].typ.MemoryGiB)
	})
	return m
}

// DefaultMarket joins the embedded catalogue with the embedded prices in a
// currency, CNY or USD. The error is that of DefaultCatalogue or DefaultPrices.
func DefaultMarket(currency string) (*Market, error) {
	catalogue, err := DefaultCatalogue()
	if err != nil {
		return nil, err
	}
	prices, err := DefaultPrices(currency)
	if err != nil {
		return nil, err
	}
	return NewMarket(catalogue, nil, prices), nil
}

func (m *Market) offer(t *InstanceType) offer {
	o := offer{typ: t, stock: m.stock.State(t.ID), generation: generationName(t.Generation)}
	if p, ok := m.prices.Lookup(t.ID); ok {
		o.price = &p
	}
	_, accepted := eciFamilies[t.Family]
	o.soldByECI = accepted || o.stock == StockHigh || o.stock == StockLow
	return o
}

// Catalogue returns the instance types of the market.
func (m *Market) Catalogue() *Catalogue { return m.catalogue }

// Stock returns what is known to be in stock; it may be nil.
func (m *Market) Stock() *Stock { return m.stock }

// Prices returns the prices of the market; it may be nil.
func (m *Market) Prices() *PriceBook { return m.prices }
