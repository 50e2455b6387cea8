package node

import (
	"maps"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Labels that the node always has. type=virtual-kubelet is what ACK's
// documentation selects virtual nodes by
// (https://help.aliyun.com/en/eci/user-guide/schedule-pods-to-virtual-kubelet);
// the others are Kubernetes' own. Load balancers must not send to the node: it
// has no data path.
const (
	labelType     = "type"
	labelTypeVK   = "virtual-kubelet"
	labelNoLB     = "node.kubernetes.io/exclude-from-external-load-balancers"
	operatingSys  = "linux"
	labelNodeRole = "kubernetes.io/role"
	roleAgent     = "agent"
)

// resourceGPU is what pods ask for a GPU by, as with NVIDIA's device plugin.
const resourceGPU corev1.ResourceName = "nvidia.com/gpu"

// DefaultTaint keeps pods away that do not ask for a virtual node; it is that
// of ACK's virtual nodes
// (https://help.aliyun.com/en/eci/user-guide/schedule-pods-to-virtual-kubelet).
func DefaultTaint() corev1.Taint {
	return corev1.Taint{Key: "virtual-kubelet.io/provider", Value: "alibabacloud", Effect: corev1.TaintEffectNoSchedule}
}

// Spec is what a node is registered as.
type Spec struct {
	Name           string
	InternalIP     string
	KubeletPort    int32
	KubeletVersion string
	Region, Zone   string // "" leaves the topology label out
	Architecture   string // amd64, arm64

	CPU, Memory, EphemeralStorage resource.Quantity
	Pods                          int64
	GPUs                          int64 // 0 leaves the resource out

	Labels map[string]string // added to and winning over the node's own
	Taints []corev1.Taint
}

// Object is the node object without conditions.
func (s Spec) Object() *corev1.Node {
	capacity := corev1.ResourceList{
		corev1.ResourceCPU:              s.CPU,
		corev1.ResourceMemory:           s.Memory,
		corev1.ResourceEphemeralStorage: s.EphemeralStorage,
		corev1.ResourcePods:             *resource.NewQuantity(s.Pods, resource.DecimalSI),
	}
	if s.GPUs > 0 {
		capacity[resourceGPU] = *resource.NewQuantity(s.GPUs, resource.DecimalSI)
	}
	return &corev1.Node{
		ObjectMeta: metav1.ObjectMeta{Name: s.Name, Labels: s.labels()},
		Spec:       corev1.NodeSpec{Taints: s.Taints},
		Status: corev1.NodeStatus{
			Capacity:    capacity,
			Allocatable: capacity.DeepCopy(),
			Addresses: []corev1.NodeAddress{
				{Type: corev1.NodeInternalIP, Address: s.InternalIP},
				{Type: corev1.NodeHostName, Address: s.Name},
			},
			DaemonEndpoints: corev1.NodeDaemonEndpoints{KubeletEndpoint: corev1.DaemonEndpoint{Port: s.KubeletPort}},
			NodeInfo: corev1.NodeSystemInfo{
				KubeletVersion:  s.KubeletVersion,
				OperatingSystem: operatingSys,
				Architecture:    s.Architecture,
				OSImage:         "Elastic Container Instance",
				// In the form of a kubelet: runtime://version.
				ContainerRuntimeVersion: "eci://2018-08-08",
			},
		},
	}
}

func (s Spec) labels() map[string]string {
	out := map[string]string{
		labelType:                  labelTypeVK,
		labelNodeRole:              roleAgent,
		labelNoLB:                  "true",
		corev1.LabelHostname:       s.Name,
		corev1.LabelOSStable:       operatingSys,
		corev1.LabelArchStable:     s.Architecture,
		corev1.LabelTopologyRegion: s.Region,
		corev1.LabelTopologyZone:   s.Zone,
	}
	maps.Copy(out, s.Labels)
	maps.DeleteFunc(out, func(_, v string) bool { return v == "" })
	return out
}
