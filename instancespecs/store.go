package instancespecs

import (
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// Part is one of the things that are refreshed on their own.
type Part uint8

// The parts.
const (
	PartTypes  Part = iota // ECS DescribeInstanceTypes
	PartStock              // ECI DescribeAvailableResource
	PartPrices             // ECI DescribeContainerGroupPrice
	parts
)

// String is the part in words.
func (p Part) String() string { return [...]string{"instance types", "stock", "prices"}[p] }

// Freshness says how old a part is, and whether its last refresh failed.
type Freshness struct {
	LastGood time.Time // zero: still the embedded data, or none
	LastErr  error     // of the last refresh, nil if it was good
}

// Store holds the last good data. A refresh that fails changes nothing but the
// freshness. Market may be called from any goroutine at any time.
type Store struct {
	market atomic.Pointer[Market]

	mu        sync.Mutex // guards a refresh and what follows
	freshness [parts]Freshness
}

// NewStore returns a store that starts with this market.
func NewStore(start *Market) *Store {
	s := &Store{}
	s.market.Store(start)
	return s
}

// Market returns the last good data.
func (s *Store) Market() *Market { return s.market.Load() }

// Freshness returns how old a part is.
func (s *Store) Freshness(p Part) Freshness {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.freshness[p]
}

// RefreshTypes takes over what ECS DescribeInstanceTypes answered, or notes
// that the call failed with err. The conflicts are those of Catalogue.Merge. The
// error says why the last good data is kept, and of when that is.
func (s *Store) RefreshTypes(records []TypeRecord, err error, now time.Time) ([]Conflict, error) {
	var conflicts []Conflict
	err = s.refresh(PartTypes, err, now, func(m *Market) (*Market, error) {
		merged, refused, err := m.catalogue.Merge(records)
		if err != nil {
			return nil, err
		}
		conflicts = refused
		return NewMarket(merged, m.stock, m.prices), nil
	})
	return conflicts, err
}

// RefreshStock takes over what ECI DescribeAvailableResource answered: all of
// it, because what it does not name is no longer known. Errors as RefreshTypes.
func (s *Store) RefreshStock(records []StockRecord, err error, now time.Time) error {
	return s.refresh(PartStock, err, now, func(m *Market) (*Market, error) {
		stock, err := NewStock(records)
		if err != nil {
			return nil, err
		}
		return NewMarket(m.catalogue, stock, m.prices), nil
	})
}

// RefreshPrices adds what ECI DescribeContainerGroupPrice answered to the price
// book. Errors as RefreshTypes.
func (s *Store) RefreshPrices(records []PriceRecord, err error, now time.Time) error {
	return s.refresh(PartPrices, err, now, func(m *Market) (*Market, error) {
		if m.prices == nil {
			return nil, fmt.Errorf("the market has no price book, so its currency is not known")
		}
		book, err := m.prices.With(records)
		if err != nil {
			return nil, err
		}
		return NewMarket(m.catalogue, m.stock, book), nil
	})
}

func (s *Store) refresh(p Part, err error, now time.Time, build func(*Market) (*Market, error)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var next *Market
	if err == nil {
		next, err = build(s.market.Load())
	}
	f := &s.freshness[p]
	if err != nil {
		f.LastErr = fmt.Errorf("refresh of %s failed, keeping the data %s: %w", p, f.origin(), err)
		return f.LastErr
	}
	s.market.Store(next)
	*f = Freshness{LastGood: now}
	return nil
}

func (f Freshness) origin() string {
	if f.LastGood.IsZero() {
		return "that ebb started with"
	}
	return "of " + f.LastGood.UTC().Format(time.RFC3339)
}
