package provider_test

import (
	"context"
	"testing"

	"github.com/virtual-kubelet/virtual-kubelet/errdefs"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/ebb-node/ebb/mockcloud"
)

func TestAChangedImageIsToldAndNothingElse(t *testing.T) {
	w := newWorld(t, mockcloud.Config{})
	n := w.start(nodeOptions{})
	pod := w.running(w.pod("latte", nil))

	pod.Labels = map[string]string{"size": "large"}
	pod, err := w.kube.CoreV1().Pods(pod.Namespace).Update(context.Background(), pod, metav1.UpdateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	pod.Spec.Containers[0].Image = "example.com/app:2"
	if _, err := w.kube.CoreV1().Pods(pod.Namespace).Update(context.Background(), pod, metav1.UpdateOptions{}); err != nil {
		t.Fatal(err)
	}
	n.said("UpdateNotSupported")
	w.running(w.pod("next", nil)) // what was under way is over
	told := 0
	for _, e := range n.told.all() {
		if e == "Warning UpdateNotSupported spec: an ECI container group cannot be changed while it runs; delete the pod to have it made anew" {
			told++
		}
	}
	if told != 1 {
		t.Errorf("told %d times, want once: %q", told, n.told.all())
	}
	if got := w.now(pod); got.Labels["size"] != "large" {
		t.Error("the provider took a label back")
	}
}

func TestAnEphemeralContainerIsTold(t *testing.T) {
	w := newWorld(t, mockcloud.Config{})
	n := w.start(nodeOptions{})
	pod := w.running(w.pod("latte", nil))
	pod.Spec.EphemeralContainers = []corev1.EphemeralContainer{{
		EphemeralContainerCommon: corev1.EphemeralContainerCommon{Name: "debugger", Image: "busybox"},
	}}
	if _, err := w.kube.CoreV1().Pods(pod.Namespace).UpdateEphemeralContainers(context.Background(), pod.Name, pod, metav1.UpdateOptions{}); err != nil {
		t.Fatal(err)
	}
	n.said("Warning", "UpdateNotSupported", "spec.ephemeralContainers", "kubectl exec")
	w.running(pod)
	n.settled(1)
}

func TestThePodControllerSeesPodsByUID(t *testing.T) {
	ctx := context.Background()
	w := newWorld(t, mockcloud.Config{})
	n := w.start(nodeOptions{})
	before := w.pod("db-0", nil)
	w.running(before)
	if got, err := n.provider.GetPod(ctx, "shop", "db-0"); err != nil || got.UID != before.UID {
		t.Errorf("GetPod: %v, %v", got, err)
	}
	if pods, _ := n.provider.GetPods(ctx); len(pods) != 1 || pods[0].Status.Phase != corev1.PodRunning {
		t.Errorf("GetPods: %v", pods)
	}
	if _, id, err := n.provider.Lookup("shop", "db-0"); err != nil || id != n.groups()[0].ID {
		t.Errorf("Lookup: %q, %v", id, err)
	}
	if _, err := n.provider.GetPod(ctx, "shop", "db-1"); !errdefs.IsNotFound(err) {
		t.Errorf("an unknown pod: %v", err)
	}
	// A pod that is asked to be deleted by an object of another UID stays.
	stranger := before.DeepCopy()
	stranger.UID = "11111111-0000-0000-0000-000000000000"
	if err := n.provider.DeletePod(ctx, stranger); err != nil {
		t.Fatal(err)
	}
	w.running(w.pod("db-1", nil))
	n.settled(2)
	w.delete(before, 30)
	w.absent(before)
	if pods, _ := n.provider.GetPods(ctx); len(pods) != 1 || pods[0].Name != "db-1" {
		t.Errorf("GetPods after the deletion: %v", pods)
	}
}

func TestAReadinessGateOfOthersCounts(t *testing.T) {
	const gate = corev1.PodConditionType("example.com/in-rotation")
	w := newWorld(t, mockcloud.Config{})
	w.start(nodeOptions{})
	pod := w.pod("gated", func(p *corev1.Pod) {
		p.Spec.ReadinessGates = []corev1.PodReadinessGate{{ConditionType: gate}}
	})
	eventually(t, func() string {
		if got := w.now(pod); got.Status.Phase != corev1.PodRunning {
			return "Running, it is " + string(got.Status.Phase)
		}
		return ""
	})
	current := w.now(pod)
	current.Status.Conditions = append(current.Status.Conditions, corev1.PodCondition{Type: gate, Status: corev1.ConditionTrue})
	if _, err := w.kube.CoreV1().Pods("shop").UpdateStatus(context.Background(), current, metav1.UpdateOptions{}); err != nil {
		t.Fatal(err)
	}
	got := w.running(pod)
	for _, c := range got.Status.Conditions {
		if c.Type == gate && c.Status == corev1.ConditionTrue {
			return
		}
	}
	t.Errorf("the gate's condition is gone: %+v", got.Status.Conditions)
}
