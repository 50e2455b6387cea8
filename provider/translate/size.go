package translate

import (
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/ebb-node/ebb/instancespecs"
)

// The size of a pod that asks for nothing.
// https://www.alibabacloud.com/help/doc-detail/114662.htm
const (
	defaultVCPU      = 2
	defaultMemoryGiB = 4
)

// freeStorageGiB is the ephemeral storage that every group has.
// https://help.aliyun.com/zh/eci/user-guide/increase-the-capacity-of-the-temporary-storage-space
const freeStorageGiB = 30

const gib = 1 << 30

// ignoreResourcesEnv marks a container that does not count for the size of
// the instance.
// https://help.aliyun.com/document_detail/446853.html
const ignoreResourcesEnv = "__ECI_RESOURCE_IGNORE__"

// InstanceSize is what the instance of a pod will have, as far as the pod
// alone tells: its first spec, or the sum of its containers rounded up. An
// instance type of unknown size, and a spec that is invalid, count as not
// given.
func InstanceSize(pod *corev1.Pod, config Config) corev1.ResourceList {
	size := ownSize(pod)
	if specs, err := specsOf(pod); err == nil && len(specs) > 0 {
		size = firstSize(specs[0], size, config)
	}
	if rounded, err := instancespecs.GridFor(config.Region, false).RoundUp(size.VCPU, size.MemoryGiB); err == nil && !isType(pod) {
		size = rounded
	}
	extra, _ := extraStorage(pod) // an invalid annotation is refused by Translate
	return corev1.ResourceList{
		corev1.ResourceCPU:              *resource.NewMilliQuantity(int64(size.VCPU*1000), resource.DecimalSI),
		corev1.ResourceMemory:           *resource.NewQuantity(int64(size.MemoryGiB*gib), resource.BinarySI),
		corev1.ResourceEphemeralStorage: *resource.NewQuantity(int64(freeStorageGiB+extra)*gib, resource.BinarySI),
	}
}

// amount is CPU in thousandths and memory in bytes.
type amount struct{ milliCPU, memory int64 }

func (a amount) plus(b amount) amount {
	return amount{a.milliCPU + b.milliCPU, a.memory + b.memory}
}

func (a amount) max(b amount) amount {
	return amount{max(a.milliCPU, b.milliCPU), max(a.memory, b.memory)}
}

func (a amount) size() instancespecs.Size {
	return instancespecs.Size{VCPU: float64(a.milliCPU) / 1000, MemoryGiB: float64(a.memory) / gib}
}

// ownSize is what the pod's resources ask for, before rounding.
func ownSize(pod *corev1.Pod) instancespecs.Size {
	total := containersAmount(pod)
	if own := pod.Spec.Resources; own != nil {
		whole := amountOf(*own)
		if whole.milliCPU > 0 {
			total.milliCPU = whole.milliCPU
		}
		if whole.memory > 0 {
			total.memory = whole.memory
		}
	}
	if total == (amount{}) {
		return instancespecs.Size{VCPU: defaultVCPU, MemoryGiB: defaultMemoryGiB}
	}
	return total.size()
}

// containersAmount is the sum over containers, or what an init container
// needs if that is more: the rule by which Kubernetes schedules.
// https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/#resource-sharing-within-containers
func containersAmount(pod *corev1.Pod) amount {
	var sidecars, initial, apps amount
	for i := range pod.Spec.InitContainers {
		c := &pod.Spec.InitContainers[i]
		if isSidecar(c) {
			sidecars = sidecars.plus(counted(c))
			initial = initial.max(sidecars)
		} else {
			initial = initial.max(sidecars.plus(counted(c)))
		}
	}
	for i := range pod.Spec.Containers {
		apps = apps.plus(counted(&pod.Spec.Containers[i]))
	}
	return initial.max(sidecars.plus(apps))
}

// counted is what a container counts for the size of the instance.
func counted(c *corev1.Container) amount {
	for _, e := range c.Env {
		if e.Name == ignoreResourcesEnv && strings.EqualFold(e.Value, "true") {
			return amount{}
		}
	}
	return amountOf(c.Resources)
}

// amountOf prefers limits to requests, each resource for itself.
func amountOf(r corev1.ResourceRequirements) amount {
	pick := func(name corev1.ResourceName) resource.Quantity {
		if q, ok := r.Limits[name]; ok {
			return q
		}
		return r.Requests[name]
	}
	cpu, memory := pick(corev1.ResourceCPU), pick(corev1.ResourceMemory)
	return amount{milliCPU: cpu.MilliValue(), memory: memory.Value()}
}
