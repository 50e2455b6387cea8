package instancespecs

import "fmt"

// StockState says whether ECI can sell an instance type.
type StockState uint8

// The states, from the best to the worst. Unknown is between: it is worth a try.
const (
	StockUnknown StockState = iota // no answer names the type
	StockHigh                      // WithStock
	StockLow                       // ClosedWithStock
	StockOut                       // WithoutStock or ClosedWithoutStock, in every zone asked
)

// stockStates are the values of StatusCategory in the reply of ECI
// DescribeAvailableResource (https://help.aliyun.com/document_detail/479624.htm).
var stockStates = map[string]StockState{
	"WithStock":          StockHigh,
	"ClosedWithStock":    StockLow,
	"WithoutStock":       StockOut,
	"ClosedWithoutStock": StockOut,
}

// String is the state in words.
func (s StockState) String() string {
	return [...]string{"unknown", "in stock", "low stock", "out of stock"}[s]
}

// StockRecord is what ECI DescribeAvailableResource answers for one instance
// type or one whole family in one zone
// (https://help.aliyun.com/document_detail/479624.htm).
type StockRecord struct {
	Zone   string // cn-hangzhou-k
	Value  string // ecs.t5-lc1m2.small, or ecs.t5 for the whole family
	Status string // StatusCategory
}

// Stock is what is known to be sold and what is known to be out. It never
// changes. A nil Stock knows nothing.
type Stock struct {
	states map[string]StockState // by instance type or family
}

// NewStock collects records; over several zones the best state counts. The
// error names the record whose status is unknown.
func NewStock(records []StockRecord) (*Stock, error) {
	s := &Stock{states: make(map[string]StockState, len(records))}
	if len(records) == 0 {
		return nil, fmt.Errorf("stock: the answer names no instance type")
	}
	for _, r := range records {
		state, ok := stockStates[r.Status]
		if !ok {
			return nil, fmt.Errorf("stock of %q in zone %q: status %q is unknown", r.Value, r.Zone, r.Status)
		}
		if old, known := s.states[r.Value]; !known || state < old {
			s.states[r.Value] = state
		}
	}
	return s, nil
}

// State returns what is known about an instance type: what was said about the
// type itself, else about its family.
func (s *Stock) State(id string) StockState {
	if s == nil {
		return StockUnknown
	}
	if state, ok := s.states[id]; ok {
		return state
	}
	return s.states[familyOf(id)]
}
