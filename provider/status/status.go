package status

import (
	"fmt"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/ebb-node/ebb/eci"
)

// Facts are what a status depends on beside the pod and its group.
type Facts struct {
	// HostIP is the address of the node.
	HostIP string
	// FailFast makes a pod Failed whose group could not be scheduled. Without
	// it the pod stays Pending, because another group will be made.
	FailFast bool
	Now      time.Time
}

// Reasons of a pod's status. The first three are those of Alibaba's managed
// node and of a kubelet.
// https://help.aliyun.com/en/eci/user-guide/eci-custom-condition
const (
	ReasonScheduleFailed   = "ContainerInstanceScheduleFailed"
	ReasonSpotReclaimed    = "BidFailed"
	ReasonDeadlineExceeded = "DeadlineExceeded"
	// ReasonExpired: the group ended for overdue payment.
	ReasonExpired = "ContainerInstanceExpired"
	// ReasonNotFound: the group exists no more.
	ReasonNotFound = "NotFound"
	// ReasonGroupFailed: the group ended and no container says why.
	ReasonGroupFailed = "ContainerGroupFailed"
)

// PodStatus is the status of a pod whose container group is known.
func PodStatus(pod *corev1.Pod, group eci.Group, facts Facts) corev1.PodStatus {
	s := base(pod, facts)
	s.Phase = phase(pod.Status.Phase, &group, facts)
	setAddresses(&s, &group)
	s.InitContainerStatuses = containerStatuses(pod, pod.Spec.InitContainers, pod.Status.InitContainerStatuses, &group)
	s.ContainerStatuses = containerStatuses(pod, pod.Spec.Containers, pod.Status.ContainerStatuses, &group)
	if finished(s.Phase) && !finished(pod.Status.Phase) {
		s.Reason, s.Message = endReason(pod, &s, &group)
	}
	switch {
	case group.Status == eci.StatusScheduleFailed && finished(s.Phase):
		keepWaiting(&s)
	case group.Status.Final() && finished(s.Phase):
		settle(&s, endOf(&group, facts))
	}
	setConditions(pod, &s, facts)
	setInstanceConditions(&s, &group, facts)
	return s
}

// Waiting is the status of a pod that has no container group yet. reason and
// message say why, as with a kubelet's CreateContainerConfigError; an empty
// reason means that the group is being made.
func Waiting(pod *corev1.Pod, reason, message string, facts Facts) corev1.PodStatus {
	s := base(pod, facts)
	if s.Phase == "" {
		s.Phase = corev1.PodPending
	}
	s.InitContainerStatuses = waitingStatuses(pod, pod.Spec.InitContainers, pod.Status.InitContainerStatuses, reason, message)
	s.ContainerStatuses = waitingStatuses(pod, pod.Spec.Containers, pod.Status.ContainerStatuses, reason, message)
	setConditions(pod, &s, facts)
	if reason == "" {
		reason = reasonCreating
	}
	setCondition(&s, ContainerInstanceCreated, false, reason, message, facts)
	return s
}

// Refused is the status of a pod that failed without ever having a container
// group: what it asks for cannot be had. Its containers never ended, so they go
// on waiting, as a kubelet leaves those of a pod that it rejects.
func Refused(pod *corev1.Pod, reason, message string, facts Facts) corev1.PodStatus {
	if finished(pod.Status.Phase) {
		return base(pod, facts)
	}
	s := Waiting(pod, reason, message, facts)
	s.Phase, s.Reason, s.Message = corev1.PodFailed, reason, message
	setConditions(pod, &s, facts)
	return s
}

// Failed is the status of a pod that runs no more, for a reason that its
// container group does not tell: the group is gone (ReasonNotFound).
func Failed(pod *corev1.Pod, reason, message string, facts Facts) corev1.PodStatus {
	s := base(pod, facts)
	if finished(s.Phase) {
		return s
	}
	s.Phase, s.Reason, s.Message = corev1.PodFailed, reason, message
	s.InitContainerStatuses = waitingStatuses(pod, pod.Spec.InitContainers, pod.Status.InitContainerStatuses, "", "")
	s.ContainerStatuses = waitingStatuses(pod, pod.Spec.Containers, pod.Status.ContainerStatuses, "", "")
	settle(&s, facts.Now)
	setConditions(pod, &s, facts)
	return s
}

// ScheduleFailed is the status of a pod with the strategy fail-fast whose
// group could not be made. code is the cloud's, such as
// OperationDenied.NoStock.
func ScheduleFailed(pod *corev1.Pod, code, message string, facts Facts) corev1.PodStatus {
	s := Refused(pod, ReasonScheduleFailed, message, facts)
	setCondition(&s, ContainerInstanceCreated, false, code, message, facts)
	return s
}

// Vanished is the status of a pod whose group the cloud does not know any
// more.
func Vanished(pod *corev1.Pod, groupID string, facts Facts) corev1.PodStatus {
	return Failed(pod, ReasonNotFound, fmt.Sprintf("container group %s does not exist any more", groupID), facts)
}

// base is the status reported last, with what does not depend on the group.
func base(pod *corev1.Pod, facts Facts) corev1.PodStatus {
	s := *pod.Status.DeepCopy()
	s.ObservedGeneration = pod.Generation
	if facts.HostIP != "" {
		s.HostIP = facts.HostIP
		s.HostIPs = []corev1.HostIP{{IP: facts.HostIP}}
	}
	if s.StartTime == nil {
		start := stamp(facts.Now)
		s.StartTime = &start
	}
	return s
}

// setAddresses takes over the group's addresses once it has them.
func setAddresses(s *corev1.PodStatus, group *eci.Group) {
	if group.IntranetIP == "" {
		return
	}
	s.PodIP = group.IntranetIP
	s.PodIPs = []corev1.PodIP{{IP: group.IntranetIP}}
	if group.IPv6Address != "" {
		s.PodIPs = append(s.PodIPs, corev1.PodIP{IP: group.IPv6Address})
	}
}

// stamp is a time as the API server stores it: whole seconds. A time that is
// not known stays zero.
func stamp(t time.Time) metav1.Time {
	if t.IsZero() {
		return metav1.Time{}
	}
	return metav1.NewTime(t.Truncate(time.Second))
}
