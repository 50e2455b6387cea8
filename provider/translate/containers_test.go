package translate

import (
	"fmt"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"

	"github.com/ebb-node/ebb/eci"
	"github.com/ebb-node/ebb/provider/resolve"
)

const app0 = "spec.containers[0]"

func TestContainer(t *testing.T) {
	check(t, map[string]rule{
		"all plain fields": {
			pod: app(func(c *corev1.Container) {
				c.WorkingDir, c.ImagePullPolicy = "/work", corev1.PullIfNotPresent
				c.Command, c.Args = []string{"/bin/x"}, []string{"-v"}
				c.Stdin, c.StdinOnce, c.TTY = true, true, true
				c.TerminationMessagePath, c.TerminationMessagePolicy = "/dev/termination-log", corev1.TerminationMessageFallbackToLogsOnError
			}),
			want: wantApp(func(c *eci.Container) {
				c.WorkingDir, c.ImagePullPolicy = "/work", "IfNotPresent"
				c.Command, c.Args = []string{"/bin/x"}, []string{"-v"}
				c.Stdin, c.StdinOnce, c.TTY = true, true, true
				c.TerminationMessagePath, c.TerminationMessagePolicy = "/dev/termination-log", "FallbackToLogsOnError"
			}),
		},
		"what was resolved is used": {
			resolved: func(r *resolve.Resolved) {
				r.Containers["app"] = resolve.Container{Env: []eci.EnvVar{{Key: "IP", FieldPath: "status.podIP"}}, Command: []string{"c"}, Args: []string{"a"}}
				r.Credentials = []eci.RegistryCredential{{Server: "s", UserName: "u", Password: "p"}}
			},
			want: func(r *eci.CreateRequest) {
				r.Containers[0].Env = []eci.EnvVar{{Key: "IP", FieldPath: "status.podIP"}}
				r.Containers[0].Command, r.Containers[0].Args = []string{"c"}, []string{"a"}
				r.RegistryCredentials = []eci.RegistryCredential{{Server: "s", UserName: "u", Password: "p"}}
			},
		},
		"init containers": {
			pod: func(p *corev1.Pod) {
				p.Spec.InitContainers = []corev1.Container{{Name: "i", Image: "x", Command: []string{"sh"}}, {Name: "j", Image: "y"}}
			},
			want: func(r *eci.CreateRequest) {
				r.InitContainers = []eci.Container{{Name: "i", Image: "x", Command: []string{"sh"}}, {Name: "j", Image: "y"}}
			},
		},
		"no image":           {pod: app(func(c *corev1.Container) { c.Image = "" }), refused: []string{app0 + ".image"}},
		"long image":         {pod: app(func(c *corev1.Container) { c.Image = strings.Repeat("x", 256) }), refused: []string{app0 + ".image"}},
		"variable's name":    {pod: app(func(c *corev1.Container) { c.Env = []corev1.EnvVar{{Name: "OK"}, {Name: "a.b"}} }), refused: []string{app0 + ".env[1].name"}},
		"devices":            {pod: app(func(c *corev1.Container) { c.VolumeDevices = []corev1.VolumeDevice{{Name: "d"}} }), refused: []string{app0 + ".volumeDevices"}},
		"own restart policy": {pod: app(func(c *corev1.Container) { c.RestartPolicy = ptr(corev1.ContainerRestartPolicyNever) }), refused: []string{app0 + ".restartPolicy"}},
		"own restart rules": {
			pod:     app(func(c *corev1.Container) { c.RestartPolicyRules = []corev1.ContainerRestartRule{{}} }),
			refused: []string{app0 + ".restartPolicyRules"},
		},
		"20 containers": {
			pod: func(p *corev1.Pod) { addContainers(p, 19) },
			want: func(r *eci.CreateRequest) {
				for i := range 19 {
					r.Containers = append(r.Containers, eci.Container{Name: fmt.Sprintf("c%d", i), Image: "i"})
				}
			},
		},
		"21 containers": {pod: func(p *corev1.Pod) { addContainers(p, 20) }, refused: []string{"spec.containers"}},
	})
}

func addContainers(p *corev1.Pod, n int) {
	for i := range n {
		p.Spec.Containers = append(p.Spec.Containers, corev1.Container{Name: fmt.Sprintf("c%d", i), Image: "i"})
	}
}

