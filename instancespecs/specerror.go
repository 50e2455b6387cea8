package instancespecs

import (
	"fmt"
	"strings"
)

// MaxEntries is how many entries eci-use-specs may have
// (https://help.aliyun.com/document_detail/451261.html).
const MaxEntries = 5

// Grammar describes what the spec annotations may hold.
const Grammar = "1 to 5 entries separated by commas, each either <vCPU>-<memory>Gi with numbers above 0 " +
	"(1-2Gi, 0.5-1Gi) or the name of an ECS instance type (ecs.t6-c1m1.large)"

// SpecError says which entry of a spec annotation cannot be used, and why.
type SpecError struct {
	Annotation string // key
	Entry      string // as the user wrote it
	Problem    string
}

// Error quotes the entry and gives the grammar.
func (e *SpecError) Error() string {
	return fmt.Sprintf("annotation %s: entry %q: %s; want %s", e.Annotation, e.Entry, e.Problem, Grammar)
}

// NoFitError says that the annotation is well formed, but that nothing it names
// can be used.
type NoFitError struct {
	Annotation string
	Specs      string // the annotation's value, or the default list
	Rejected   []Candidate
}

// Error names the candidates with the reason of each.
func (e *NoFitError) Error() string {
	const most = 5 // a search can reject hundreds; more than the longest list is not read
	var b strings.Builder
	fmt.Fprintf(&b, "annotation %s: no instance spec of %q can be used", e.Annotation, e.Specs)
	if len(e.Rejected) == 0 {
		b.WriteString(": no instance type in the catalogue has that many vCPUs and that much memory; ask for less")
	}
	for i, c := range e.Rejected {
		if i == most {
			fmt.Fprintf(&b, "; and %d more", len(e.Rejected)-most)
			break
		}
		separator := "; "
		if i == 0 {
			separator = ": "
		}
		fmt.Fprintf(&b, "%s%s: %s", separator, c.ID, c.Why())
	}
	return b.String()
}
