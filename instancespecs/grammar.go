package instancespecs

import (
	"strconv"
	"strings"
)

// Keys of the annotations that hold a list of specs.
const (
	// AnnotationUseSpecs is on a pod: each entry is bought as it stands
	// (https://help.aliyun.com/document_detail/451261.html).
	AnnotationUseSpecs = "k8s.aliyun.com/eci-use-specs"
	// AnnotationReserve is on a revision: <vCPU>-<memory>Gi stands for the
	// cheapest instance types that have at least that much
	// (https://www.alibabacloud.com/help/en/ack/serverless-kubernetes/user-guide/reserved-instances).
	AnnotationReserve = "knative.aliyun.com/reserve-instance-eci-use-specs"
)

// entry is one parsed entry of a spec list.
type entry struct {
	text   string
	size   Size // if it is <vCPU>-<memory>Gi
	isType bool
}

// entries is a parsed list, without an allocation.
type entries struct {
	list [MaxEntries]entry
	n    int
}

// parseSpecs reads a list of specs. The error is a *SpecError.
func parseSpecs(annotation, specs string) (entries, error) {
	var all entries
	if count := strings.Count(specs, ",") + 1; count > MaxEntries {
		return all, &SpecError{annotation, specs, "has " + strconv.Itoa(count) + " entries"}
	}
	for rest, more := specs, true; more; {
		var text string
		text, rest, more = strings.Cut(rest, ",")
		e, problem := parseEntry(strings.TrimSpace(text))
		if problem != "" {
			return all, &SpecError{annotation, strings.TrimSpace(text), problem}
		}
		all.list[all.n] = e
		all.n++
	}
	return all, nil
}

// parseEntry returns the entry, or what is wrong with it.
func parseEntry(text string) (entry, string) {
	switch {
	case text == "":
		return entry{}, "is empty"
	case strings.HasPrefix(text, "ecs."):
		if err := checkTypeID(text); err != nil {
			return entry{}, err.Error()
		}
		return entry{text: text, isType: true}, ""
	default:
		size, problem := parseSize(text)
		return entry{text: text, size: size}, problem
	}
}

// parseSize reads <vCPU>-<memory>Gi.
func parseSize(text string) (Size, string) {
	if strings.HasPrefix(text, "-") {
		return Size{}, "the vCPUs are negative"
	}
	vcpu, memory, ok := strings.Cut(text, "-")
	if !ok {
		return Size{}, "is neither a size nor an ECS instance type"
	}
	memory, unit := strings.CutSuffix(memory, "Gi")
	if !unit {
		return Size{}, "the memory lacks its unit Gi"
	}
	var s Size
	if s.VCPU, ok = parseAmount(vcpu); !ok {
		return Size{}, "the vCPUs are not a number above 0"
	}
	if s.MemoryGiB, ok = parseAmount(memory); !ok {
		return Size{}, "the memory is not a number above 0"
	}
	return s, ""
}

// parseAmount reads digits with at most one dot: no sign, exponent or Inf.
func parseAmount(text string) (float64, bool) {
	if strings.Trim(text, "0123456789.") != "" {
		return 0, false
	}
	v, err := strconv.ParseFloat(text, 64)
	return v, err == nil && v > 0
}