func TestPorts(t *testing.T) {
	port := func(n int32, p corev1.Protocol) corev1.ContainerPort {
		return corev1.ContainerPort{ContainerPort: n, Protocol: p}
	}
	with := func(ports ...corev1.ContainerPort) func(*corev1.Pod) {
		return app(func(c *corev1.Container) { c.Ports = ports })
	}
	check(t, map[string]rule{
		"TCP, UDP and default": {
			pod: with(port(80, "TCP"), port(81, "UDP"), port(82, "")),
			want: wantApp(func(c *eci.Container) {
				c.Ports = []eci.Port{{Port: 80, Protocol: "TCP"}, {Port: 81, Protocol: "UDP"}, {Port: 82, Protocol: "TCP"}}
			}),
		},
		"one number for two protocols": {
			pod:  with(port(53, "UDP"), port(53, "TCP")),
			want: wantApp(func(c *eci.Container) { c.Ports = []eci.Port{{Port: 53, Protocol: "UDP"}} }),
		},
		"SCTP":      {pod: with(port(80, "SCTP")), refused: []string{app0 + ".ports[0].protocol"}},
		"reserved":  {pod: with(port(111, "TCP"), port(10250, "TCP"), port(10255, "TCP")), refused: []string{app0 + ".ports[0].containerPort", app0 + ".ports[1].containerPort", app0 + ".ports[2].containerPort"}},
		"host port": {pod: with(corev1.ContainerPort{ContainerPort: 80, HostPort: 80}), refused: []string{app0 + ".ports[0].hostPort"}},
		"of two owners": {pod: both(with(port(80, "TCP")), func(p *corev1.Pod) {
			addContainers(p, 1)
			p.Spec.Containers[1].Ports = []corev1.ContainerPort{port(80, "TCP")}
		}), refused: []string{"spec.containers[*].ports"}},
	})
}

func TestMounts(t *testing.T) {
	volume := func(p *corev1.Pod) {
		p.Spec.Volumes = []corev1.Volume{{Name: "v", VolumeSource: corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{}}}}
	}
	wantVolume := func(r *eci.CreateRequest) { r.Volumes = []eci.Volume{{Name: "v", EmptyDir: &eci.EmptyDir{}}} }
	with := func(m corev1.VolumeMount) func(*corev1.Pod) {
		return both(volume, app(func(c *corev1.Container) { c.VolumeMounts = []corev1.VolumeMount{m} }))
	}
	want := func(m eci.VolumeMount) func(*eci.CreateRequest) {
		return both(wantVolume, wantApp(func(c *eci.Container) { c.Mounts = []eci.VolumeMount{m} }))
	}
	check(t, map[string]rule{
		"plain":      {pod: with(corev1.VolumeMount{Name: "v", MountPath: "/v"}), want: want(eci.VolumeMount{Name: "v", MountPath: "/v"})},
		"sub path":   {pod: with(corev1.VolumeMount{Name: "v", MountPath: "/v", SubPath: "a/b"}), want: want(eci.VolumeMount{Name: "v", MountPath: "/v", SubPath: "a/b"})},
		"read-only":  {pod: with(corev1.VolumeMount{Name: "v", MountPath: "/v", ReadOnly: true}), want: want(eci.VolumeMount{Name: "v", MountPath: "/v", ReadOnly: true})},
		"propagated": {pod: with(corev1.VolumeMount{Name: "v", MountPath: "/v", MountPropagation: ptr(corev1.MountPropagationHostToContainer)}), want: want(eci.VolumeMount{Name: "v", MountPath: "/v", Propagation: "HostToContainer"})},
		"expanded sub path": {
			pod: with(corev1.VolumeMount{Name: "v", MountPath: "/v", SubPathExpr: "$(A)"}),
			resolved: func(r *resolve.Resolved) {
				r.Containers["app"] = resolve.Container{SubPaths: map[int]string{0: "one"}}
			},
			want: want(eci.VolumeMount{Name: "v", MountPath: "/v", SubPath: "one"}),
		},
		"recursively, if possible": {pod: with(corev1.VolumeMount{Name: "v", MountPath: "/v", ReadOnly: true, RecursiveReadOnly: ptr(corev1.RecursiveReadOnlyIfPossible)}), want: want(eci.VolumeMount{Name: "v", MountPath: "/v", ReadOnly: true})},
		"recursively":              {pod: with(corev1.VolumeMount{Name: "v", MountPath: "/v", ReadOnly: true, RecursiveReadOnly: ptr(corev1.RecursiveReadOnlyEnabled)}), refused: []string{app0 + ".volumeMounts[0].recursiveReadOnly"}},
	})
}

