package provider

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/ebb-node/ebb/eci"
)

func TestPodsAreCountedByState(t *testing.T) {
	p := &Provider{registry: newRegistry()}
	pod := &corev1.Pod{Status: corev1.PodStatus{Phase: corev1.PodPending}}
	deleted := pod.DeepCopy()
	deleted.DeletionTimestamp = &metav1.Time{Time: time.Now()}
	for uid, r := range map[types.UID]record{
		"1": {pod: pod},
		"2": {pod: pod, groupID: "a", group: group("a", eci.StatusPending)},
		"3": {pod: pod, groupID: "b", group: group("b", eci.StatusRunning)},
		"4": {pod: deleted, groupID: "c", group: group("c", eci.StatusTerminating)},
		"5": {pod: pod, groupID: "d", group: group("d", eci.StatusSucceeded)},
		"6": {groupID: "e", group: group("e", eci.StatusRunning)},
		"7": {groupID: "f", group: group("f", eci.StatusRunning)},
	} {
		p.registry.records[uid] = &r
	}
	registry := prometheus.NewRegistry()
	registry.MustRegister(p)
	families, err := registry.Gather()
	if err != nil || len(families) != 1 || families[0].GetName() != "ebb_pods" {
		t.Fatalf("%v, %v", families, err)
	}
	got := map[string]float64{}
	for _, m := range families[0].Metric {
		got[m.Label[0].GetValue()] = m.GetGauge().GetValue()
	}
	want := map[string]float64{"waiting": 1, "starting": 1, "running": 1, "ending": 1, "ended": 1, "orphan": 2}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
