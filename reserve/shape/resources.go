package shape

import (
	"maps"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/ebb-node/ebb/instancespecs"
	"github.com/ebb-node/ebb/reserve/settings"
)

const gib = 1 << 30

// setResources gives the user's container what the settings say. Of several
// containers that is the one with a port, which answers the requests.
func setResources(spec *corev1.PodSpec, r settings.Resources) {
	for i := range spec.Containers {
		c := &spec.Containers[i]
		if c.Name == queueProxy || !serves(spec, c) {
			continue
		}
		c.Resources.Requests = with(c.Resources.Requests, r.CPURequest, r.MemoryRequest)
		c.Resources.Limits = with(c.Resources.Limits, r.CPULimit, r.MemoryLimit)
		agree(c, corev1.ResourceCPU, r.CPULimit != nil)
		agree(c, corev1.ResourceMemory, r.MemoryLimit != nil)
	}
}

// agree lets the one that was set win when a request exceeds its limit.
func agree(c *corev1.Container, name corev1.ResourceName, limitSet bool) {
	request, limit := c.Resources.Requests[name], c.Resources.Limits[name]
	switch {
	case limit.IsZero() || request.Cmp(limit) <= 0:
	case limitSet:
		c.Resources.Requests[name] = limit
	default:
		delete(c.Resources.Limits, name)
	}
}

// serves reports whether a container is the one that answers requests.
func serves(spec *corev1.PodSpec, c *corev1.Container) bool {
	return len(c.Ports) > 0 || len(spec.Containers) == 2
}

func with(list corev1.ResourceList, cpu, memory *resource.Quantity) corev1.ResourceList {
	out := maps.Clone(list)
	for name, q := range map[corev1.ResourceName]*resource.Quantity{corev1.ResourceCPU: cpu, corev1.ResourceMemory: memory} {
		if q == nil {
			continue
		}
		if out == nil {
			out = corev1.ResourceList{}
		}
		out[name] = *q
	}
	return out
}

// fit makes the containers ask for no more than a size together, lest the pod be
// given a bigger one, or none. Limits beyond it are dropped: the containers then
// share the instance, which limits them anyway. An unknown size changes nothing.
func fit(spec *corev1.PodSpec, size instancespecs.Size) {
	for name, most := range map[corev1.ResourceName]int64{
		corev1.ResourceCPU:    int64(size.VCPU * 1000),
		corev1.ResourceMemory: int64(size.MemoryGiB * gib),
	} {
		if most == 0 {
			continue
		}
		if sum(spec, name, limits) > most {
			each(spec, func(c *corev1.Container) { delete(c.Resources.Limits, name) })
		}
		if total := sum(spec, name, requests); total > most {
			each(spec, func(c *corev1.Container) { shrink(c.Resources.Requests, name, most, total) })
		}
	}
}

func limits(c *corev1.Container) corev1.ResourceList   { return c.Resources.Limits }
func requests(c *corev1.Container) corev1.ResourceList { return c.Resources.Requests }

// each calls f for the containers that count for the size.
func each(spec *corev1.PodSpec, f func(*corev1.Container)) {
	for i := range spec.Containers {
		if c := &spec.Containers[i]; c.Name != queueProxy {
			f(c)
		}
	}
}

// sum is what the containers have of a resource together: thousandths of a CPU, or
// bytes.
func sum(spec *corev1.PodSpec, name corev1.ResourceName, of func(*corev1.Container) corev1.ResourceList) int64 {
	var total int64
	each(spec, func(c *corev1.Container) { total += amount(of(c), name) })
	return total
}

func amount(list corev1.ResourceList, name corev1.ResourceName) int64 {
	q := list[name]
	if name == corev1.ResourceCPU {
		return q.MilliValue()
	}
	return q.Value()
}

// shrink lowers a resource so that a total becomes what is allowed.
func shrink(list corev1.ResourceList, name corev1.ResourceName, most, total int64) {
	if _, ok := list[name]; !ok {
		return
	}
	share := float64(amount(list, name)) * float64(most) / float64(total)
	if name == corev1.ResourceCPU {
		list[name] = *resource.NewMilliQuantity(int64(share), resource.DecimalSI)
		return
	}
	list[name] = *resource.NewQuantity(int64(share), resource.BinarySI)
}
