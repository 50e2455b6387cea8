package resolve

import (
	"fmt"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
)

// resourceField resolves a resourceFieldRef. own is the container that it
// stands in, or nil in a volume, where the reference names one.
func (r *resolver) resourceField(field string, ref *corev1.ResourceFieldSelector, own *corev1.Container) (string, bool) {
	c := own
	if ref.ContainerName != "" {
		c = r.containerNamed(ref.ContainerName)
	}
	if c == nil {
		r.refuse(field+".containerName", fmt.Sprintf("the pod has no container %q", ref.ContainerName), "")
		return "", false
	}
	list, name, ok := strings.Cut(ref.Resource, ".")
	var amount resource.Quantity
	switch {
	case ok && list == "limits":
		amount = r.limit(c, corev1.ResourceName(name))
	case ok && list == "requests":
		amount = c.Resources.Requests[corev1.ResourceName(name)]
	default:
		r.refuse(field+".resource", fmt.Sprintf("%q is neither limits.<resource> nor requests.<resource>", ref.Resource), "")
		return "", false
	}
	return divide(amount, ref.Divisor, corev1.ResourceName(name)), true
}

// limit is a container's own limit, or the size of the instance.
func (r *resolver) limit(c *corev1.Container, name corev1.ResourceName) resource.Quantity {
	if q, ok := c.Resources.Limits[name]; ok || r.node.Size == nil {
		return q
	}
	return r.node.Size(r.pod)[name]
}

func (r *resolver) containerNamed(name string) *corev1.Container {
	for _, list := range [][]corev1.Container{r.pod.Spec.Containers, r.pod.Spec.InitContainers} {
		for i := range list {
			if list[i].Name == name {
				return &list[i]
			}
		}
	}
	return nil
}

// divide returns amount in units of divisor, rounded up; the default divisor
// is one.
func divide(amount, divisor resource.Quantity, name corev1.ResourceName) string {
	if divisor.IsZero() {
		divisor = resource.MustParse("1")
	}
	n, d := amount.Value(), divisor.Value()
	if name == corev1.ResourceCPU {
		n, d = amount.MilliValue(), divisor.MilliValue()
	}
	return strconv.FormatInt((n+d-1)/d, 10)
}
