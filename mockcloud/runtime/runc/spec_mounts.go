package runc

import specs "github.com/opencontainers/runtime-spec/specs-go"

// What containers usually may not see or change of the kernel.
var (
	maskedPaths = []string{
		"/proc/acpi", "/proc/asound", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/sched_debug",
		"/proc/scsi", "/proc/timer_list", "/proc/timer_stats", "/sys/firmware", "/sys/devices/virtual/powercap",
	}
	readonlyPaths = []string{"/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"}
)

// systemMounts are the file systems that every container has.
func systemMounts(in specInput) []specs.Mount {
	mounts := []specs.Mount{
		{Destination: "/proc", Type: "proc", Source: "proc", Options: []string{"nosuid", "noexec", "nodev"}},
		{Destination: "/dev", Type: "tmpfs", Source: "tmpfs", Options: []string{"nosuid", "strictatime", "mode=755", "size=65536k"}},
		{Destination: "/dev/pts", Type: "devpts", Source: "devpts", Options: ptsOptions(in.rootless)},
		{Destination: "/dev/shm", Type: "tmpfs", Source: "shm", Options: []string{"nosuid", "noexec", "nodev", "mode=1777", "size=65536k"}},
		{Destination: "/dev/mqueue", Type: "mqueue", Source: "mqueue", Options: []string{"nosuid", "noexec", "nodev"}},
		{Destination: "/sys", Type: "sysfs", Source: "sysfs", Options: sysOptions(in.container.Privileged)},
	}
	if in.cgroup != "" {
		mounts = append(mounts, specs.Mount{Destination: "/sys/fs/cgroup", Type: "cgroup", Source: "cgroup",
			Options: append(sysOptions(in.container.Privileged), "relatime")})
	}
	return mounts
}

// ptsOptions give terminals to the group "tty" (5), which a user namespace
// with one group does not have.
func ptsOptions(rootless bool) []string {
	options := []string{"nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620"}
	if !rootless {
		options = append(options, "gid=5")
	}
	return options
}

func sysOptions(privileged bool) []string {
	options := []string{"nosuid", "noexec", "nodev"}
	if !privileged {
		options = append(options, "ro")
	}
	return options
}

// bind shows a file or directory of the machine in a container.
func bind(source, destination string, readOnly bool) specs.Mount {
	options := []string{"rbind", "rprivate"}
	if readOnly {
		options = append(options, "ro")
	}
	return specs.Mount{Destination: destination, Type: "bind", Source: source, Options: options}
}
