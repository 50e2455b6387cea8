package eci

import (
	"encoding/base64"
	"net/netip"
	"strings"
	"time"

	"github.com/ebb-node/ebb/mockcloud/runtime"
)

// gib is bytes per GiB.
const gib = 1 << 30

// runtimeGroup is what the runtime gets to run.
func (g *group) runtimeGroup() runtime.Group {
	r := g.request
	hostname := r.HostName
	if hostname == "" {
		hostname = r.ContainerGroupName
	}
	spec := runtime.Group{
		ID: g.id, Name: r.ContainerGroupName, Hostname: hostname, IP: g.ip,
		CPU: g.size.cpu, MemoryBytes: int64(g.size.memory * gib),
		RestartPolicy:  orDefault(r.RestartPolicy, "Always"),
		ActiveDeadline: time.Duration(deref(r.ActiveDeadlineSeconds)) * time.Second,
		ShareProcesses: r.ShareProcessNamespace,
		NameServers:    r.DnsConfig.NameServer, Searches: r.DnsConfig.Search,
		PlainRegistry: splitList(r.PlainHttpRegistry),
	}
	for _, c := range r.InitContainer {
		spec.InitContainers = append(spec.InitContainers, c.runtimeContainer(g.ip))
	}
	for _, c := range r.Container {
		spec.Containers = append(spec.Containers, c.runtimeContainer(g.ip))
	}
	for _, v := range r.Volume {
		spec.Volumes = append(spec.Volumes, v.runtimeVolume())
	}
	r.addHost(&spec)
	return spec
}

// addHost adds what concerns the whole group: names, sysctls, credentials.
func (r *createRequest) addHost(spec *runtime.Group) {
	for _, o := range r.DnsConfig.Option {
		option := o.Name
		if o.Value != "" {
			option += ":" + o.Value
		}
		spec.DNSOptions = append(spec.DNSOptions, option)
	}
	for _, a := range r.HostAliase {
		spec.HostAliases = append(spec.HostAliases, runtime.HostAlias{IP: a.Ip, Names: a.Hostname})
	}
	for _, s := range r.SecurityContext.Sysctl {
		if spec.Sysctls == nil {
			spec.Sysctls = map[string]string{}
		}
		spec.Sysctls[s.Name] = s.Value
	}
	for _, c := range r.ImageRegistryCredential {
		spec.Credentials = append(spec.Credentials, runtime.Credential(c))
	}
}

func (c *initContainerRequest) runtimeContainer(ip netip.Addr) runtime.Container {
	rc := runtime.Container{
		Name: c.Name, Image: c.Image, PullPolicy: orDefault(c.ImagePullPolicy, "IfNotPresent"),
		Command: c.Command, Args: c.Arg, WorkingDir: c.WorkingDir,
		CPU: deref(c.Cpu), MemoryBytes: int64(deref(c.Memory) * gib),
		RunAsUser: c.SecurityContext.RunAsUser, RunAsGroup: c.SecurityContextRunAsGroup,
		RunAsNonRoot: c.SecurityContextRunAsNonRoot, Privileged: c.SecurityContextPrivileged,
		ReadOnlyRoot:             c.SecurityContext.ReadOnlyRootFilesystem,
		AddCapabilities:          c.SecurityContext.Capability.Add,
		TerminationMessagePath:   c.TerminationMessagePath,
		TerminationMessagePolicy: orDefault(c.TerminationMessagePolicy, "File"),
	}
	for _, e := range c.EnvironmentVar {
		value := e.Value
		if e.FieldRef.FieldPath == "status.podIP" {
			value = ip.String()
		}
		rc.Env = append(rc.Env, e.Key+"="+value)
	}
	for _, m := range c.VolumeMount {
		rc.Mounts = append(rc.Mounts, runtime.Mount{Volume: m.Name, Path: m.MountPath, SubPath: m.SubPath, ReadOnly: m.ReadOnly})
	}
	return rc
}

func (c *containerRequest) runtimeContainer(ip netip.Addr) runtime.Container {
	rc := c.initContainerRequest.runtimeContainer(ip)
	rc.TTY, rc.Stdin = c.Tty, c.Stdin
	rc.Liveness, rc.Readiness = c.LivenessProbe.runtimeProbe(), c.ReadinessProbe.runtimeProbe()
	rc.PostStart, rc.PreStop = c.postStart().runtimeHandler(), c.preStop().runtimeHandler()
	return rc
}

// runtimeVolume makes disks and remote directories empty ones: the mock has
// no storage service behind it.
func (v *volumeRequest) runtimeVolume() runtime.Volume {
	rv := runtime.Volume{Name: v.Name}
	rv.Memory = strings.EqualFold(v.EmptyDirVolume.Medium, "memory")
	rv.Size, _ = parseQuantity(v.EmptyDirVolume.SizeLimit)
	rv.Mode, _ = parseMode(v.ConfigFileVolume.DefaultMode)
	if v.Type == "ConfigFileVolume" && rv.Mode == 0 {
		rv.Mode = 0o644 // Kubernetes' default for such volumes
	}
	for _, f := range v.ConfigFileVolume.ConfigFileToPath {
		content, _ := base64.StdEncoding.DecodeString(f.Content)
		mode, _ := parseMode(f.Mode)
		rv.Files = append(rv.Files, runtime.File{Path: f.Path, Mode: mode, Content: content})
	}
	return rv
}

func orDefault(value, standard string) string {
	if value == "" {
		return standard
	}
	return value
}
