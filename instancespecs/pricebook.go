package instancespecs

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/ebb-node/ebb/instancespecs/data"
)

// Keys of a PriceBook beside instance types (ecs.t5-lc1m2.small) and sizes
// (2-4Gi).
const (
	KeyVCPU            = "eci.vcpu"         // one vCPU, general compute category
	KeyEconomyVCPU     = "eci.vcpu.economy" // one vCPU, economy compute category
	KeyGiB             = "eci.gib"          // one GiB of memory, both categories
	KeyOverdrawnCredit = "credit.overdrawn" // one CPU credit beyond the advance, unlimited mode, Linux
)

// PriceRecord is a price with the key it belongs to.
type PriceRecord struct {
	Key string // instance type, size, or one of the Key constants
	Price
}

// PriceBook knows what things cost, in one currency. It never changes; With
// makes a new one. A nil PriceBook knows no price.
type PriceBook struct {
	currency string
	prices   map[string]Price
}

// DefaultPrices returns the embedded prices in a currency, CNY or USD. Only few
// instance types have one; the rest must come from the API. The error says that
// the currency is not known.
func DefaultPrices(currency string) (*PriceBook, error) {
	records, err := ParsePrices("prices.csv", data.Prices)
	if err != nil {
		return nil, err
	}
	records = slices.DeleteFunc(records, func(r PriceRecord) bool { return r.Currency != currency })
	if len(records) == 0 {
		return nil, fmt.Errorf("currency %q: no list price is known; use CNY or USD", currency)
	}
	return NewPriceBook(currency, records)
}

// ParsePrices reads a CSV text in the format of data.Prices. The error names
// every row and column that is wrong.
func ParsePrices(name, text string) ([]PriceRecord, error) {
	t, err := newTable(name, text, "key", "currency", "hourly", "kind", "as_of", "source")
	if err != nil {
		return nil, err
	}
	var records []PriceRecord
	var problems []error
	for {
		ok, err := t.next()
		if err != nil {
			return nil, err
		}
		if !ok {
			return records, errors.Join(problems...)
		}
		records = append(records, readPrice(t))
		problems = append(problems, t.err())
	}
}

func readPrice(t *table) PriceRecord {
	kind := slices.Index(priceKinds, t.text("kind"))
	if kind < 0 {
		t.fail("kind", "is not list, api or estimate")
		kind = int(Estimate)
	}
	return PriceRecord{Key: t.text("key"), Price: Price{
		Hourly:   t.number("hourly"),
		Currency: t.text("currency"),
		Kind:     PriceKind(kind),
		AsOf:     t.text("as_of"),
		Source:   t.text("source"),
	}}
}

// NewPriceBook returns a book of the records. The error names the record whose
// currency is another, whose amount is not above 0, or whose source is missing.
func NewPriceBook(currency string, records []PriceRecord) (*PriceBook, error) {
	return (&PriceBook{currency: currency}).With(records)
}

// With returns the book with the records added, for example those of ECI
// DescribeContainerGroupPrice
// (https://github.com/alibabacloud-go/eci-20180808 client/client.go).
// A record replaces one of the same key. Errors are those of NewPriceBook; b is
// never changed.
func (b *PriceBook) With(records []PriceRecord) (*PriceBook, error) {
	next := &PriceBook{currency: b.currency, prices: maps.Clone(b.prices)}
	if next.prices == nil {
		next.prices = make(map[string]Price, len(records))
	}
	for _, r := range records {
		if r.Currency != b.currency {
			return nil, fmt.Errorf("price of %q: currency is %q, the price book is in %q", r.Key, r.Currency, b.currency)
		}
		if !(r.Hourly > 0) {
			return nil, fmt.Errorf("price of %q: %g per hour is not above 0", r.Key, r.Hourly)
		}
		if r.Key == "" || r.Source == "" {
			return nil, fmt.Errorf("price of %q: key or source (%q) is empty", r.Key, r.Source)
		}
		next.prices[r.Key] = r.Price
	}
	return next, nil
}

// Currency returns the currency of all prices of the book.
func (b *PriceBook) Currency() string {
	if b == nil {
		return ""
	}
	return b.currency
}

// Lookup returns the price with this key.
func (b *PriceBook) Lookup(key string) (Price, bool) {
	if b == nil {
		return Price{}, false
	}
	p, ok := b.prices[key]
	return p, ok
}

// Size returns the price of a size: its own if the book has one, else that of
// its vCPUs and its memory (https://help.aliyun.com/zh/eci). The size must be
// one that a Grid returned, because the supported size is what is billed.
func (b *PriceBook) Size(s Size) (Price, bool) {
	if p, ok := b.Lookup(s.String()); ok {
		return p, true
	}
	return b.sum(s, KeyVCPU)
}

// EconomySize returns the price of a size in the economy compute category,
// which sells 0.25 to 8 vCPU (https://help.aliyun.com/document_detail/324246.html).
func (b *PriceBook) EconomySize(s Size) (Price, bool) {
	const largestEconomy = 8
	if s.VCPU > largestEconomy {
		return Price{}, false
	}
	return b.sum(s, KeyEconomyVCPU)
}

func (b *PriceBook) sum(s Size, vcpuKey string) (Price, bool) {
	vcpu, ok1 := b.Lookup(vcpuKey)
	gib, ok2 := b.Lookup(KeyGiB)
	return Price{
		Hourly:   s.VCPU*vcpu.Hourly + s.MemoryGiB*gib.Hourly,
		Currency: b.Currency(),
		Kind:     max(vcpu.Kind, gib.Kind),
		Source:   joinSources(vcpu.Source, gib.Source),
		AsOf:     min(vcpu.AsOf, gib.AsOf),
	}, ok1 && ok2
}

// All returns every price, ordered by key.
func (b *PriceBook) All() []PriceRecord {
	if b == nil {
		return nil
	}
	all := make([]PriceRecord, 0, len(b.prices))
	for k, p := range b.prices {
		all = append(all, PriceRecord{Key: k, Price: p})
	}
	slices.SortFunc(all, func(x, y PriceRecord) int { return cmp.Compare(x.Key, y.Key) })
	return all
}
