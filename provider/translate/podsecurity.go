package translate

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/ebb-node/ebb/eci"
)

// podSecurity translates the pod's own security context; what containers
// inherit is in security.
func (t *translator) podSecurity() {
	sc := t.pod.Spec.SecurityContext
	if sc == nil {
		return
	}
	const field = "spec.securityContext"
	if len(sc.SupplementalGroups) > 0 {
		t.refuse(field+".supplementalGroups", "ECI cannot give a process further groups", "use runAsGroup")
	}
	if sc.SupplementalGroupsPolicy != nil && *sc.SupplementalGroupsPolicy == corev1.SupplementalGroupsPolicyStrict {
		t.warn(ReasonFieldIgnored, field+".supplementalGroupsPolicy Strict has no effect: groups that the image gives to its user remain")
	}
	if sc.WindowsOptions != nil {
		t.refuse(field+".windowsOptions", "Windows is not supported", "")
	}
	t.profiles(field, sc.SeccompProfile, sc.AppArmorProfile)
	t.fsGroup(sc.FSGroup)
	t.sysctls(sc.Sysctls)
}

// fsGroup has no parameter. Where everybody may read and write anyway it is
// not needed; where access depends on it the pod is refused.
func (t *translator) fsGroup(group *int64) {
	if group == nil {
		return
	}
	const field = "spec.securityContext.fsGroup"
	for i := range t.pod.Spec.Volumes {
		v := &t.pod.Spec.Volumes[i]
		if t.isDisk(v) {
			t.refuse(field, fmt.Sprintf("ECI does not change the owner of files on the disk of volume %q", v.Name),
				"remove it and set the owner in an init container")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(t.resolved.Files)) {
		if path, closed := closedFile(t.resolved.Files[name]); closed {
			t.refuse(field, fmt.Sprintf("file %q of volume %q is not readable for everyone and ECI does not change its group", path, name),
				"remove it, or give the file mode 0444")
		}
	}
	t.warn(ReasonFieldIgnored, field+" has no effect: files keep the group that they have")
}

// worldRead is the permission bit that lets everybody read a file.
const worldRead = 0o004

// closedFile finds a file that not everybody may read.
func closedFile(volume eci.ConfigFile) (string, bool) {
	for _, f := range volume.Files {
		mode := override(volume.DefaultMode, f.Mode)
		if mode != nil && *mode&worldRead == 0 {
			return f.Path, true
		}
	}
	return "", false
}

// safeSysctls are those that every account may set in a group; others are
// the machine's and need a ticket.
// https://help.aliyun.com/document_detail/163023.html
var safeSysctls = []string{"net.ipv4.ping_group_range", "net.ipv4.ip_unprivileged_port_start"}

// hostSysctlPrefixes are the families of the others, without shm_rmid_forced.
var hostSysctlPrefixes = []string{"kernel.shm", "kernel.msg", "fs.mqueue.", "net."}

func (t *translator) sysctls(sysctls []corev1.Sysctl) {
	for i, s := range sysctls {
		name := strings.ReplaceAll(s.Name, "/", ".")
		pair := eci.KeyValue{Key: name, Value: s.Value}
		switch {
		case slices.Contains(safeSysctls, name):
			t.request.Sysctls = append(t.request.Sysctls, pair)
		case isHostSysctl(name):
			t.request.HostSysctls = append(t.request.HostSysctls, pair)
		default:
			t.refuse(fmt.Sprintf("spec.securityContext.sysctls[%d].name", i), fmt.Sprintf("ECI cannot set %s", name), "")
		}
	}
}

func isHostSysctl(name string) bool {
	if name == "kernel.sem" || name == "vm.min_free_kbytes" {
		return true
	}
	return name != "kernel.shm_rmid_forced" &&
		slices.ContainsFunc(hostSysctlPrefixes, func(p string) bool { return strings.HasPrefix(name, p) })
}
