package status

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/ebb-node/ebb/eci"
)

// Reasons of a kubelet for containers that have ended.
const (
	reasonCompleted = "Completed"
	reasonError     = "Error"
)

// started is what ECI says, or whether the container runs: without a startup
// probe that is the same.
func started(told *eci.ContainerStatus, s *corev1.ContainerStatus) *bool {
	running := s.State.Running != nil
	if running && told.Started != nil {
		running = *told.Started
	}
	return &running
}

// state translates what a container does; an unknown one gives no member.
func state(told eci.ContainerState) corev1.ContainerState {
	switch told.State {
	case stateRunning:
		return corev1.ContainerState{Running: &corev1.ContainerStateRunning{StartedAt: stamp(told.StartTime)}}
	case stateTerminated:
		return corev1.ContainerState{Terminated: terminated(told)}
	case "":
		return corev1.ContainerState{}
	}
	return corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{Reason: told.Reason, Message: told.Message}}
}

func terminated(told eci.ContainerState) *corev1.ContainerStateTerminated {
	t := &corev1.ContainerStateTerminated{
		ExitCode:   told.ExitCode,
		Signal:     told.Signal,
		Reason:     told.Reason,
		Message:    told.Message,
		StartedAt:  stamp(told.StartTime),
		FinishedAt: stamp(told.FinishTime),
	}
	if t.Reason == "" {
		t.Reason = reasonCompleted
		if t.ExitCode != 0 || t.Signal != 0 {
			t.Reason = reasonError
		}
	}
	return t
}

// withID names the container in its end, where ECI does not.
func withID(t *corev1.ContainerStateTerminated, id string) {
	if t != nil {
		t.ContainerID = id
	}
}

// lastState is how the container ended before its last restart: what ECI
// tells, or what was reported of it before, or what it did before it was
// restarted.
func lastState(before *corev1.ContainerStatus, told *eci.ContainerStatus, s *corev1.ContainerStatus) corev1.ContainerState {
	if told.Previous.State == stateTerminated {
		t := terminated(told.Previous)
		withID(t, s.ContainerID)
		return corev1.ContainerState{Terminated: t}
	}
	if before == nil {
		return corev1.ContainerState{}
	}
	if before.State.Terminated != nil && s.RestartCount > before.RestartCount {
		return *before.State.DeepCopy()
	}
	return *before.LastTerminationState.DeepCopy()
}
