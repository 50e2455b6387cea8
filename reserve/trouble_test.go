package reserve

import (
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/ebb-node/ebb/reserve/record"
)

// refused lets a pod's node say that it can have no instance.
func (w *world) refused(pod, reason string) {
	w.Helper()
	edit(w, pod, func(p *corev1.Pod) { setCondition(p, conditionCreated, corev1.ConditionFalse, reason, w.clock.Now()) })
}

func TestNoStock(t *testing.T) {
	w := newWorld(t)
	w.settle()
	w.knative(idle, 0, 1, 1)
	w.settle()
	w.expect("Arming", 1, closed, ReasonArming)
	w.refused("reserve-1", "NoStock")
	w.clock.Step(15 * time.Second)
	again := w.reconcile()
	w.expect("Unavailable", 0, "", ReasonUnavailable, ReasonBroken)
	if again != time.Minute {
		t.Errorf("tried again after %v, want a minute", again)
	}
	if n := len(w.pods()); n > 0 {
		t.Errorf("%d pods are left", n)
	}
	if got := w.reserve().Annotations[record.AnnotationFailure]; !strings.HasPrefix(got, "NoStock,count=1,") {
		t.Errorf("failure %q", got)
	}
	w.knative(idle, 0, 0, 0)
	w.reconcile()
	w.expect("Unavailable", 0, "")
	w.clock.Step(again)
	w.reconcile()
	w.expect("Arming", 1, "", ReasonArming)
}

func TestReclaimedReserveIsReplaced(t *testing.T) {
	w := idleReserve(t)
	edit(w, "reserve-1", func(p *corev1.Pod) {
		setCondition(p, conditionExpired, corev1.ConditionTrue, "SpotToBeReleased", w.clock.Now())
	})
	w.settle()
	w.expect("Reserved", 2, "", ReasonReplaced)
	w.ready("reserve-2", "ecs.t5-lc1m2.large")
	w.reconcile()
	for _, pod := range w.pods() {
		if attached := pod.Labels["serving.knative.dev/revisionUID"] == "uid-1"; attached != (pod.Name == "reserve-2") {
			t.Errorf("pod %s is attached: %t", pod.Name, attached)
		}
	}
	w.clock.Step(5 * time.Minute)
	w.reconcile()
	w.expect("Reserved", 1, "")
}

func TestCreditsLow(t *testing.T) {
	w := idleReserve(t)
	edit(w, "reserve-1", func(p *corev1.Pod) { p.Annotations[annotationCredits] = "balance=2.0,cap=288,level=low,at=x" })
	w.reconcile()
	w.expect("Reserved", 1, "")
	w.busy("reserve-1")
	w.reconcile()
	w.reconcile()
	w.expect("Reserved", 1, "", ReasonCreditsLow)
}

func TestStandardPodsThatDoNotStart(t *testing.T) {
	w := idleReserve(t)
	w.knative(activating, 1, 1, 0)
	w.reconcile()
	w.expect("Activating", 1, closed, ReasonActivating)
	w.clock.Step(2 * time.Minute)
	w.reconcile()
	w.reconcile()
	w.expect("Activating", 1, closed, ReasonStandard)
}

func TestBrokenReserveIsTakenOut(t *testing.T) {
	w := idleReserve(t)
	w.knative(activating, 1, 1, 0)
	edit(w, "reserve-1", func(p *corev1.Pod) {
		p.Status.Conditions = nil
		p.Status.ContainerStatuses = []corev1.ContainerStatus{{RestartCount: 1}}
	})
	w.reconcile()
	if n := len(w.pods()); n > 0 {
		t.Error("a broken reserve can be taken for a pod of the standard's")
	}
	w.expect("Active", 0, "", ReasonActive, ReasonBroken)
}
