package instancespecs

import (
	"fmt"
	"strings"
)

// DefaultReserveSpecs is what a reserve gets when its annotation is absent, in
// the documents since 2021
// (https://www.alibabacloud.com/help/doc-detail/184834.htm).
var DefaultReserveSpecs = strings.Join(documentedOrder, ",")

// DefaultReserveSpecs2020 is the default of the feature's first release.
const DefaultReserveSpecs2020 = "ecs.t5-lc1m2.small"

// Request is what Choose is asked.
type Request struct {
	// Annotation is AnnotationUseSpecs or AnnotationReserve; it decides what
	// <vCPU>-<memory>Gi means.
	Annotation string
	// Specs is the annotation's value. Empty stands for DefaultReserveSpecs if
	// the annotation is AnnotationReserve.
	Specs string

	// MemoryGiB is what the pod's containers ask for together; a spec with less
	// is rejected. 0 accepts any.
	MemoryGiB float64
	// OutOfStock reports types that are out beyond what the market's stock
	// knows, for example because a creation has just failed. May be nil.
	OutOfStock func(id string) bool

	// Families and Generations restrict a search. They have no effect on types
	// that the list names (https://help.aliyun.com/document_detail/607899.html).
	Families, Generations Filter
	// BurstableOnly restricts a search to types with CPU credits.
	BurstableOnly bool

	// Region and Spot decide which sizes are sold.
	Region string
	Spot   bool
	// PassUnknown accepts types that the catalogue does not know, for the API
	// to decide about. Families that the catalogue knows completely (t5, t6)
	// are checked all the same.
	PassUnknown bool
}

// Choice is the answer of Choose.
type Choice struct {
	Accepted []Candidate // 1 to MaxEntries, in the order in which to try them
	Rejected []Candidate
	// NotJudged counts the types that a search found large enough but did not
	// look at, because cheaper ones had filled the list.
	NotJudged int
}

// Specs returns the accepted candidates as a value of AnnotationUseSpecs.
func (c Choice) Specs() string {
	ids := make([]string, len(c.Accepted))
	for i, a := range c.Accepted {
		ids[i] = a.ID
	}
	return strings.Join(ids, ",")
}

// Choose turns a spec annotation into specs to try in order. Entries keep the
// order of the annotation; <vCPU>-<memory>Gi becomes the next size that ECI
// sells (AnnotationUseSpecs), or the cheapest instance types that have at least
// that much (AnnotationReserve), together at most MaxEntries.
//
// Errors: *SpecError for an entry that cannot be read or is no known type,
// *NoFitError if nothing is left; the Choice then holds what was rejected.
func (m *Market) Choose(r Request) (Choice, error) {
	specs := r.Specs
	if strings.TrimSpace(specs) == "" && r.Annotation == AnnotationReserve {
		specs = DefaultReserveSpecs
	}
	if err := r.check(); err != nil {
		return Choice{}, err
	}
	parsed, err := parseSpecs(r.Annotation, specs)
	if err != nil {
		return Choice{}, err
	}
	w := chooser{market: m, request: &r}
	w.choice.Accepted = make([]Candidate, 0, MaxEntries)
	for _, e := range parsed.list[:parsed.n] {
		if err := w.consider(e); err != nil {
			return Choice{}, err
		}
	}
	if len(w.choice.Accepted) == 0 {
		return w.choice, &NoFitError{Annotation: r.Annotation, Specs: specs, Rejected: w.choice.Rejected}
	}
	return w.choice, nil
}

// check returns an error that names the field.
func (r *Request) check() error {
	if r.Annotation != AnnotationUseSpecs && r.Annotation != AnnotationReserve {
		return fmt.Errorf("choose an instance spec: annotation %q is not %s or %s",
			r.Annotation, AnnotationUseSpecs, AnnotationReserve)
	}
	if !(r.MemoryGiB >= 0) {
		return fmt.Errorf("choose an instance spec: memory of %g GiB must be 0 or more", r.MemoryGiB)
	}
	return nil
}
