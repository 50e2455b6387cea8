package reserve

import (
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/ebb-node/ebb/reserve/decide"
	"github.com/ebb-node/ebb/reserve/report"
	"github.com/ebb-node/ebb/reserve/shape"
)

// Conditions that a virtual node writes, Alibaba's as well as ebb's
// (https://help.aliyun.com/en/eci/user-guide/eci-custom-condition).
const (
	conditionCreated corev1.PodConditionType = "ContainerInstanceCreated"
	conditionExpired corev1.PodConditionType = "ContainerInstanceExpired"
)

// refusals are the reasons of conditionCreated for which no wait of seconds helps
// (https://help.aliyun.com/zh/eci/user-guide/custom-events-of-elastic-container-instance,
// and docs/install.md for those of ebb's).
var refusals = []string{
	"NoStock", "NoAddress", "QuotaFull", "InsufficientBalance", "NotPermitted", "InvalidRequest", "Unsupported",
	"FailedScheduling", "ContainerInstanceScheduleFailed",
}

// annotationCredits is what ebb's node tells of a pod's CPU credits:
// "balance=12.5,cap=288,level=low,at=2026-03-01T10:00:00Z" (docs/credits.md).
const annotationCredits = "ebb-node.github.io/cpu-credits"

// crashing is a kubelet's reason for a container that waits to be restarted.
const crashing = "CrashLoopBackOff"

// observePod is what a reserve pod means for the decision.
func (r *reconciler) observePod(s *scene, pod *corev1.Pod) decide.Pod {
	out := decide.Pod{
		Name: pod.Name, Created: pod.CreationTimestamp.Time, Since: pod.CreationTimestamp.Time,
		Attached: shape.Attached(pod), Counted: shape.Counted(pod), Deleting: pod.DeletionTimestamp != nil,
		Ended:    pod.Status.Phase == corev1.PodFailed || pod.Status.Phase == corev1.PodSucceeded,
		Expiring: conditionIs(pod, conditionExpired, corev1.ConditionTrue),
		Refused:  refusal(pod), CreditsLow: creditsLow(pod.Annotations[annotationCredits]),
		Unschedulable: conditionIs(pod, corev1.PodScheduled, corev1.ConditionFalse),
		Outdated:      s.reserve != nil && pod.Annotations[shape.AnnotationSource] != s.reserve.Spec.Template.Annotations[shape.AnnotationSource],
	}
	if c := condition(pod, corev1.PodReady); c != nil {
		out.Ready = c.Status == corev1.ConditionTrue
		out.Since = c.LastTransitionTime.Time
	}
	for i := range pod.Status.ContainerStatuses {
		c := &pod.Status.ContainerStatuses[i]
		out.Restarted = out.Restarted || c.RestartCount > 0 || c.LastTerminationState.Terminated != nil
		out.Crashing = out.Crashing || c.State.Waiting != nil && c.State.Waiting.Reason == crashing
	}
	view := r.reports.View(s.key(), pod.Name)
	if out.Busy = view.Busy(r.Clock.Now()); out.Busy {
		out.Asked = view.Asked[:]
	}
	if !view.UnreadSince.IsZero() {
		out.Unread = max(r.Clock.Since(view.UnreadSince), 1)
	}
	if !out.Attached {
		out.DetachedAt = shape.DetachedAt(pod)
		out.Idle = view.IdleSince(out.DetachedAt)
	}
	return out
}

// waking is what the requests were like that woke a reserve.
type waking struct {
	since time.Time // when the first was seen; zero: none was
	first report.Load
}

// woken is by which requests the pods of the reserve are busy.
func (r *reconciler) woken(s *scene) waking {
	var out waking
	for i := range s.pods {
		view := r.reports.View(s.key(), s.pods[i].Name)
		if !view.Busy(r.Clock.Now()) {
			continue
		}
		if out.since.IsZero() || view.BusySince.Before(out.since) {
			out.since = view.BusySince
		}
		out.first = out.first.Add(view.First)
	}
	return out
}

// refusal is why a pod's node has no instance for it; "" if it has, or may have.
func refusal(pod *corev1.Pod) string {
	if slices.Contains(refusals, pod.Status.Reason) {
		return pod.Status.Reason
	}
	c := condition(pod, conditionCreated)
	if c != nil && c.Status == corev1.ConditionFalse && slices.Contains(refusals, c.Reason) {
		return c.Reason
	}
	return ""
}

// creditsLow reads the level of a pod's CPU credits.
func creditsLow(text string) bool {
	for _, field := range strings.Split(text, ",") {
		switch field {
		case "level=low", "level=exhausted":
			return true
		}
	}
	return false
}

func condition(pod *corev1.Pod, kind corev1.PodConditionType) *corev1.PodCondition {
	for i := range pod.Status.Conditions {
		if pod.Status.Conditions[i].Type == kind {
			return &pod.Status.Conditions[i]
		}
	}
	return nil
}

func conditionIs(pod *corev1.Pod, kind corev1.PodConditionType, status corev1.ConditionStatus) bool {
	c := condition(pod, kind)
	return c != nil && c.Status == status
}
