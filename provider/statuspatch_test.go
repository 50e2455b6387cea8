package provider

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/strategicpatch"
)

// patched applies the patch that writes b over a, as the API server does.
func patched(t *testing.T, a, b *corev1.Pod) *corev1.Pod {
	t.Helper()
	patch, err := statusPatch(b)
	if err != nil {
		t.Fatal(err)
	}
	old, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	merged, err := strategicpatch.StrategicMergePatch(old, patch, corev1.Pod{})
	if err != nil {
		t.Fatal(err)
	}
	var out corev1.Pod
	if err := json.Unmarshal(merged, &out); err != nil {
		t.Fatal(err)
	}
	return &out
}

func TestAStatusPatchWritesTheStatusAndNothingElse(t *testing.T) {
	server := &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Name: "latte", UID: "u", Labels: map[string]string{"step": "2"},
			Annotations: map[string]string{"mine": "2", annotationGroupID: "eci-old"}},
		Spec: corev1.PodSpec{NodeName: "ebb"},
		Status: corev1.PodStatus{
			Phase: corev1.PodPending, Reason: "NoStock", Message: "none left", QOSClass: corev1.PodQOSBurstable,
			PodIP: "10.0.0.1", PodIPs: []corev1.PodIP{{IP: "10.0.0.1"}},
			Conditions: []corev1.PodCondition{
				{Type: corev1.PodReady, Status: corev1.ConditionFalse, Reason: "ContainersNotReady", Message: "wait"},
				{Type: "example.com/gate", Status: corev1.ConditionTrue, Reason: "Passed"},
			},
			ContainerStatuses: []corev1.ContainerStatus{{Name: "app", State: corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{Reason: "X"}}}},
		},
	}
	// What the provider saw some time ago, with its news.
	told := server.DeepCopy()
	told.Labels = map[string]string{"step": "1"}
	told.Annotations = map[string]string{"mine": "1", annotationGroupID: "eci-new"}
	told.Spec.NodeName = "elsewhere"
	told.Status = corev1.PodStatus{
		Phase: corev1.PodRunning, PodIP: "10.0.0.2", PodIPs: []corev1.PodIP{{IP: "10.0.0.2"}},
		Conditions: []corev1.PodCondition{{Type: corev1.PodReady, Status: corev1.ConditionTrue}},
		ContainerStatuses: []corev1.ContainerStatus{{Name: "app", Ready: true,
			State: corev1.ContainerState{Running: &corev1.ContainerStateRunning{}}}},
	}

	got := patched(t, server, told)
	want := server.DeepCopy()
	want.Annotations[annotationGroupID] = "eci-new"
	want.Status = *told.Status.DeepCopy()
	want.Status.QOSClass = corev1.PodQOSBurstable
	want.Status.Conditions = []corev1.PodCondition{told.Status.Conditions[0], server.Status.Conditions[1]}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAStatusPatchTakesAddressesAway(t *testing.T) {
	server := &corev1.Pod{Status: corev1.PodStatus{PodIP: "10.0.0.1", PodIPs: []corev1.PodIP{{IP: "10.0.0.1"}}}}
	got := patched(t, server, &corev1.Pod{Status: corev1.PodStatus{Phase: corev1.PodPending}})
	if got.Status.PodIP != "" || len(got.Status.PodIPs) != 0 {
		t.Errorf("podIP %q, podIPs %v", got.Status.PodIP, got.Status.PodIPs)
	}
}

func TestAStatusPatchIsBoundToTheUID(t *testing.T) {
	patch, err := statusPatch(&corev1.Pod{ObjectMeta: metav1.ObjectMeta{UID: "u-1"}})
	if err != nil {
		t.Fatal(err)
	}
	var got struct{ Metadata struct{ UID string } }
	if err := json.Unmarshal(patch, &got); err != nil || got.Metadata.UID != "u-1" {
		t.Errorf("%s, %v", patch, err)
	}
}
