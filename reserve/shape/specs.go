package shape

import (
	"errors"
	"fmt"
	"math"

	corev1 "k8s.io/api/core/v1"

	"github.com/ebb-node/ebb/instancespecs"
	"github.com/ebb-node/ebb/reserve/settings"
)

// Specs are the instance specs that a reserve may get.
type Specs struct {
	List string // as eci-use-specs takes it, in the order in which to try
	// Least is the smallest of their vCPUs and memories; zero if none is known.
	Least instancespecs.Size
	// Own: it is bought as a standard pod is, since nothing is cheaper.
	Own bool
	// Dearer: the user has named a spec that costs more than a standard pod. The
	// prices are that of the first spec and of a standard pod; nil: not known.
	Dearer          bool
	Price, Standard *instancespecs.Price
}

// Choose picks the specs of a reserve. A list that the user gave is tried as it
// is, whatever the containers ask for; the default one leaves out what has less
// memory, and when nothing is left, the cheapest types with enough are searched.
// It never costs more than a standard pod, if the prices are known: nil stands for
// an unknown one.
//
// Errors are those of instancespecs.Market.Choose.
func Choose(m *instancespecs.Market, s settings.Settings, standard *corev1.PodTemplateSpec, price *instancespecs.Price, region string) (Specs, error) {
	if s.Type != settings.ECI {
		return Specs{}, nil
	}
	request := instancespecs.Request{
		Annotation: settings.AnnotationSpecs, Specs: s.Specs, Region: region,
		Spot: s.Spot.Strategy != "", PassUnknown: true,
	}
	if s.Specs == "" {
		request.MemoryGiB = memory(&standard.Spec, s.Resources)
	}
	choice, err := m.Choose(request)
	if none := (*instancespecs.NoFitError)(nil); errors.As(err, &none) && request.MemoryGiB > 0 {
		request.Specs = fmt.Sprintf("1-%gGi", math.Ceil(request.MemoryGiB))
		choice, err = m.Choose(request)
	}
	if err != nil {
		return Specs{}, err
	}
	out := Specs{Standard: price}
	if s.Specs == "" && !request.Spot && price != nil {
		cheaper, own := notAbove(choice.Accepted, *price)
		if own && s.Resources == (settings.Resources{}) {
			return ownSpecs(standard, price, region)
		}
		choice.Accepted = cheaper
	}
	out.List, out.Least = choice.Specs(), least(choice.Accepted)
	if !request.Spot {
		out.Price = choice.Accepted[0].Price
	}
	out.Dearer = s.Specs != "" && out.Price != nil && price != nil && out.Price.Hourly > price.Hourly
	return out, nil
}

// memory is what the containers ask for together, in GiB.
func memory(pod *corev1.PodSpec, r settings.Resources) float64 {
	copied := pod.DeepCopy()
	setResources(copied, r)
	return float64(sum(copied, corev1.ResourceMemory, requests)) / gib
}

// least is the smallest vCPU count and the smallest memory among candidates whose
// size is known.
func least(candidates []instancespecs.Candidate) instancespecs.Size {
	var out instancespecs.Size
	for _, c := range candidates {
		if c.Size == (instancespecs.Size{}) {
			continue
		}
		if out == (instancespecs.Size{}) {
			out = c.Size
		}
		out.VCPU, out.MemoryGiB = min(out.VCPU, c.Size.VCPU), min(out.MemoryGiB, c.Size.MemoryGiB)
	}
	return out
}

// Device is a resource of the containers that no reserve spec has, such as a GPU;
// "" if there is none.
func Device(pod *corev1.PodSpec) corev1.ResourceName {
	for i := range pod.Containers {
		for _, list := range []corev1.ResourceList{pod.Containers[i].Resources.Requests, pod.Containers[i].Resources.Limits} {
			for name := range list {
				switch name {
				case corev1.ResourceCPU, corev1.ResourceMemory, corev1.ResourceEphemeralStorage:
				default:
					return name
				}
			}
		}
	}
	return ""
}
