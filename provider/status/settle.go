package status

import (
	"time"

	corev1 "k8s.io/api/core/v1"
)

// reasonStatusUnknown is a kubelet's reason for an end that it did not see.
const reasonStatusUnknown = "ContainerStatusUnknown"

// unknownExitCode is what a kubelet reports for a container whose end it did
// not see.
const unknownExitCode = 137

// settle ends every container that is not told to have ended: of a group that
// is gone nothing runs.
func settle(s *corev1.PodStatus, at time.Time) {
	for _, list := range [][]corev1.ContainerStatus{s.InitContainerStatuses, s.ContainerStatuses} {
		for i := range list {
			settleOne(&list[i], at)
		}
	}
}

// keepWaiting lets containers that never ran wait for the reason of the pod's
// end.
func keepWaiting(s *corev1.PodStatus) {
	for _, list := range [][]corev1.ContainerStatus{s.InitContainerStatuses, s.ContainerStatuses} {
		for i := range list {
			if w := list[i].State.Waiting; w != nil {
				w.Reason, w.Message = s.Reason, s.Message
			}
		}
	}
}

func settleOne(c *corev1.ContainerStatus, at time.Time) {
	c.Started = new(bool)
	if c.State.Terminated != nil {
		return
	}
	t := &corev1.ContainerStateTerminated{
		ExitCode:    unknownExitCode,
		Reason:      reasonStatusUnknown,
		Message:     "The container's end was not seen: its container group has ended",
		FinishedAt:  stamp(at),
		ContainerID: c.ContainerID,
	}
	if c.State.Running != nil {
		t.StartedAt = c.State.Running.StartedAt
	}
	c.Ready = false
	c.State = corev1.ContainerState{Terminated: t}
}