func TestSidecars(t *testing.T) {
	sidecar := func(name string) corev1.Container {
		return corev1.Container{Name: name, Image: "s", RestartPolicy: ptr(corev1.ContainerRestartPolicyAlways), Env: []corev1.EnvVar{{Name: "A", Value: "1"}},
			ReadinessProbe: &corev1.Probe{ProbeHandler: corev1.ProbeHandler{Exec: &corev1.ExecAction{Command: []string{"ok"}}}}}
	}
	want := func(name, priority string) eci.Container {
		return eci.Container{Name: name, Image: "s", Env: []eci.EnvVar{
			{Key: "A", Value: "1"},
			{Key: "ECI_CONTAINER_TYPE", Value: "sidecar"},
			{Key: "ECI_CONTAINER_IGNORE_EXIT_CODE", Value: "true"},
			{Key: "ECI_CONTAINER_LAUNCH_PRIORITY", Value: priority},
		}, Readiness: &eci.Probe{Handler: eci.Handler{Exec: []string{"ok"}}}}
	}
	initial := corev1.Container{Name: "i", Image: "x"}
	check(t, map[string]rule{
		"start in their order, before the containers": {
			pod: func(p *corev1.Pod) { p.Spec.InitContainers = []corev1.Container{initial, sidecar("s"), sidecar("t")} },
			want: func(r *eci.CreateRequest) {
				r.InitContainers = []eci.Container{{Name: "i", Image: "x"}}
				r.Containers = append([]eci.Container{want("s", "1000"), want("t", "999")}, r.Containers...)
			},
		},
		"restart by the pod's policy": {
			pod: func(p *corev1.Pod) {
				p.Spec.InitContainers = []corev1.Container{sidecar("s")}
				p.Spec.RestartPolicy = corev1.RestartPolicyNever
			},
			want: func(r *eci.CreateRequest) {
				r.RestartPolicy = "Never"
				r.Containers = append([]eci.Container{want("s", "1000")}, r.Containers...)
			},
			warnings: []string{ReasonSidecarEmulated},
		},
		"cannot serve an init container": {
			pod:     func(p *corev1.Pod) { p.Spec.InitContainers = []corev1.Container{sidecar("s"), initial} },
			refused: []string{"spec.initContainers[1]"},
		},
	})
}

