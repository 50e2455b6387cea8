package status

import (
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// Reasons of conditions, a kubelet's.
const (
	reasonPodCompleted           = "PodCompleted"
	reasonPodFailed              = "PodFailed"
	reasonContainersNotReady     = "ContainersNotReady"
	reasonContainersNotInit      = "ContainersNotInitialized"
	reasonReadinessGatesNotReady = "ReadinessGatesNotReady"
)

// setConditions sets the standard conditions from the container statuses;
// conditions of others stay.
func setConditions(pod *corev1.Pod, s *corev1.PodStatus, facts Facts) {
	setCondition(s, corev1.PodScheduled, true, "", "", facts)
	setCondition(s, corev1.PodReadyToStartContainers, s.PodIP != "" && !finished(s.Phase), "", "", facts)
	setInitialized(pod, s, facts)
	reason, message := notReady(pod, s)
	setCondition(s, corev1.ContainersReady, reason == "", reason, message, facts)
	if reason == "" {
		reason, message = gatesNotReady(pod, s)
	}
	setCondition(s, corev1.PodReady, reason == "", reason, message, facts)
}

// setInitialized is about the init containers.
func setInitialized(pod *corev1.Pod, s *corev1.PodStatus, facts Facts) {
	if s.Phase == corev1.PodSucceeded {
		setCondition(s, corev1.PodInitialized, true, reasonPodCompleted, "", facts)
		return
	}
	var open []string
	for i := range pod.Spec.InitContainers {
		c := &pod.Spec.InitContainers[i]
		if !initialized(c, named(s.InitContainerStatuses, c.Name)) {
			open = append(open, c.Name)
		}
	}
	if len(open) == 0 || anyRan(s.ContainerStatuses) {
		setCondition(s, corev1.PodInitialized, true, "", "", facts)
		return
	}
	setCondition(s, corev1.PodInitialized, false, reasonContainersNotInit,
		fmt.Sprintf("containers with incomplete status: [%s]", strings.Join(open, " ")), facts)
}

// initialized reports whether an init container ended well, or a sidecar
// started.
func initialized(c *corev1.Container, s *corev1.ContainerStatus) bool {
	if isSidecar(c) {
		return s != nil && s.Started != nil && *s.Started
	}
	return s != nil && s.State.Terminated != nil && s.State.Terminated.ExitCode == 0
}

// anyRan reports whether a container has started, which init containers
// precede.
func anyRan(statuses []corev1.ContainerStatus) bool {
	for i := range statuses {
		if statuses[i].State.Running != nil || statuses[i].RestartCount > 0 || endedByItself(&statuses[i]) {
			return true
		}
	}
	return false
}

// endedByItself leaves out the containers that settle has ended.
func endedByItself(s *corev1.ContainerStatus) bool {
	return s.State.Terminated != nil && s.State.Terminated.Reason != reasonStatusUnknown
}

// notReady says why the containers are not ready; "" means that they are.
func notReady(pod *corev1.Pod, s *corev1.PodStatus) (reason, message string) {
	switch s.Phase {
	case corev1.PodSucceeded:
		return reasonPodCompleted, ""
	case corev1.PodFailed:
		return reasonPodFailed, ""
	}
	var unready []string
	for i := range pod.Spec.InitContainers {
		c := &pod.Spec.InitContainers[i]
		if status := named(s.InitContainerStatuses, c.Name); isSidecar(c) && (status == nil || !status.Ready) {
			unready = append(unready, c.Name)
		}
	}
	for i := range s.ContainerStatuses {
		if !s.ContainerStatuses[i].Ready {
			unready = append(unready, s.ContainerStatuses[i].Name)
		}
	}
	if len(unready) == 0 {
		return "", ""
	}
	return reasonContainersNotReady, fmt.Sprintf("containers with unready status: [%s]", strings.Join(unready, " "))
}

// gatesNotReady says which readiness gates are not passed.
func gatesNotReady(pod *corev1.Pod, s *corev1.PodStatus) (reason, message string) {
	var missing []string
	for _, gate := range pod.Spec.ReadinessGates {
		c := condition(s, gate.ConditionType)
		switch {
		case c == nil:
			missing = append(missing, fmt.Sprintf("corresponding condition of pod readiness gate %q does not exist.", gate.ConditionType))
		case c.Status != corev1.ConditionTrue:
			missing = append(missing, fmt.Sprintf("the status of pod readiness gate %q is not \"True\", but %v", gate.ConditionType, c.Status))
		}
	}
	if len(missing) == 0 {
		return "", ""
	}
	return reasonReadinessGatesNotReady, strings.Join(missing, ", ")
}

// condition returns the condition of a kind, or nil.
func condition(s *corev1.PodStatus, kind corev1.PodConditionType) *corev1.PodCondition {
	for i := range s.Conditions {
		if s.Conditions[i].Type == kind {
			return &s.Conditions[i]
		}
	}
	return nil
}

// setCondition sets a condition; its transition time moves when its status
// does.
func setCondition(s *corev1.PodStatus, kind corev1.PodConditionType, value bool, reason, message string, facts Facts) {
	status := corev1.ConditionFalse
	if value {
		status = corev1.ConditionTrue
	}
	c := condition(s, kind)
	if c == nil {
		s.Conditions = append(s.Conditions, corev1.PodCondition{Type: kind})
		c = &s.Conditions[len(s.Conditions)-1]
	}
	if c.Status != status {
		c.LastTransitionTime = stamp(facts.Now)
	}
	c.Status, c.Reason, c.Message = status, reason, message
}
