package runc

import (
	"math"
	"path/filepath"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	specs "github.com/opencontainers/runtime-spec/specs-go"

	"github.com/ebb-node/ebb/mockcloud/runtime"
)

// specInput is all that a container's spec depends on.
type specInput struct {
	group      runtime.Group
	container  runtime.Container
	image      v1.Config
	account    account
	rootfs     string            // writable view of the image, relative to the bundle
	namespaces map[string]string // kind -> path, for those that are shared
	mounts     []specs.Mount     // volumes and the group's own files
	cgroup     string            // path; empty: none
	version    int               // of cgroups
	rootless   bool
	grantable  []string // capabilities
}

// ociVersion is the oldest that has all we use and every runc since 1.0 reads.
const ociVersion = "1.0.2"

// buildSpec makes the OCI configuration of a container.
func buildSpec(in specInput) (*specs.Spec, error) {
	process, err := buildProcess(in)
	if err != nil {
		return nil, err
	}
	spec := &specs.Spec{
		Version:  ociVersion,
		Hostname: hostname(in.group),
		Process:  process,
		Root:     &specs.Root{Path: in.rootfs, Readonly: in.container.ReadOnlyRoot},
		Mounts:   append(systemMounts(in), in.mounts...),
		Linux: &specs.Linux{
			Namespaces:  namespaces(in),
			Sysctl:      in.group.Sysctls,
			CgroupsPath: in.cgroup,
			Resources:   resources(in),
		},
	}
	if !in.container.Privileged {
		spec.Linux.MaskedPaths, spec.Linux.ReadonlyPaths = maskedPaths, readonlyPaths
	}
	return spec, nil
}

func hostname(g runtime.Group) string {
	switch {
	case g.Hostname != "":
		return g.Hostname
	case g.Name != "":
		return g.Name
	default:
		return g.ID
	}
}

// namespaces of a container: the group's, and its own for the rest.
func namespaces(in specInput) []specs.LinuxNamespace {
	kinds := []struct {
		kind specs.LinuxNamespaceType
		name string
	}{
		{specs.NetworkNamespace, "net"}, {specs.UTSNamespace, "uts"}, {specs.IPCNamespace, "ipc"},
		{specs.PIDNamespace, "pid"}, {specs.MountNamespace, "mnt"},
	}
	var all []specs.LinuxNamespace
	for _, k := range kinds {
		all = append(all, specs.LinuxNamespace{Type: k.kind, Path: in.namespaces[k.name]})
	}
	if in.version == 2 {
		all = append(all, specs.LinuxNamespace{Type: specs.CgroupNamespace})
	}
	return all
}

// resources bound a container within its group.
func resources(in specInput) *specs.LinuxResources {
	if in.cgroup == "" {
		return nil
	}
	r := &specs.LinuxResources{
		Devices: []specs.LinuxDeviceCgroup{{Allow: in.container.Privileged, Access: "rwm"}},
	}
	if memory := in.container.MemoryBytes; memory > 0 {
		r.Memory = &specs.LinuxMemory{Limit: &memory}
	}
	if in.version == 2 {
		// A container out of memory ends as a whole, as under a kubelet.
		r.Unified = map[string]string{"memory.oom.group": "1"}
	}
	if in.container.CPU > 0 {
		r.CPU = containerCPU(in.container.CPU, in.group.CPU)
	}
	return r
}

// containerCPU is a container's share and its bound.
func containerCPU(container, group float64) *specs.LinuxCPU {
	// A vCPU counts 1024 shares, the least is 2.
	// https://www.kernel.org/doc/html/latest/scheduler/sched-design-CFS.html
	shares := uint64(math.Max(2, container*1024))
	cpu := &specs.LinuxCPU{Shares: &shares}
	q, period := quota(limitWithin(container, group)).Microseconds(), uint64(cpuPeriod.Microseconds())
	cpu.Quota, cpu.Period = &q, &period
	return cpu
}

// namespacePaths are the files that hold a group's namespaces.
func namespacePaths(dir string) map[string]string {
	paths := map[string]string{}
	for _, ns := range sharedNamespaces {
		paths[ns.name] = filepath.Join(dir, ns.name)
	}
	return paths
}
