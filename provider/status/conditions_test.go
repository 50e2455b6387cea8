package status

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"

	"github.com/ebb-node/ebb/eci"
)

func TestTransitionTimes(t *testing.T) {
	unreadyGroup := group(eci.StatusRunning, running(t0))
	unreadyGroup.Containers[0].Ready = false
	got := live(t, coffeePod(),
		group(eci.StatusPending, waiting("")), // t0
		unreadyGroup,                          // t1
		group(eci.StatusRunning, running(t0)), // t2: ready
		group(eci.StatusRunning, running(t0)), // t3
	)
	want := cond(corev1.PodReady, "True", t2)
	if d := cmp.Diff(&want, condition(&got, corev1.PodReady)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestReadinessGates(t *testing.T) {
	const gate = "gateway.ebb/attached"
	for name, tc := range map[string]struct {
		have   []corev1.PodCondition
		status corev1.ConditionStatus
		want   corev1.PodCondition
	}{
		"missing": {want: cond(corev1.PodReady, "False", t1, "ReadinessGatesNotReady", `corresponding condition of pod readiness gate "gateway.ebb/attached" does not exist.`)},
		"false":   {have: []corev1.PodCondition{{Type: gate, Status: "False"}}, want: cond(corev1.PodReady, "False", t1, "ReadinessGatesNotReady", `the status of pod readiness gate "gateway.ebb/attached" is not "True", but False`)},
		"true":    {have: []corev1.PodCondition{{Type: gate, Status: "True"}}, want: cond(corev1.PodReady, "True", t1)},
	} {
		pod := coffeePod()
		pod.Spec.ReadinessGates = []corev1.PodReadinessGate{{ConditionType: gate}}
		pod.Status.Conditions = tc.have
		got := PodStatus(pod, group(eci.StatusRunning, running(t0)), facts(t1))
		if d := cmp.Diff(&tc.want, condition(&got, corev1.PodReady)); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
		if c := condition(&got, corev1.ContainersReady); c.Status != "True" {
			t.Errorf("%s: gates made ContainersReady %s", name, c.Status)
		}
	}
}

func TestInstanceConditions(t *testing.T) {
	noStock := eci.Event{Type: "Warning", Reason: "NoStock", Message: "sold out", LastTimestamp: t1}
	release := eci.Event{Type: "Warning", Reason: "SpotToBeReleased", Message: "Spot ECI will be released in 3 minutes", LastTimestamp: t1}
	for name, tc := range map[string]struct {
		status  eci.Status
		events  []eci.Event
		created corev1.PodCondition
		expired *corev1.PodCondition
	}{
		"scheduling":                 {status: eci.StatusScheduling, created: cond(ContainerInstanceCreated, "False", t2, "Creating")},
		"pending":                    {status: eci.StatusPending, created: cond(ContainerInstanceCreated, "True", t2)},
		"schedule failed":            {status: eci.StatusScheduleFailed, events: []eci.Event{noStock}, created: cond(ContainerInstanceCreated, "False", t2, "NoStock", "sold out")},
		"schedule failed, unsaid":    {status: eci.StatusScheduleFailed, created: cond(ContainerInstanceCreated, "False", t2, "FailedScheduling", "container group eci-1 could not be scheduled")},
		"spot is about to be taken":  {status: eci.StatusRunning, events: []eci.Event{release}, created: cond(ContainerInstanceCreated, "True", t2), expired: ptr(cond(ContainerInstanceExpired, "True", t2, "SpotToBeReleased", "Spot ECI will be released in 3 minutes"))},
		"expired without a warning":  {status: eci.StatusExpired, created: cond(ContainerInstanceCreated, "True", t2), expired: ptr(cond(ContainerInstanceExpired, "True", t2, ReasonExpired, "container group eci-1 has expired"))},
		"succeeded, as if it is new": {status: eci.StatusSucceeded, created: cond(ContainerInstanceCreated, "True", t2)},
	} {
		g := group(tc.status, waiting(""))
		g.Events = tc.events
		got := PodStatus(coffeePod(), g, facts(t2))
		if d := cmp.Diff(&tc.created, condition(&got, ContainerInstanceCreated)); d != "" {
			t.Errorf("%s: created (-want +got):\n%s", name, d)
		}
		if d := cmp.Diff(tc.expired, condition(&got, ContainerInstanceExpired)); d != "" {
			t.Errorf("%s: expired (-want +got):\n%s", name, d)
		}
	}
}
