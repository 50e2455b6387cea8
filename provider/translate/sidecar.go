package translate

import (
	"fmt"
	"strconv"

	corev1 "k8s.io/api/core/v1"

	"github.com/ebb-node/ebb/eci"
)

// Variables by which ECI is told the role of a container.
// https://help.aliyun.com/zh/eci/user-guide/declaring-container-types and
// https://help.aliyun.com/zh/eci/user-guide/set-container-start-and-exit-order-1
const (
	containerTypeEnv   = "ECI_CONTAINER_TYPE"
	ignoreExitCodeEnv  = "ECI_CONTAINER_IGNORE_EXIT_CODE"
	launchPriorityEnv  = "ECI_CONTAINER_LAUNCH_PRIORITY"
	maxLaunchPriority  = 1000
	sidecarType        = "sidecar"
	ignoreExitCodeTrue = "true"
)

// isSidecar reports whether an init container is a native sidecar.
func isSidecar(c *corev1.Container) bool {
	return c.RestartPolicy != nil && *c.RestartPolicy == corev1.ContainerRestartPolicyAlways
}

// sidecars gives each native sidecar its launch priority: they start in their
// order, before the containers. ECI starts them after all init containers, so
// an init container that comes after a sidecar is refused: it may need it.
func (t *translator) sidecars() map[string]int {
	priorities := map[string]int{}
	first := ""
	for i := range t.pod.Spec.InitContainers {
		c := &t.pod.Spec.InitContainers[i]
		if isSidecar(c) {
			priorities[c.Name] = maxLaunchPriority - len(priorities)
			if first == "" {
				first = c.Name
			}
		} else if first != "" {
			t.refuse(fmt.Sprintf("spec.initContainers[%d]", i),
				fmt.Sprintf("init container %q comes after sidecar %q, and ECI starts sidecars after all init containers", c.Name, first),
				"move it before the sidecar")
		}
	}
	return priorities
}

// sidecar translates a native sidecar to a container of ECI's sidecar type.
func (t *translator) sidecar(field string, c *corev1.Container, priority int) eci.Container {
	out := t.appContainer(field, c)
	out.Env = append(out.Env,
		eci.EnvVar{Key: containerTypeEnv, Value: sidecarType},
		eci.EnvVar{Key: ignoreExitCodeEnv, Value: ignoreExitCodeTrue},
		eci.EnvVar{Key: launchPriorityEnv, Value: strconv.Itoa(priority)},
	)
	if t.pod.Spec.RestartPolicy != corev1.RestartPolicyAlways && t.pod.Spec.RestartPolicy != "" {
		t.warn(ReasonSidecarEmulated, fmt.Sprintf("%s: sidecar %q restarts by the pod's policy %s, not always",
			field, c.Name, t.pod.Spec.RestartPolicy))
	}
	return out
}
