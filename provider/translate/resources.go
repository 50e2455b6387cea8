package translate

import (
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
