package status

import (
	"math/rand"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/ebb-node/ebb/eci"
)

// Whatever a cloud tells, in whatever order, the rules of a pod's life hold.
func TestRulesOfLife(t *testing.T) {
	statuses := []eci.Status{eci.StatusScheduling, eci.StatusScheduleFailed, eci.StatusPending, eci.StatusRunning, eci.StatusRunning,
		eci.StatusRestarting, eci.StatusUpdating, eci.StatusTerminating, eci.StatusSucceeded, eci.StatusFailed, eci.StatusExpired, "Dreaming"}
	states := []eci.ContainerState{{}, waiting(""), waiting("CrashLoopBackOff"), running(t0), running(t1), ended(0, t0, t1), ended(1, t0, t1)}
	for seed := range int64(300) {
		random := rand.New(rand.NewSource(seed))
		pod := initPod()
		now := t0
		for range 12 {
			g := initGroup(statuses[random.Intn(len(statuses))], states[random.Intn(len(states))], states[random.Intn(len(states))], states[random.Intn(len(states))])
			g.Containers[0].RestartCount = int32(random.Intn(3))
			if random.Intn(4) == 0 {
				g.Containers, g.IntranetIP = nil, ""
			}
			now = now.Add(time.Second)
			next := PodStatus(pod, g, facts(now))
			checkRules(t, seed, pod.Status, next)
			pod.Status = next
		}
		checkRules(t, seed, pod.Status, Vanished(pod, "eci-1", facts(now.Add(time.Second))))
	}
}

func checkRules(t *testing.T, seed int64, before, after corev1.PodStatus) {
	t.Helper()
	order := map[corev1.PodPhase]int{"": 0, corev1.PodPending: 1, corev1.PodRunning: 2, corev1.PodSucceeded: 3, corev1.PodFailed: 3}
	if order[after.Phase] < order[before.Phase] || finished(before.Phase) && after.Phase != before.Phase {
		t.Errorf("seed %d: phase %s after %s", seed, after.Phase, before.Phase)
	}
	if before.StartTime != nil && !after.StartTime.Equal(before.StartTime) {
		t.Errorf("seed %d: the start time moved", seed)
	}
	if before.PodIP != "" && after.PodIP != before.PodIP {
		t.Errorf("seed %d: address %q after %q", seed, after.PodIP, before.PodIP)
	}
	if len(after.ContainerStatuses) != 1 || len(after.InitContainerStatuses) != 2 {
		t.Errorf("seed %d: %d and %d container statuses", seed, len(after.InitContainerStatuses), len(after.ContainerStatuses))
	}
	for i := range after.ContainerStatuses {
		c := &after.ContainerStatuses[i]
		if b := named(before.ContainerStatuses, c.Name); b != nil && c.RestartCount < b.RestartCount {
			t.Errorf("seed %d: %d restarts after %d", seed, c.RestartCount, b.RestartCount)
		}
		if members(c.State) != 1 {
			t.Errorf("seed %d: state %+v", seed, c.State)
		}
	}
	for _, c := range after.Conditions {
		b := condition(&before, c.Type)
		if b != nil && (c.Status == b.Status) != c.LastTransitionTime.Equal(&b.LastTransitionTime) {
			t.Errorf("seed %d: %s went from %s at %v to %s at %v", seed, c.Type, b.Status, b.LastTransitionTime, c.Status, c.LastTransitionTime)
		}
	}
}

func members(s corev1.ContainerState) int {
	n := 0
	for _, set := range []bool{s.Waiting != nil, s.Running != nil, s.Terminated != nil} {
		if set {
			n++
		}
	}
	return n
}
