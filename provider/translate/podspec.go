package translate

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"

	"github.com/ebb-node/ebb/provider/resolve"
)

// podSpec translates the plain fields of the pod and refuses those that need
// a host.
func (t *translator) podSpec() {
	spec := &t.pod.Spec
	t.needsHost()
	t.request.RestartPolicy = string(spec.RestartPolicy)
	t.request.TerminationGracePeriod = spec.TerminationGracePeriodSeconds
	t.request.ActiveDeadline = spec.ActiveDeadlineSeconds
	t.request.ShareProcessNamespace = isTrue(spec.ShareProcessNamespace)
	if spec.OS != nil && spec.OS.Name != corev1.Linux {
		t.refuse("spec.os.name", fmt.Sprintf("%q is not supported", spec.OS.Name), "use linux")
	}
	if len(spec.ResourceClaims) > 0 {
		t.refuse("spec.resourceClaims", "dynamic resource allocation is not supported", "ask for nvidia.com/gpu in the limits of a container")
	}
	if spec.RuntimeClassName != nil {
		t.warn(ReasonFieldIgnored, fmt.Sprintf("spec.runtimeClassName %q has no effect: every container group is a virtual machine", *spec.RuntimeClassName))
	}
	if len(spec.EphemeralContainers) > 0 {
		t.warn(ReasonFieldIgnored, "spec.ephemeralContainers has no effect: ECI cannot add containers to a group")
	}
}

// needsHost refuses what would need a machine shared with other pods.
// https://www.alibabacloud.com/help/doc-detail/89138.htm
func (t *translator) needsHost() {
	const reason = "a container group is a machine of its own and has no host to share"
	for _, f := range []struct {
		field string
		set   bool
	}{
		{"spec.hostNetwork", t.pod.Spec.HostNetwork},
		{"spec.hostPID", t.pod.Spec.HostPID},
		{"spec.hostIPC", t.pod.Spec.HostIPC},
	} {
		if f.set {
			t.refuse(f.field, reason, "remove it")
		}
	}
}

func isTrue(b *bool) bool { return b != nil && *b }

// checkCount refuses more items than the API takes.
func (t *translator) checkCount(field string, n, limit int, what string) {
	if n > limit {
		t.refuse(field, fmt.Sprintf("has %d %s and ECI takes %d", n, what, limit), "")
	}
}

// resolvedContainer is what package resolve found for a container.
func (t *translator) resolvedContainer(name string) resolve.Container {
	return t.resolved.Containers[name]
}
