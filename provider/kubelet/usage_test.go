package kubelet

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	stats "k8s.io/kubelet/pkg/apis/stats/v1alpha1"

	"github.com/ebb-node/ebb/eci"
)

// sample is a record of a group with one container.
func sample(at time.Time, seconds uint64, bytes uint64) eci.MetricRecord {
	cpu := eci.CPUUsage{UsageNanoCores: 250e6, UsageCoreNanoSeconds: seconds * 1e9}
	memory := eci.MemoryUsage{WorkingSet: bytes, UsageBytes: bytes * 2}
	return eci.MetricRecord{
		Timestamp: at, CPU: cpu, Memory: memory,
		Network:    []eci.InterfaceUsage{{Name: "eth0", RxBytes: 10, TxBytes: 20}},
		Containers: []eci.ContainerUsage{{Name: "app", CPU: cpu, Memory: memory}},
	}
}

func TestOneBadGroupDoesNotSpoilTheOthers(t *testing.T) {
	old := metav1.NewTime(time.Now().Add(-time.Hour))
	pods, cloud := newPods(), &fakeCloud{metrics: map[string][]eci.MetricRecord{}, bad: "eci-p07"}
	for i := range 30 {
		name := fmt.Sprintf("p%02d", i)
		pods.set(runningPod(name, old, "app"))
		cloud.metrics["eci-"+name] = []eci.MetricRecord{sample(old.Time, 1, 1), sample(time.Now(), 5, 100)}
	}
	s := serve(t, pods, cloud, apiServer(allowAll))
	status, body := s.get("/stats/summary")
	if status != 200 {
		t.Fatalf("%d %s", status, body)
	}
	var got stats.Summary
	if err := json.Unmarshal([]byte(body), &got); err != nil {
		t.Fatal(err)
	}
	if len(got.Pods) != 29 {
		t.Fatalf("%d pods, want all but the bad one", len(got.Pods))
	}
	for _, p := range got.Pods {
		if p.PodRef.Name == "p07" || *p.CPU.UsageCoreNanoSeconds != 5e9 || *p.Memory.WorkingSetBytes != 100 || len(p.Containers) != 1 {
			t.Errorf("pod %+v", p)
		}
	}
	if *got.Node.CPU.UsageNanoCores != 29*250e6 || *got.Node.Memory.WorkingSetBytes != 2900 {
		t.Errorf("node uses %d nanocores, %d bytes", *got.Node.CPU.UsageNanoCores, *got.Node.Memory.WorkingSetBytes)
	}
}

func TestTheCloudIsAskedOnceForManyWhoAsk(t *testing.T) {
	cloud := &fakeCloud{metrics: map[string][]eci.MetricRecord{"eci-latte": {sample(time.Now(), 5, 100)}}}
	s := serve(t, newPods(runningPod("latte", metav1.Now(), "app")), cloud, apiServer(allowAll))
	for range 3 {
		s.get("/stats/summary")
		s.get("/metrics/resource")
	}
	if cloud.calls != 1 {
		t.Errorf("%d calls, want 1", cloud.calls)
	}
	s.clock.Step(usageTTL + time.Second)
	s.get("/metrics/resource")
	if cloud.calls != 2 {
		t.Errorf("%d calls after the samples' time, want 2", cloud.calls)
	}
}

func TestResourceMetrics(t *testing.T) {
	cloud := &fakeCloud{metrics: map[string][]eci.MetricRecord{"eci-latte": {sample(time.Now(), 5, 100)}}}
	pods := newPods(runningPod("latte", metav1.Now(), "app"), runningPod("newborn", metav1.Now(), "app"),
		runningPod("dark", metav1.NewTime(time.Now().Add(-time.Hour)), "app"))
	s := serve(t, pods, cloud, apiServer(allowAll))
	_, body := s.get("/metrics/resource")
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(strings.NewReader(body))
	if err != nil {
		t.Fatalf("%v in %s", err, body)
	}
	for name, want := range map[string]map[string]float64{
		"pod_cpu_usage_seconds_total":        {"latte": 5, "newborn": 0},
		"pod_memory_working_set_bytes":       {"latte": 100, "newborn": 0},
		"container_cpu_usage_seconds_total":  {"latte": 5, "newborn": 0},
		"container_memory_working_set_bytes": {"latte": 100, "newborn": 0},
		"node_cpu_usage_seconds_total":       {"": 5},
		"node_memory_working_set_bytes":      {"": 100},
		"resource_scrape_error":              {"": 0},
	} {
		family := families[name]
		if family == nil || len(family.Metric) != len(want) {
			t.Errorf("%s: %v, want %v", name, family, want)
			continue
		}
		for _, m := range family.Metric {
			pod := ""
			if len(m.Label) > 1 {
				pod = m.Label[1].GetValue() // virtual-kubelet's tests look for it here
			}
			value := m.GetCounter().GetValue() + m.GetGauge().GetValue()
			if w, ok := want[pod]; !ok || w != value {
				t.Errorf("%s of %q is %v, want %v", name, pod, value, want)
			}
		}
	}
	if families["container_start_time_seconds"] == nil {
		t.Error("container_start_time_seconds is missing")
	}
}

func TestTheNodesCPUTimeNeverFalls(t *testing.T) {
	cloud := &fakeCloud{metrics: map[string][]eci.MetricRecord{
		"eci-a": {sample(time.Now(), 100, 1)}, "eci-b": {sample(time.Now(), 50, 1)},
	}}
	a, b := runningPod("a", metav1.Now(), "app"), runningPod("b", metav1.Now(), "app")
	pods := newPods(a, b)
	s := serve(t, pods, cloud, apiServer(allowAll))
	node := func() uint64 {
		s.clock.Step(usageTTL + time.Second)
		_, body := s.get("/stats/summary")
		var got stats.Summary
		if err := json.Unmarshal([]byte(body), &got); err != nil {
			t.Fatal(err)
		}
		return *got.Node.CPU.UsageCoreNanoSeconds
	}
	if got := node(); got != 150e9 {
		t.Errorf("%d, want 150 s", got)
	}
	a.Status.Phase = "Succeeded"
	cloud.metrics["eci-b"] = []eci.MetricRecord{sample(time.Now(), 60, 1)}
	if got := node(); got != 160e9 {
		t.Errorf("%d after one pod has ended, want 160 s", got)
	}
}
