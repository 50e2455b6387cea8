package status

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/ebb-node/ebb/eci"
)

// Moments of a pod's life.
var (
	t0 = time.Date(2026, 5, 1, 9, 0, 0, 0, time.UTC)
	t1 = t0.Add(time.Minute)
	t2 = t0.Add(2 * time.Minute)
	t3 = t0.Add(3 * time.Minute)
)

func at(t time.Time) metav1.Time { return metav1.NewTime(t) }

func facts(now time.Time) Facts { return Facts{HostIP: "10.0.0.9", Now: now} }

func coffeePod() *corev1.Pod {
	return &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "coffee", UID: "uid-1", Generation: 3},
		Spec: corev1.PodSpec{
			RestartPolicy: corev1.RestartPolicyAlways,
			Containers:    []corev1.Container{{Name: "app", Image: "coffee:1"}},
		},
		Status: corev1.PodStatus{QOSClass: corev1.PodQOSBurstable},
	}
}

func waiting(reason string) eci.ContainerState {
	return eci.ContainerState{State: "Waiting", Reason: reason}
}
func running(start time.Time) eci.ContainerState {
	return eci.ContainerState{State: "Running", StartTime: start}
}
func ended(code int32, start, finish time.Time) eci.ContainerState {
	return eci.ContainerState{State: "Terminated", ExitCode: code, StartTime: start, FinishTime: finish}
}

// group is one with a container in a state.
func group(s eci.Status, c eci.ContainerState) eci.Group {
	return eci.Group{
		ID: "eci-1", Status: s, IntranetIP: "10.1.0.5",
		Containers: []eci.ContainerStatus{{Name: "app", Image: "coffee:1", Ready: c.State == "Running", Current: c}},
	}
}

// live applies groups to a pod one after the other, a minute apart.
func live(t *testing.T, pod *corev1.Pod, groups ...eci.Group) corev1.PodStatus {
	t.Helper()
	now := t0
	for _, g := range groups {
		before := pod.DeepCopy()
		next := PodStatus(pod, g, facts(now))
		if d := cmp.Diff(before, pod); d != "" {
			t.Fatalf("the pod was changed (-before +after):\n%s", d)
		}
		pod.Status = next
		now = now.Add(time.Minute)
	}
	return pod.Status
}

func cond(kind corev1.PodConditionType, status corev1.ConditionStatus, since time.Time, texts ...string) corev1.PodCondition {
	c := corev1.PodCondition{Type: kind, Status: status, LastTransitionTime: at(since)}
	if len(texts) > 0 {
		c.Reason = texts[0]
	}
	if len(texts) > 1 {
		c.Message = texts[1]
	}
	return c
}

func ptr[T any](v T) *T { return &v }
