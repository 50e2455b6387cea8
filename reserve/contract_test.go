package reserve

import (
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/ebb-node/ebb/eci"
	"github.com/ebb-node/ebb/provider"
	"github.com/ebb-node/ebb/provider/credits"
	"github.com/ebb-node/ebb/provider/status"
)

// The reserve must not know the node; what it reads of a pod is what the node
// writes there. These tests let ebb's node write it.

func nodePod() *corev1.Pod {
	return &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Name: "reserve-1", CreationTimestamp: metav1.NewTime(start), Annotations: map[string]string{}},
		Spec:       corev1.PodSpec{Containers: []corev1.Container{{Name: "user-container"}, {Name: "queue-proxy"}}},
	}
}

func TestWhatTheNodeRefuses(t *testing.T) {
	facts := status.Facts{Now: start}
	for reason, refused := range map[string]bool{
		provider.ReasonNoStock: true, provider.ReasonNoAddress: true, provider.ReasonQuotaFull: true, provider.ReasonArrears: true,
		provider.ReasonNotPermitted: true, provider.ReasonInvalidRequest: true, provider.ReasonUnsupported: true,
		provider.ReasonThrottled: false, provider.ReasonCloudError: false, provider.ReasonConfigError: false, "": false,
	} {
		pod := nodePod()
		pod.Status = status.Waiting(pod, reason, "why", facts)
		want := ""
		if refused {
			want = reason
		}
		if got := refusal(pod); got != want {
			t.Errorf("a pod that waits for %q is refused for %q", reason, got)
		}
	}
	pod := nodePod()
	pod.Status = status.ScheduleFailed(pod, "NoStock", "none", status.Facts{Now: start, FailFast: true})
	if got := refusal(pod); got == "" {
		t.Errorf("a pod that failed for want of stock is not refused: %+v", pod.Status)
	}
}

func TestWhatTheNodeReclaims(t *testing.T) {
	group := eci.Group{ID: "eci-1", Status: eci.StatusRunning, SpotStrategy: "SpotAsPriceGo"}
	pod := nodePod()
	pod.Status = status.PodStatus(pod, group, status.Facts{Now: start})
	if conditionIs(pod, conditionExpired, corev1.ConditionTrue) {
		t.Error("a spot pod expires before it was said")
	}
	group.Events = []eci.Event{{Reason: "SpotToBeReleased", Type: corev1.EventTypeWarning, Message: "soon", LastTimestamp: start}}
	pod.Status = status.PodStatus(pod, group, status.Facts{Now: start})
	if !conditionIs(pod, conditionExpired, corev1.ConditionTrue) {
		t.Errorf("a pod that will be reclaimed does not show it: %+v", pod.Status.Conditions)
	}
}

func TestWhatTheNodeTellsOfCredits(t *testing.T) {
	if annotationCredits != credits.AnnotationCredits {
		t.Errorf("credits are read from %s and written to %s", annotationCredits, credits.AnnotationCredits)
	}
	for level, low := range map[credits.Level]bool{credits.Enough: false, credits.Low: true, credits.Exhausted: true} {
		text := "balance=1.0,cap=288,level=" + level.String() + ",at=" + start.Format(time.RFC3339)
		if got := creditsLow(text); got != low {
			t.Errorf("%s: low %t, want %t", text, got, low)
		}
	}
	if creditsLow("") {
		t.Error("a pod without credits is low on them")
	}
}
