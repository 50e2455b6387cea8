package kubelet

import (
	"context"
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/ebb-node/ebb/eci"
)

// newborn is how long a container without a sample counts as one that has used
// nothing: a sample takes up to a minute to appear.
const newborn = time.Minute

// measured is a pod with what it uses.
type measured struct {
	pod        *corev1.Pod
	at         time.Time
	cpu        eci.CPUUsage
	memory     eci.MemoryUsage
	network    []eci.InterfaceUsage
	containers []measuredContainer
}

// measuredContainer is a running container with what it uses.
type measuredContainer struct {
	name    string
	started time.Time
	cpu     eci.CPUUsage
	memory  eci.MemoryUsage
}

// measure returns the node's running pods with their use, and the CPU time
// that the node has used, in core nanoseconds. Pods and containers without a
// sample are left out unless they are new.
func (s *Server) measure(ctx context.Context) ([]measured, uint64, error) {
	pods, err := s.Pods.GetPods(ctx)
	if err != nil {
		return nil, 0, err
	}
	groups := map[string]*corev1.Pod{}
	var ids []string
	for _, pod := range pods {
		if _, id, err := s.Pods.Lookup(pod.Namespace, pod.Name); err == nil && id != "" && runs(pod) {
			groups[id] = pod
			ids = append(ids, id)
		}
	}
	now := s.Clock.Now()
	taken := s.usage.of(ctx, ids)
	var out []measured
	for _, id := range slices.Sorted(slices.Values(ids)) {
		sample, ok := taken.samples[id]
		if !ok {
			sample = eci.MetricRecord{Timestamp: now}
		}
		if m := measureOne(groups[id], sample, now); ok || len(m.containers) > 0 {
			out = append(out, m)
		}
	}
	return out, taken.nodeCPU, nil
}

func runs(pod *corev1.Pod) bool { return pod.Status.Phase == corev1.PodRunning }

func measureOne(pod *corev1.Pod, sample eci.MetricRecord, now time.Time) measured {
	m := measured{pod: pod, at: sample.Timestamp, cpu: sample.CPU, memory: sample.Memory, network: sample.Network}
	for _, status := range pod.Status.ContainerStatuses {
		if status.State.Running == nil {
			continue
		}
		c := measuredContainer{name: status.Name, started: status.State.Running.StartedAt.Time}
		i := slices.IndexFunc(sample.Containers, func(u eci.ContainerUsage) bool { return u.Name == c.name })
		switch {
		case i >= 0:
			c.cpu, c.memory = sample.Containers[i].CPU, sample.Containers[i].Memory
		case now.Sub(c.started) > newborn:
			continue
		}
		m.containers = append(m.containers, c)
	}
	return m
}
