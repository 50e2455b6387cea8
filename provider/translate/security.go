package translate

import (
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/ebb-node/ebb/eci"
)

// grantable are the capabilities that the API can add.
// https://help.aliyun.com/document_detail/462800.html
var grantable = []string{"NET_ADMIN", "NET_RAW"}

// granted are the capabilities that container runtimes give to every
// container; ECI cannot take them away, so adding them needs nothing.
// https://github.com/containerd/containerd/blob/main/pkg/oci/spec.go
var granted = []string{
	"AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE",
	"SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT",
}

// security translates a container's security context over that of the pod.
//
// What takes rights away from a container to protect the host and other pods
// (dropped capabilities, seccomp, SELinux, AppArmor and
// allowPrivilegeEscalation) has no parameter and needs none: each group is a
// virtual machine of its own, which isolates more. Profiles of the user's own
// get a warning.
func (t *translator) security(field string, own *corev1.SecurityContext) eci.SecurityContext {
	var out eci.SecurityContext
	if pod := t.pod.Spec.SecurityContext; pod != nil {
		out.RunAsUser, out.RunAsGroup, out.RunAsNonRoot = pod.RunAsUser, pod.RunAsGroup, pod.RunAsNonRoot
	}
	if own == nil {
		return out
	}
	field += ".securityContext"
	out.RunAsUser = override(out.RunAsUser, own.RunAsUser)
	out.RunAsGroup = override(out.RunAsGroup, own.RunAsGroup)
	out.RunAsNonRoot = override(out.RunAsNonRoot, own.RunAsNonRoot)
	out.ReadOnlyRootFilesystem = isTrue(own.ReadOnlyRootFilesystem)
	if isTrue(own.Privileged) {
		out.Privileged = own.Privileged
		t.allowListed(field+".privileged", "privileged containers")
	}
	if own.Capabilities != nil {
		out.CapabilitiesAdd = t.capabilities(field+".capabilities.add", own.Capabilities.Add)
	}
	if own.ProcMount != nil && *own.ProcMount != corev1.DefaultProcMount {
		t.refuse(field+".procMount", fmt.Sprintf("%q is not supported", *own.ProcMount), "use Default")
	}
	if own.WindowsOptions != nil {
		t.refuse(field+".windowsOptions", "Windows is not supported", "")
	}
	t.profiles(field, own.SeccompProfile, own.AppArmorProfile)
	return out
}

func override[T any](base, own *T) *T {
	if own != nil {
		return own
	}
	return base
}

// allowListed refuses what only accounts on Alibaba Cloud's allow list can
// have, unless this one is.
func (t *translator) allowListed(field, what string) {
	if !t.config.AllowListed {
		t.refuse(field, what+" are only for accounts on Alibaba Cloud's allow list",
			"open a ticket with Alibaba Cloud, then tell the node that the account is on the list")
	}
}

// capabilities returns those that have to be asked for.
func (t *translator) capabilities(field string, add []corev1.Capability) []string {
	var out []string
	for i, c := range add {
		name := strings.TrimPrefix(strings.ToUpper(string(c)), "CAP_")
		switch {
		case slices.Contains(grantable, name):
			out = append(out, name)
		case !slices.Contains(granted, name):
			t.refuse(fmt.Sprintf("%s[%d]", field, i), fmt.Sprintf("ECI cannot give capability %s", name), "it can give "+strings.Join(grantable, " and "))
		}
	}
	return out
}

// profiles warns of profiles that the user brought.
func (t *translator) profiles(field string, seccomp *corev1.SeccompProfile, appArmor *corev1.AppArmorProfile) {
	if seccomp != nil && seccomp.Type == corev1.SeccompProfileTypeLocalhost {
		t.warn(ReasonFieldIgnored, field+".seccompProfile has no effect: container groups do not load profiles of the user's")
	}
	if appArmor != nil && appArmor.Type == corev1.AppArmorProfileTypeLocalhost {
		t.warn(ReasonFieldIgnored, field+".appArmorProfile has no effect: container groups do not load profiles of the user's")
	}
}
