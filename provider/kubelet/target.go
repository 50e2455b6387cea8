package kubelet

import (
	"fmt"
	"net/http"
	"slices"

	"github.com/virtual-kubelet/virtual-kubelet/errdefs"
	corev1 "k8s.io/api/core/v1"
)

// target is a container of a pod.
type target struct {
	pod       *corev1.Pod
	groupID   string
	container string
}

// target finds a container that a request names; a pod without a container
// group is a bad request, in a kubelet's words.
func (s *Server) target(namespace, name, container string) (target, error) {
	pod, id, err := s.Pods.Lookup(namespace, name)
	if err != nil {
		return target{}, err
	}
	named := func(c corev1.Container) bool { return c.Name == container }
	if !slices.ContainsFunc(pod.Spec.Containers, named) && !slices.ContainsFunc(pod.Spec.InitContainers, named) {
		return target{}, errdefs.NotFoundf("pod %s/%s has no container %q", namespace, name, container)
	}
	t := target{pod: pod, groupID: id, container: container}
	if id == "" {
		return t, t.notStarted(t.waitingReason())
	}
	return t, nil
}

// waitingReason is why the container waits, as the pod's status has it.
func (t target) waitingReason() string {
	if s := t.status(); s != nil && s.State.Waiting != nil && s.State.Waiting.Reason != "" {
		return s.State.Waiting.Reason
	}
	return "ContainerCreating"
}

// notStarted is what a kubelet answers for a container that has not run.
func (t target) notStarted(reason string) error {
	return &statusError{http.StatusBadRequest, fmt.Sprintf("container %q in pod %q is waiting to start: %s",
		t.container, t.pod.Name, reason)}
}

// status is the container's part of the pod's status; nil when there is none.
func (t target) status() *corev1.ContainerStatus {
	for _, list := range [][]corev1.ContainerStatus{t.pod.Status.ContainerStatuses, t.pod.Status.InitContainerStatuses} {
		for i := range list {
			if list[i].Name == t.container {
				return &list[i]
			}
		}
	}
	return nil
}