func TestSecurity(t *testing.T) {
	context := func(sc corev1.SecurityContext) func(*corev1.Pod) {
		return app(func(c *corev1.Container) { c.SecurityContext = &sc })
	}
	pod := func(sc corev1.PodSecurityContext) func(*corev1.Pod) {
		return func(p *corev1.Pod) { p.Spec.SecurityContext = &sc }
	}
	want := func(sc eci.SecurityContext) func(*eci.CreateRequest) {
		return wantApp(func(c *eci.Container) { c.Security = sc })
	}
	caps := func(add ...corev1.Capability) corev1.SecurityContext {
		return corev1.SecurityContext{Capabilities: &corev1.Capabilities{Add: add}}
	}
	local := &corev1.SeccompProfile{Type: corev1.SeccompProfileTypeLocalhost}
	armour := &corev1.AppArmorProfile{Type: corev1.AppArmorProfileTypeLocalhost}
	ignored := []string{ReasonFieldIgnored}
	check(t, map[string]rule{
		"container": {
			pod:  context(corev1.SecurityContext{RunAsUser: ptr[int64](1), RunAsGroup: ptr[int64](2), RunAsNonRoot: ptr(true), ReadOnlyRootFilesystem: ptr(true)}),
			want: want(eci.SecurityContext{RunAsUser: ptr[int64](1), RunAsGroup: ptr[int64](2), RunAsNonRoot: ptr(true), ReadOnlyRootFilesystem: true}),
		},
		"pod": {
			pod:  pod(corev1.PodSecurityContext{RunAsUser: ptr[int64](1), RunAsGroup: ptr[int64](2), RunAsNonRoot: ptr(true)}),
			want: want(eci.SecurityContext{RunAsUser: ptr[int64](1), RunAsGroup: ptr[int64](2), RunAsNonRoot: ptr(true)}),
		},
		"container over pod": {
			pod:  both(pod(corev1.PodSecurityContext{RunAsUser: ptr[int64](1), RunAsNonRoot: ptr(true)}), context(corev1.SecurityContext{RunAsUser: ptr[int64](0), RunAsNonRoot: ptr(false)})),
			want: want(eci.SecurityContext{RunAsUser: ptr[int64](0), RunAsNonRoot: ptr(false)}),
		},
		"init containers too": {
			pod: func(p *corev1.Pod) {
				p.Spec.InitContainers = []corev1.Container{{Name: "i", Image: "x", SecurityContext: &corev1.SecurityContext{RunAsUser: ptr[int64](7)}}}
			},
			want: func(r *eci.CreateRequest) {
				r.InitContainers = []eci.Container{{Name: "i", Image: "x", Security: eci.SecurityContext{RunAsUser: ptr[int64](7)}}}
			},
		},
		"restricted, as pod security standards want it": {
			pod: both(
				pod(corev1.PodSecurityContext{SeccompProfile: &corev1.SeccompProfile{Type: corev1.SeccompProfileTypeRuntimeDefault}, SELinuxOptions: &corev1.SELinuxOptions{Level: "s0"}}),
				context(corev1.SecurityContext{AllowPrivilegeEscalation: ptr(false), Capabilities: &corev1.Capabilities{Drop: []corev1.Capability{"ALL"}, Add: []corev1.Capability{"NET_BIND_SERVICE"}}})),
		},
		"capabilities that ECI gives": {pod: context(caps("NET_ADMIN", "CAP_NET_RAW")), want: want(eci.SecurityContext{CapabilitiesAdd: []string{"NET_ADMIN", "NET_RAW"}})},
		"capabilities that all have":  {pod: context(caps("CHOWN", "kill"))},
		"capabilities ECI lacks":      {pod: context(caps("NET_ADMIN", "SYS_ADMIN", "ALL")), refused: []string{app0 + ".securityContext.capabilities.add[1]", app0 + ".securityContext.capabilities.add[2]"}},
		"privileged":                  {pod: context(corev1.SecurityContext{Privileged: ptr(true)}), refused: []string{app0 + ".securityContext.privileged"}},
		"privileged, allow-listed":    {config: Config{AllowListed: true}, pod: context(corev1.SecurityContext{Privileged: ptr(true)}), want: want(eci.SecurityContext{Privileged: ptr(true)})},
		"not privileged":              {pod: context(corev1.SecurityContext{Privileged: ptr(false)})},
		"proc mount":                  {pod: context(corev1.SecurityContext{ProcMount: ptr(corev1.UnmaskedProcMount)}), refused: []string{app0 + ".securityContext.procMount"}},
		"default proc mount":          {pod: context(corev1.SecurityContext{ProcMount: ptr(corev1.DefaultProcMount)})},
		"windows":                     {pod: context(corev1.SecurityContext{WindowsOptions: &corev1.WindowsSecurityContextOptions{}}), refused: []string{app0 + ".securityContext.windowsOptions"}},
		"windows pod":                 {pod: pod(corev1.PodSecurityContext{WindowsOptions: &corev1.WindowsSecurityContextOptions{}}), refused: []string{"spec.securityContext.windowsOptions"}},
		"own seccomp profile":         {pod: context(corev1.SecurityContext{SeccompProfile: local}), warnings: ignored},
		"own AppArmor profile":        {pod: context(corev1.SecurityContext{AppArmorProfile: armour}), warnings: ignored},
		"own profiles of the pod":     {pod: pod(corev1.PodSecurityContext{SeccompProfile: local, AppArmorProfile: armour}), warnings: []string{ReasonFieldIgnored, ReasonFieldIgnored}},
		"supplemental groups":         {pod: pod(corev1.PodSecurityContext{SupplementalGroups: []int64{1}}), refused: []string{"spec.securityContext.supplementalGroups"}},
		"strict groups":               {pod: pod(corev1.PodSecurityContext{SupplementalGroupsPolicy: ptr(corev1.SupplementalGroupsPolicyStrict)}), warnings: ignored},
		"file group":                  {pod: pod(corev1.PodSecurityContext{FSGroup: ptr[int64](1)}), warnings: ignored},
		"safe sysctls": {pod: pod(corev1.PodSecurityContext{Sysctls: []corev1.Sysctl{{Name: "net.ipv4.ip_unprivileged_port_start", Value: "0"}}}), want: func(r *eci.CreateRequest) {
			r.Sysctls = []eci.KeyValue{{Key: "net.ipv4.ip_unprivileged_port_start", Value: "0"}}
		}},
		"host sysctls": {pod: pod(corev1.PodSecurityContext{Sysctls: []corev1.Sysctl{{Name: "net/core/somaxconn", Value: "1"}, {Name: "kernel.sem", Value: "2"}, {Name: "kernel.msgmax", Value: "3"}}}), want: func(r *eci.CreateRequest) {
			r.HostSysctls = []eci.KeyValue{{Key: "net.core.somaxconn", Value: "1"}, {Key: "kernel.sem", Value: "2"}, {Key: "kernel.msgmax", Value: "3"}}
		}},
		"other sysctls": {pod: pod(corev1.PodSecurityContext{Sysctls: []corev1.Sysctl{{Name: "kernel.shm_rmid_forced"}, {Name: "vm.swappiness"}}}), refused: []string{"spec.securityContext.sysctls[0].name", "spec.securityContext.sysctls[1].name"}},
	})
}

