package instancespecs

import "fmt"

// Candidate is a spec that was considered.
type Candidate struct {
	ID    string        // as eci-use-specs takes it: an instance type or a size
	Type  *InstanceType // nil for a size and for a type that the catalogue does not know
	Size  Size          // vCPU and memory; zero if they are not known
	Price *Price        // nil: unknown
	Entry string        // the entry of the annotation that it comes from

	verdict   verdict
	rank      int     // place in the order by cost, from 1
	memoryGiB float64 // that the pod asks for
	suggest   string  // what would fit instead
}

// verdict is why a candidate was accepted or rejected.
type verdict uint8

const (
	named     verdict = iota // accepted: the annotation names it
	cheapest                 // accepted: the search found it
	sized                    // accepted: a size that ECI sells
	roundedUp                // accepted: the next size that ECI sells
	unchecked                // accepted: unknown, the API decides
	outOfStock
	tooSmall
	otherFamily
	otherGeneration
	notBurstable
	notSold
	listFull
	repeated
	beyondGrid
)

// Why says why the candidate was accepted, or rejected.
func (c Candidate) Why() string {
	switch c.verdict {
	case named:
		return "named in the list"
	case cheapest:
		return fmt.Sprintf("no. %d of the types with at least %s, by %s", c.rank, c.Entry, c.order())
	case sized:
		return "a size that ECI sells"
	case roundedUp:
		return "the smallest size that ECI sells with at least " + c.Entry
	case unchecked:
		return "not in the catalogue, so its memory was not checked; the API decides"
	case tooSmall:
		return c.whyTooSmall()
	default:
		return c.whyRefused()
	}
}

// order says what the rank of a search stands on.
func (c Candidate) order() string {
	if c.Price != nil && c.Price.Kind == APIPrice {
		return "API price"
	}
	return "assumed cost (no API price)"
}

func (c Candidate) whyTooSmall() string {
	text := fmt.Sprintf("has %g GiB, the pod asks for %g GiB", c.Size.MemoryGiB, c.memoryGiB)
	if c.suggest == "" {
		return text + "; nothing that is sold has that much"
	}
	return text + "; the smallest that fits is " + c.suggest
}

func (c Candidate) whyRefused() string {
	switch c.verdict {
	case outOfStock:
		return "known to be out of stock"
	case otherFamily:
		return "the family filter leaves out " + c.Type.Family
	case otherGeneration:
		return "the generation filter leaves out generation " + generationName(c.Type.Generation)
	case notBurstable:
		return "not burstable"
	case notSold:
		return "ECI is not documented to accept " + c.Type.Family + ", and no stock answer names it"
	case beyondGrid:
		return "larger than the largest size that ECI sells; name an ECS instance type"
	case listFull:
		return fmt.Sprintf("the list has its %d entries", MaxEntries)
	case repeated:
		return "already in the list"
	}
	return ""
}
