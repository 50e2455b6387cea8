package status

import (
	"testing"

	corev1 "k8s.io/api/core/v1"

	"github.com/ebb-node/ebb/eci"
)

func TestPhase(t *testing.T) {
	const (
		none, pending, run = corev1.PodPhase(""), corev1.PodPending, corev1.PodRunning
		good, bad          = corev1.PodSucceeded, corev1.PodFailed
	)
	started, idle := running(t0), waiting("")
	for _, tc := range []struct {
		last   corev1.PodPhase
		status eci.Status
		state  eci.ContainerState
		want   corev1.PodPhase
	}{
		{none, eci.StatusScheduling, idle, pending},
		{none, eci.StatusPending, idle, pending},
		{pending, eci.StatusPending, idle, pending},
		{pending, eci.StatusRunning, started, run},
		{none, eci.StatusRunning, started, run},
		{run, eci.StatusScheduling, idle, run},
		{run, eci.StatusPending, idle, run},
		{run, eci.StatusRestarting, idle, run},
		{run, eci.StatusUpdating, idle, run},
		{pending, eci.StatusRestarting, idle, pending},
		{pending, eci.StatusUpdating, idle, pending},
		{pending, eci.StatusUpdating, started, run},
		{run, eci.StatusTerminating, started, run},
		{run, eci.StatusTerminating, idle, run},
		{pending, eci.StatusTerminating, idle, pending},
		{none, eci.StatusTerminating, idle, pending},
		{pending, eci.StatusTerminating, ended(0, t0, t1), run},
		{run, eci.StatusSucceeded, ended(0, t0, t1), good},
		{pending, eci.StatusSucceeded, ended(0, t0, t1), good},
		{run, eci.StatusFailed, ended(1, t0, t1), bad},
		{pending, eci.StatusFailed, idle, bad},
		{run, eci.StatusExpired, started, bad},
		{pending, eci.StatusScheduleFailed, idle, pending},
		{good, eci.StatusFailed, idle, good},
		{good, eci.StatusRunning, started, good},
		{bad, eci.StatusSucceeded, idle, bad},
		{bad, eci.StatusRunning, started, bad},
		{none, "Dreaming", idle, pending},
		{run, "Dreaming", idle, run},
	} {
		pod := coffeePod()
		pod.Status.Phase = tc.last
		if got := PodStatus(pod, group(tc.status, tc.state), facts(t1)).Phase; got != tc.want {
			t.Errorf("%q and %s with a container %s: %s, want %s", tc.last, tc.status, tc.state.State, got, tc.want)
		}
	}
	pod := coffeePod()
	fast := Facts{Now: t1, FailFast: true}
	if got := PodStatus(pod, group(eci.StatusScheduleFailed, idle), fast); got.Phase != bad || got.Reason != ReasonScheduleFailed {
		t.Errorf("fail-fast: %s, %q", got.Phase, got.Reason)
	}
}

func TestEndReason(t *testing.T) {
	event := eci.Event{Type: "Warning", Reason: "DiskCapacityQuotaFull", Message: "no disk", LastTimestamp: t1}
	newer := eci.Event{Type: "Warning", Reason: "UnknownError", Message: "retry later", LastTimestamp: t2}
	normal := eci.Event{Type: "Normal", Reason: "Pulled", LastTimestamp: t3}
	for name, tc := range map[string]struct {
		status          eci.Status
		state           eci.ContainerState
		change          func(*eci.Group)
		pod             func(*corev1.Pod)
		reason, message string
	}{
		"success":                 {status: eci.StatusSucceeded, state: ended(0, t0, t1)},
		"a container failed":      {status: eci.StatusFailed, state: ended(1, t0, t1), change: func(g *eci.Group) { g.Events = []eci.Event{event} }},
		"a container was killed":  {status: eci.StatusFailed, state: eci.ContainerState{State: "Terminated", Signal: 9}},
		"an init container":       {status: eci.StatusFailed, state: waiting(""), change: func(g *eci.Group) { g.InitContainers = []eci.ContainerStatus{{Name: "i", Current: ended(2, t0, t1)}} }},
		"the last warning":        {status: eci.StatusFailed, state: waiting(""), change: func(g *eci.Group) { g.Events = []eci.Event{newer, event, normal} }, reason: "UnknownError", message: "retry later"},
		"nobody says":             {status: eci.StatusFailed, state: waiting(""), reason: ReasonGroupFailed, message: "container group eci-1 failed"},
		"deadline":                {status: eci.StatusFailed, state: ended(137, t0, t2), change: func(g *eci.Group) { g.FailedTime = t2 }, pod: func(p *corev1.Pod) { p.Spec.ActiveDeadlineSeconds = ptr[int64](120); p.Status.StartTime = ptr(at(t0)) }, reason: ReasonDeadlineExceeded, message: "Pod was active on the node longer than the specified deadline"},
		"before the deadline":     {status: eci.StatusFailed, state: ended(1, t0, t1), change: func(g *eci.Group) { g.FailedTime = t1 }, pod: func(p *corev1.Pod) { p.Spec.ActiveDeadlineSeconds = ptr[int64](120); p.Status.StartTime = ptr(at(t0)) }},
		"deadline of a new group": {status: eci.StatusFailed, state: ended(1, t1, t2), change: func(g *eci.Group) { g.FailedTime, g.CreationTime = t2, t1 }, pod: func(p *corev1.Pod) { p.Spec.ActiveDeadlineSeconds = ptr[int64](120); p.Status.StartTime = ptr(at(t0)) }},
		"spot":                    {status: eci.StatusExpired, state: running(t0), change: func(g *eci.Group) { g.SpotStrategy, g.ExpiredTime = "SpotAsPriceGo", t1 }, reason: ReasonSpotReclaimed, message: "The pod is spot instance, and have been released at 2026-05-01T09:01:00Z"},
		"spot, by its event":      {status: eci.StatusExpired, state: running(t0), change: func(g *eci.Group) { g.Events, g.ExpiredTime = []eci.Event{{Reason: "SpotToBeReleased"}}, t1 }, reason: ReasonSpotReclaimed, message: "The pod is spot instance, and have been released at 2026-05-01T09:01:00Z"},
		"overdue":                 {status: eci.StatusExpired, state: running(t0), change: func(g *eci.Group) { g.SpotStrategy = "NoSpot" }, reason: ReasonExpired, message: "container group eci-1 has expired"},
	} {
		g := group(tc.status, tc.state)
		pod := coffeePod()
		if tc.change != nil {
			tc.change(&g)
		}
		if tc.pod != nil {
			tc.pod(pod)
		}
		got := PodStatus(pod, g, facts(t3))
		if got.Reason != tc.reason || got.Message != tc.message {
			t.Errorf("%s: %q, %q; want %q, %q", name, got.Reason, got.Message, tc.reason, tc.message)
		}
	}
}