func TestFileGroup(t *testing.T) {
	group := func(p *corev1.Pod) { p.Spec.SecurityContext = &corev1.PodSecurityContext{FSGroup: ptr[int64](1)} }
	secret := func(p *corev1.Pod) {
		p.Spec.Volumes = []corev1.Volume{{Name: "v", VolumeSource: corev1.VolumeSource{Secret: &corev1.SecretVolumeSource{}}}}
	}
	files := func(mode, own *int32) func(*resolve.Resolved) {
		return func(r *resolve.Resolved) {
			r.Files["v"] = eci.ConfigFile{DefaultMode: mode, Files: []eci.File{{Path: "f", Mode: own}}}
		}
	}
	want := func(mode, own *int32) func(*eci.CreateRequest) {
		return func(r *eci.CreateRequest) {
			r.Volumes = []eci.Volume{{Name: "v", ConfigFile: &eci.ConfigFile{DefaultMode: mode, Files: []eci.File{{Path: "f", Mode: own}}}}}
		}
	}
	const fsGroup = "spec.securityContext.fsGroup"
	ignored := []string{ReasonFieldIgnored}
	check(t, map[string]rule{
		"everybody may read":  {pod: both(group, secret), resolved: files(ptr[int32](0o644), nil), want: want(ptr[int32](0o644), nil), warnings: ignored},
		"not everybody":       {pod: both(group, secret), resolved: files(ptr[int32](0o400), nil), refused: []string{fsGroup}},
		"the file's own mode": {pod: both(group, secret), resolved: files(ptr[int32](0o644), ptr[int32](0o600)), refused: []string{fsGroup}},
		"and the other way":   {pod: both(group, secret), resolved: files(ptr[int32](0o400), ptr[int32](0o444)), want: want(ptr[int32](0o400), ptr[int32](0o444)), warnings: ignored},
		"disk": {pod: both(group, func(p *corev1.Pod) {
			p.Spec.Volumes = []corev1.Volume{{Name: "d", VolumeSource: corev1.VolumeSource{FlexVolume: &corev1.FlexVolumeSource{Driver: driverDisk}}}}
		}), refused: []string{fsGroup}},
		"disk behind a claim": {
			pod: both(group, func(p *corev1.Pod) { p.Spec.Volumes = []corev1.Volume{claimed("d")} }),
			resolved: func(r *resolve.Resolved) {
				r.Claims["d"] = csiVolume(corev1.CSIPersistentVolumeSource{Driver: csiDisk, VolumeHandle: "d-1"})
			},
			refused: []string{fsGroup},
		},
	})
}
