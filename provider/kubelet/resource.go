package kubelet

import (
	"net/http"
	"time"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"k8s.io/utils/ptr"
)

// resourceMetrics serves /metrics/resource, which metrics-server reads; names
// and meaning are those of a kubelet
// (https://kubernetes.io/docs/reference/instrumentation/node-metrics/).
func (s *Server) resourceMetrics(w http.ResponseWriter, r *http.Request) error {
	pods, nodeCPU, err := s.measure(r.Context())
	if err != nil {
		return err
	}
	format := expfmt.NewFormat(expfmt.TypeTextPlain)
	w.Header().Set("Content-Type", string(format))
	encoder := expfmt.NewEncoder(w, format)
	for _, family := range resourceFamilies(pods, nodeCPU, s.Clock.Now()) {
		if len(family.Metric) == 0 {
			continue
		}
		if encoder.Encode(family) != nil {
			return nil // the caller has left
		}
	}
	return nil
}

const nanosecond = 1e-9

// resourceFamilies are the metrics of the node, its pods and their containers.
func resourceFamilies(pods []measured, nodeCPU uint64, now time.Time) []*dto.MetricFamily {
	counter, gauge := dto.MetricType_COUNTER, dto.MetricType_GAUGE
	containerCPU := family("container_cpu_usage_seconds_total", "Cumulative cpu time consumed by the container in core-seconds", counter)
	containerMemory := family("container_memory_working_set_bytes", "Current working set of the container in bytes", gauge)
	containerStart := family("container_start_time_seconds", "Start time of the container since unix epoch in seconds", gauge)
	podCPU := family("pod_cpu_usage_seconds_total", "Cumulative cpu time consumed by the pod in core-seconds", counter)
	podMemory := family("pod_memory_working_set_bytes", "Current working set of the pod in bytes", gauge)
	nodeUse := family("node_cpu_usage_seconds_total", "Cumulative cpu time consumed by the node in core-seconds", counter)
	nodeMemory := family("node_memory_working_set_bytes", "Current working set of the node in bytes", gauge)
	failed := family("resource_scrape_error", "1 if there was an error while getting container metrics, 0 otherwise", gauge)

	var memory uint64
	for i := range pods {
		m := &pods[i]
		memory += m.memory.WorkingSet
		pod := []*dto.LabelPair{label("namespace", m.pod.Namespace), label("pod", m.pod.Name)}
		add(podCPU, float64(m.cpu.UsageCoreNanoSeconds)*nanosecond, m.at, pod...)
		add(podMemory, float64(m.memory.WorkingSet), m.at, pod...)
		for _, c := range m.containers {
			labels := append(pod[:2:2], label("container", c.name))
			add(containerCPU, float64(c.cpu.UsageCoreNanoSeconds)*nanosecond, m.at, labels...)
			add(containerMemory, float64(c.memory.WorkingSet), m.at, labels...)
			add(containerStart, float64(c.started.UnixNano())*nanosecond, time.Time{}, labels...)
		}
	}
	add(nodeUse, float64(nodeCPU)*nanosecond, now)
	add(nodeMemory, float64(memory), now)
	add(failed, 0, time.Time{})
	return []*dto.MetricFamily{containerCPU, containerMemory, containerStart, podCPU, podMemory, nodeUse, nodeMemory, failed}
}

func family(name, help string, kind dto.MetricType) *dto.MetricFamily {
	return &dto.MetricFamily{Name: &name, Help: &help, Type: &kind}
}

func label(name, value string) *dto.LabelPair { return &dto.LabelPair{Name: &name, Value: &value} }

// add appends a sample; a zero time means now.
func add(to *dto.MetricFamily, value float64, at time.Time, labels ...*dto.LabelPair) {
	m := &dto.Metric{Label: labels}
	if !at.IsZero() {
		m.TimestampMs = ptr.To(at.UnixMilli())
	}
	if to.GetType() == dto.MetricType_COUNTER {
		m.Counter = &dto.Counter{Value: &value}
	} else {
		m.Gauge = &dto.Gauge{Value: &value}
	}
	to.Metric = append(to.Metric, m)
}
