package kubelet

import (
	"net/http"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	stats "k8s.io/kubelet/pkg/apis/stats/v1alpha1"
	"k8s.io/utils/ptr"

	"github.com/ebb-node/ebb/eci"
)

// summary serves the node's and its pods' use as /stats/summary.
func (s *Server) summary(w http.ResponseWriter, r *http.Request) error {
	pods, nodeCPU, err := s.measure(r.Context())
	if err != nil {
		return err
	}
	now := metav1.NewTime(s.Clock.Now())
	node := stats.NodeStats{NodeName: s.NodeName, StartTime: metav1.NewTime(s.started)}
	var cpu, memory uint64
	out := stats.Summary{Pods: []stats.PodStats{}}
	for i := range pods {
		out.Pods = append(out.Pods, podStats(&pods[i]))
		cpu += pods[i].cpu.UsageNanoCores
		memory += pods[i].memory.WorkingSet
	}
	node.CPU = &stats.CPUStats{Time: now, UsageNanoCores: &cpu, UsageCoreNanoSeconds: &nodeCPU}
	node.Memory = &stats.MemoryStats{Time: now, WorkingSetBytes: &memory, UsageBytes: &memory}
	out.Node = node
	return writeJSON(w, out)
}

func podStats(m *measured) stats.PodStats {
	at := metav1.NewTime(m.at)
	out := stats.PodStats{
		PodRef:     stats.PodReference{Name: m.pod.Name, Namespace: m.pod.Namespace, UID: string(m.pod.UID)},
		CPU:        cpuStats(at, m.cpu),
		Memory:     memoryStats(at, m.memory),
		Containers: []stats.ContainerStats{},
	}
	if m.pod.Status.StartTime != nil {
		out.StartTime = *m.pod.Status.StartTime
	}
	for _, c := range m.containers {
		out.Containers = append(out.Containers, stats.ContainerStats{
			Name: c.name, StartTime: metav1.NewTime(c.started), CPU: cpuStats(at, c.cpu), Memory: memoryStats(at, c.memory),
		})
	}
	for i, n := range m.network {
		face := stats.InterfaceStats{
			Name: n.Name, RxBytes: ptr.To(n.RxBytes), TxBytes: ptr.To(n.TxBytes), RxErrors: ptr.To(n.RxErrors), TxErrors: ptr.To(n.TxErrors),
		}
		if i == 0 {
			out.Network = &stats.NetworkStats{Time: at, InterfaceStats: face}
		}
		out.Network.Interfaces = append(out.Network.Interfaces, face)
	}
	return out
}

func cpuStats(at metav1.Time, u eci.CPUUsage) *stats.CPUStats {
	return &stats.CPUStats{Time: at, UsageNanoCores: ptr.To(u.UsageNanoCores), UsageCoreNanoSeconds: ptr.To(u.UsageCoreNanoSeconds)}
}

func memoryStats(at metav1.Time, u eci.MemoryUsage) *stats.MemoryStats {
	return &stats.MemoryStats{
		Time: at, AvailableBytes: ptr.To(u.AvailableBytes), UsageBytes: ptr.To(u.UsageBytes),
		WorkingSetBytes: ptr.To(u.WorkingSet), RSSBytes: ptr.To(u.RSS),
	}
}
