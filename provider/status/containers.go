package status

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/ebb-node/ebb/eci"
)

// Reasons of a kubelet.
const (
	reasonContainerCreating = "ContainerCreating"
	reasonPodInitializing   = "PodInitializing"
)

// ContainerID is the id of a container in a pod's status.
func ContainerID(groupID, container string) string {
	return "eci://" + groupID + "/" + container
}

// containerStatuses gives a status to each of the pod's containers, in their
// order.
func containerStatuses(pod *corev1.Pod, containers []corev1.Container, last []corev1.ContainerStatus, group *eci.Group) []corev1.ContainerStatus {
	var out []corev1.ContainerStatus
	for i := range containers {
		c := &containers[i]
		before := named(last, c.Name)
		told := find(group, c.Name)
		switch {
		case finished(pod.Status.Phase) && before != nil && before.State.Terminated != nil:
			out = append(out, *before.DeepCopy()) // late news of an ended pod change nothing
		case told == nil:
			out = append(out, unseen(pod, c, before, "", ""))
		default:
			out = append(out, containerStatus(pod, c, before, told, group))
		}
	}
	return out
}

// waitingStatuses is the same without a group.
func waitingStatuses(pod *corev1.Pod, containers []corev1.Container, last []corev1.ContainerStatus, reason, message string) []corev1.ContainerStatus {
	var out []corev1.ContainerStatus
	for i := range containers {
		c := &containers[i]
		out = append(out, unseen(pod, c, named(last, c.Name), reason, message))
	}
	return out
}

// find looks for a container among both kinds: a native sidecar is an init
// container of the pod and an ordinary one of the group.
func find(group *eci.Group, name string) *eci.ContainerStatus {
	for _, list := range [][]eci.ContainerStatus{group.Containers, group.InitContainers} {
		for i := range list {
			if list[i].Name == name {
				return &list[i]
			}
		}
	}
	return nil
}

func named(statuses []corev1.ContainerStatus, name string) *corev1.ContainerStatus {
	for i := range statuses {
		if statuses[i].Name == name {
			return &statuses[i]
		}
	}
	return nil
}

// unseen is the status of a container of which nothing is told: as before if
// it ran, else waiting.
func unseen(pod *corev1.Pod, c *corev1.Container, before *corev1.ContainerStatus, reason, message string) corev1.ContainerStatus {
	if before != nil && before.State.Waiting == nil && before.State != (corev1.ContainerState{}) {
		return *before.DeepCopy()
	}
	s := corev1.ContainerStatus{Name: c.Name, Image: c.Image, Started: new(bool)}
	if before != nil {
		s = *before.DeepCopy()
		s.Ready, s.Started = false, new(bool)
	}
	if reason == "" {
		reason = waitingReason(pod)
	}
	s.State = corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{Reason: reason, Message: message}}
	return s
}

// waitingReason is a kubelet's word for a container that has not run.
func waitingReason(pod *corev1.Pod) string {
	if len(pod.Spec.InitContainers) > 0 {
		return reasonPodInitializing
	}
	return reasonContainerCreating
}

// containerStatus is the status of a container that ECI tells of.
func containerStatus(pod *corev1.Pod, c *corev1.Container, before *corev1.ContainerStatus, told *eci.ContainerStatus, group *eci.Group) corev1.ContainerStatus {
	s := corev1.ContainerStatus{
		Name:         c.Name,
		Image:        c.Image,
		ImageID:      told.ImageID,
		RestartCount: told.RestartCount,
		State:        state(told.Current),
	}
	if told.Current.State == "" {
		s.State = unseen(pod, c, before, "", "").State
	} else if w := s.State.Waiting; w != nil && w.Reason == "" {
		w.Reason = waitingReason(pod)
	}
	if before != nil {
		s.RestartCount = max(s.RestartCount, before.RestartCount)
		s.ContainerID = before.ContainerID
		if s.ImageID == "" {
			s.ImageID = before.ImageID
		}
	}
	if s.State.Waiting == nil {
		s.ContainerID = ContainerID(group.ID, c.Name)
	}
	withID(s.State.Terminated, s.ContainerID)
	s.LastTerminationState = lastState(before, told, &s)
	s.Ready = ready(pod, c, told, &s)
	s.Started = started(told, &s)
	return s
}

// ready is what ECI says of a container that runs. An init container is ready
// when it ended well.
func ready(pod *corev1.Pod, c *corev1.Container, told *eci.ContainerStatus, s *corev1.ContainerStatus) bool {
	if t := s.State.Terminated; t != nil && isInit(pod, c) {
		return t.ExitCode == 0
	}
	return s.State.Running != nil && told.Ready
}

// isInit reports whether c runs to its end before the others start.
func isInit(pod *corev1.Pod, c *corev1.Container) bool {
	for i := range pod.Spec.InitContainers {
		if c == &pod.Spec.InitContainers[i] {
			return !isSidecar(c)
		}
	}
	return false
}

func isSidecar(c *corev1.Container) bool {
	return c.RestartPolicy != nil && *c.RestartPolicy == corev1.ContainerRestartPolicyAlways
}
