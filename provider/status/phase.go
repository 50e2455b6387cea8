package status

import (
	"fmt"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/ebb-node/ebb/eci"
)

// Words of the API.
const (
	stateRunning    = "Running"
	stateTerminated = "Terminated"
	noSpot          = "NoSpot"
)

// finished reports whether a pod in this phase never runs again.
func finished(p corev1.PodPhase) bool {
	return p == corev1.PodSucceeded || p == corev1.PodFailed
}

// phase follows the group's status, by the table of
// https://www.alibabacloud.com/help/doc-detail/122385.htm except that a pod
// that ran never goes back to Pending and an ended one never changes.
func phase(last corev1.PodPhase, group *eci.Group, facts Facts) corev1.PodPhase {
	if finished(last) {
		return last
	}
	switch group.Status {
	case eci.StatusSucceeded:
		return corev1.PodSucceeded
	case eci.StatusFailed, eci.StatusExpired:
		return corev1.PodFailed
	case eci.StatusScheduleFailed:
		if facts.FailFast {
			return corev1.PodFailed
		}
	case eci.StatusRunning:
		return corev1.PodRunning
	case eci.StatusRestarting, eci.StatusUpdating, eci.StatusTerminating:
		if anyStarted(group) {
			return corev1.PodRunning
		}
	}
	if last == "" {
		return corev1.PodPending
	}
	return last
}

// anyStarted reports whether a container has run.
func anyStarted(group *eci.Group) bool {
	for i := range group.Containers {
		switch group.Containers[i].Current.State {
		case stateRunning, stateTerminated:
			return true
		}
	}
	return false
}

// endOf is when a group ended.
func endOf(group *eci.Group, facts Facts) time.Time {
	for _, t := range []time.Time{group.SucceededTime, group.FailedTime, group.ExpiredTime} {
		if !t.IsZero() {
			return t
		}
	}
	return facts.Now
}

// endReason says why a pod ended. A container that failed speaks for itself,
// so then there is none.
func endReason(pod *corev1.Pod, s *corev1.PodStatus, group *eci.Group) (reason, message string) {
	switch group.Status {
	case eci.StatusScheduleFailed:
		_, message = scheduleFailure(group)
		return ReasonScheduleFailed, message
	case eci.StatusExpired:
		return expiredReason(group)
	case eci.StatusFailed:
		if pastDeadline(pod, s, group) {
			return ReasonDeadlineExceeded, "Pod was active on the node longer than the specified deadline"
		}
		if anyFailed(group) {
			return "", ""
		}
		if e := lastWarning(group); e != nil {
			return e.Reason, e.Message
		}
		return ReasonGroupFailed, fmt.Sprintf("container group %s failed", group.ID)
	}
	return "", ""
}

// expiredReason tells a reclaimed spot instance from overdue payment.
func expiredReason(group *eci.Group) (reason, message string) {
	if group.SpotStrategy != "" && group.SpotStrategy != noSpot || eventOf(group, eventSpotRelease) != nil {
		return ReasonSpotReclaimed, fmt.Sprintf("The pod is spot instance, and have been released at %s",
			group.ExpiredTime.UTC().Format(time.RFC3339))
	}
	return ReasonExpired, fmt.Sprintf("container group %s has expired", group.ID)
}

// pastDeadline reports whether the group failed because the pod's active
// deadline ran out.
func pastDeadline(pod *corev1.Pod, s *corev1.PodStatus, group *eci.Group) bool {
	deadline := pod.Spec.ActiveDeadlineSeconds
	if deadline == nil || group.FailedTime.IsZero() {
		return false
	}
	start := s.StartTime.Time
	if group.CreationTime.After(start) {
		start = group.CreationTime
	}
	return !group.FailedTime.Before(start.Add(time.Duration(*deadline) * time.Second))
}

// anyFailed reports whether a container ended by itself with an error.
func anyFailed(group *eci.Group) bool {
	for _, list := range [][]eci.ContainerStatus{group.Containers, group.InitContainers} {
		for i := range list {
			if c := &list[i].Current; c.State == stateTerminated && (c.ExitCode != 0 || c.Signal != 0) {
				return true
			}
		}
	}
	return false
}
