package translate

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"

	"github.com/ebb-node/ebb/eci"
)

// initContainer translates an ordinary init container, of which ECI makes
// neither streams nor a restart policy of its own.
// https://www.alibabacloud.com/help/doc-detail/114662.htm
func (t *translator) initContainer(field string, c *corev1.Container) eci.Container {
	if c.RestartPolicy != nil && restartsAfterFailure(*c.RestartPolicy) != t.restartsAfterFailure() {
		t.refuse(field+".restartPolicy", onePolicy, useSpecPolicy)
	}
	for _, stream := range []struct {
		name string
		set  bool
	}{{"stdin", c.Stdin}, {"stdinOnce", c.StdinOnce}, {"tty", c.TTY}} {
		if stream.set {
			t.warn(ReasonFieldIgnored, fmt.Sprintf("%s.%s has no effect: ECI gives init containers no streams", field, stream.name))
		}
	}
	return t.container(field, c)
}

// What is said of restart policies of containers.
const (
	onePolicy     = "ECI has one restart policy for all containers"
	useSpecPolicy = "use spec.restartPolicy"
)

// restartsAfterFailure is all that a restart policy means to an init container.
func restartsAfterFailure(p corev1.ContainerRestartPolicy) bool {
	return p != corev1.ContainerRestartPolicyNever
}

func (t *translator) restartsAfterFailure() bool {
	return t.pod.Spec.RestartPolicy != corev1.RestartPolicyNever
}
