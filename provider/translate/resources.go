package translate

import (
	"fmt"
	"maps"
	"slices"

	corev1 "k8s.io/api/core/v1"
)

// extendedResources are the resources of a container that are not part of
// every instance, sorted.
func extendedResources(c *corev1.Container) []corev1.ResourceName {
	names := map[corev1.ResourceName]bool{}
	for _, list := range []corev1.ResourceList{c.Resources.Limits, c.Resources.Requests} {
		for name, q := range list {
			switch name {
			case corev1.ResourceCPU, corev1.ResourceMemory, corev1.ResourceEphemeralStorage:
			default:
				if !q.IsZero() {
					names[name] = true
				}
			}
		}
	}
	return slices.Sorted(maps.Keys(names))
}

// checkGPUs refuses a GPU on an instance that is not of a type: sizes have
// none.
// https://help.aliyun.com/document_detail/144561.html
func (t *translator) checkGPUs(candidates []candidate) {
	onSizes := slices.ContainsFunc(candidates, func(c candidate) bool { return len(c.types) == 0 })
	for i := range t.pod.Spec.Containers {
		if _, asked := t.pod.Spec.Containers[i].Resources.Limits[gpuResource]; asked && onSizes {
			t.refuse(fmt.Sprintf("spec.containers[%d].resources.limits[%s]", i, gpuResource),
				"a GPU needs an ECS instance type that has one", "name only such types in "+Prefix+keyUseSpecs)
		}
	}
}
