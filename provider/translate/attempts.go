package translate

import (
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/ebb-node/ebb/eci"
	"github.com/ebb-node/ebb/instancespecs"
	"github.com/ebb-node/ebb/provider/resolve"
)

// candidate is what one attempt asks for: instance types, or a size.
type candidate struct {
	types []string
	size  instancespecs.Size
}

// attempts makes one request per candidate, then the same without spot when
// the pod falls back from it.
func (t *translator) attempts() {
	candidates := t.candidates()
	t.checkGPUs(candidates)
	spot := t.spot()
	for _, c := range candidates {
		t.plan.Attempts = append(t.plan.Attempts, t.attempt(c, spot))
	}
	if spot.strategy != "" && spot.fallback {
		for _, c := range candidates {
			t.plan.Attempts = append(t.plan.Attempts, t.attempt(c, spotRequest{}))
		}
	}
}

// candidates groups consecutive instance types, which one call can carry;
// sizes stand alone.
func (t *translator) candidates() []candidate {
	specs := t.specs()
	if len(specs) == 0 {
		return []candidate{{size: ownSize(t.pod)}}
	}
	var out []candidate
	for _, s := range specs {
		last := len(out) - 1
		switch {
		case s.instanceType == "":
			out = append(out, candidate{size: s.size})
		case last >= 0 && len(out[last].types) > 0:
			out[last].types = append(out[last].types, s.instanceType)
		default:
			out = append(out, candidate{types: []string{s.instanceType}})
		}
	}
	return out
}

func (t *translator) specs() []spec {
	specs, err := specsOf(t.pod)
	if err == nil {
		return specs
	}
	key := keyUseSpecs
	if t.value(keyUseSpecs) == "" {
		key = keyInstanceType
	}
	t.refuse(field(key), err.Error(), "")
	return nil
}

// attempt is the request for one candidate.
func (t *translator) attempt(c candidate, spot spotRequest) eci.CreateRequest {
	request := t.request
	request.SpotStrategy = spot.strategy
	request.SpotPriceLimit = spot.priceLimit
	request.SpotDuration = spot.duration
	if len(c.types) > 0 {
		request.InstanceTypes = c.types
	} else {
		c.size = t.roundUp(c.size, spot.strategy != "")
		request.CPU, request.Memory = c.size.VCPU, c.size.MemoryGiB
	}
	if size, ok := t.smallest(c); ok && !t.fits(size) {
		t.dropLimits(&request, c)
	}
	return request
}

// roundUp finds the smallest size that is sold. A size that the user named
// and that is not sold gets a note, since it is paid for.
func (t *translator) roundUp(s instancespecs.Size, spot bool) instancespecs.Size {
	rounded, err := instancespecs.GridFor(t.config.Region, spot).RoundUp(s.VCPU, s.MemoryGiB)
	if err != nil {
		t.refuse(t.sizeField(), err.Error(), "")
		return s
	}
	if rounded != s && t.value(keyUseSpecs) != "" {
		t.noteOnce(Note{Type: corev1.EventTypeNormal, Reason: ReasonSpecRounded,
			Message: fmt.Sprintf("%s is not sold and was rounded up to %s", s, rounded)})
	}
	return rounded
}

// sizeField is the field that the size comes from.
func (t *translator) sizeField() string {
	if t.value(keyUseSpecs) != "" {
		return field(keyUseSpecs)
	}
	return "spec.containers[*].resources"
}

// smallest is the least that a candidate gives, or false when that is not
// known.
func (t *translator) smallest(c candidate) (instancespecs.Size, bool) {
	if len(c.types) == 0 {
		return c.size, true
	}
	var least instancespecs.Size
	for i, name := range c.types {
		if t.config.InstanceSize == nil {
			return least, false
		}
		vcpu, memory, ok := t.config.InstanceSize(name)
		if !ok {
			return least, false
		}
		if i == 0 {
			least = instancespecs.Size{VCPU: vcpu, MemoryGiB: memory}
		}
		least.VCPU, least.MemoryGiB = min(least.VCPU, vcpu), min(least.MemoryGiB, memory)
	}
	return least, true
}

// fits reports whether the limits of all containers fit into size.
func (t *translator) fits(size instancespecs.Size) bool {
	var sum amount
	for i := range t.pod.Spec.Containers {
		c := &t.pod.Spec.Containers[i]
		if counted(c) != (amount{}) {
			sum = sum.plus(amountOf(corev1.ResourceRequirements{Limits: c.Resources.Limits}))
		}
	}
	for i := range t.pod.Spec.InitContainers {
		c := &t.pod.Spec.InitContainers[i]
		limit := amountOf(corev1.ResourceRequirements{Limits: c.Resources.Limits})
		if counted(c) != (amount{}) {
			sum = sum.max(limit)
		}
	}
	need := sum.size()
	return need.VCPU <= size.VCPU && need.MemoryGiB <= size.MemoryGiB
}

// dropLimits lets the containers share the whole instance, which the user
// chose smaller than their limits: the group may not be smaller than the sum.
func (t *translator) dropLimits(request *eci.CreateRequest, c candidate) {
	request.Containers = withoutLimits(request.Containers)
	request.InitContainers = withoutLimits(request.InitContainers)
	what := c.size.String()
	if len(c.types) > 0 {
		what = strings.Join(c.types, ",")
	}
	t.noteOnce(resolve.Warning(ReasonLimitsDropped, fmt.Sprintf(
		"%s is smaller than the limits of the containers together: they share the instance without limits", what)))
}

func withoutLimits(containers []eci.Container) []eci.Container {
	containers = slices.Clone(containers)
	for i := range containers {
		containers[i].CPU, containers[i].Memory = 0, 0
	}
	return containers
}

// noteOnce adds a note that several attempts may give.
func (t *translator) noteOnce(n Note) {
	if !slices.Contains(t.plan.Warnings, n) {
		t.plan.Warnings = append(t.plan.Warnings, n)
	}
}
