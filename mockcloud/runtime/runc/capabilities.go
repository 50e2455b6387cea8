package runc

import (
	"slices"
	"strings"

	specs "github.com/opencontainers/runtime-spec/specs-go"
	"golang.org/x/sys/unix"
)

// defaultCapabilities are what containers usually have: root within a
// container can manage its own files, users and ports, and nothing of the
// machine.
var defaultCapabilities = []string{
	"CAP_AUDIT_WRITE", "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL", "CAP_MKNOD",
	"CAP_NET_BIND_SERVICE", "CAP_NET_RAW", "CAP_SETFCAP", "CAP_SETGID", "CAP_SETPCAP", "CAP_SETUID", "CAP_SYS_CHROOT",
}

// allCapabilities in the order of their numbers in linux/capability.h, up to
// Linux 5.9, the last that brought one.
var allCapabilities = []string{
	"CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_DAC_READ_SEARCH", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL", "CAP_SETGID",
	"CAP_SETUID", "CAP_SETPCAP", "CAP_LINUX_IMMUTABLE", "CAP_NET_BIND_SERVICE", "CAP_NET_BROADCAST", "CAP_NET_ADMIN",
	"CAP_NET_RAW", "CAP_IPC_LOCK", "CAP_IPC_OWNER", "CAP_SYS_MODULE", "CAP_SYS_RAWIO", "CAP_SYS_CHROOT",
	"CAP_SYS_PTRACE", "CAP_SYS_PACCT", "CAP_SYS_ADMIN", "CAP_SYS_BOOT", "CAP_SYS_NICE", "CAP_SYS_RESOURCE",
	"CAP_SYS_TIME", "CAP_SYS_TTY_CONFIG", "CAP_MKNOD", "CAP_LEASE", "CAP_AUDIT_WRITE", "CAP_AUDIT_CONTROL",
	"CAP_SETFCAP", "CAP_MAC_OVERRIDE", "CAP_MAC_ADMIN", "CAP_SYSLOG", "CAP_WAKE_ALARM", "CAP_BLOCK_SUSPEND",
	"CAP_AUDIT_READ", "CAP_PERFMON", "CAP_BPF", "CAP_CHECKPOINT_RESTORE",
}

// grantable are the capabilities that this process can give away.
func grantable() []string {
	var all []string
	for number, name := range allCapabilities {
		held, err := unix.PrctlRetInt(unix.PR_CAPBSET_READ, uintptr(number), 0, 0, 0)
		if err == nil && held == 1 {
			all = append(all, name)
		}
	}
	return all
}

// capabilities answers what a container's root may do. Names may come with or
// without "CAP_"; "ALL" is all of them. A privileged container, and "ALL",
// get what can be granted; one that is named and can't be is an error.
func capabilities(add []string, privileged bool, grantable []string) (*specs.LinuxCapabilities, error) {
	set := slices.DeleteFunc(slices.Clone(defaultCapabilities), func(name string) bool {
		return !slices.Contains(grantable, name)
	})
	if privileged {
		set = slices.Clone(grantable)
	}
	for _, name := range add {
		name = "CAP_" + strings.TrimPrefix(strings.ToUpper(name), "CAP_")
		switch {
		case name == "CAP_ALL":
			set = append(set, grantable...)
		case !slices.Contains(allCapabilities, name):
			return nil, configError("capability %q is unknown", name)
		case !slices.Contains(grantable, name):
			return nil, configError("capability %q can't be granted: the runtime does not have it", name)
		default:
			set = append(set, name)
		}
	}
	slices.Sort(set)
	set = slices.Compact(set)
	return &specs.LinuxCapabilities{Bounding: set, Effective: set, Permitted: set}, nil
}
