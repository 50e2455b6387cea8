package mockcloud_test

import (
	"errors"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/ebb-node/ebb/mockcloud"
	"github.com/ebb-node/ebb/mockcloud/clock"
	"github.com/ebb-node/ebb/mockcloud/internal/wire"
	"github.com/ebb-node/ebb/mockcloud/runtime"
	"github.com/ebb-node/ebb/mockcloud/runtime/simulated"
)

// puppet is a runtime that shows what it is asked for.
type puppet struct {
	runtime.Runtime
	start   func(runtime.Group, func(runtime.Status)) error
	stopped chan time.Duration
	removed chan string
}

func newPuppet(t *testing.T) *puppet {
	k := clock.New(nil, 1)
	t.Cleanup(k.Close)
	return &puppet{
		Runtime: simulated.New(k, simulated.Config{}),
		stopped: make(chan time.Duration, 10), removed: make(chan string, 10),
	}
}

func (p *puppet) Start(g runtime.Group, observe func(runtime.Status)) error {
	return p.start(g, observe)
}
func (p *puppet) Stop(_ string, grace time.Duration) { p.stopped <- grace }
func (p *puppet) Remove(id string) error             { p.removed <- id; return nil }

func TestTheRuntimeGetsWhatWasAskedFor(t *testing.T) {
	p := newPuppet(t)
	var got runtime.Group
	p.start = func(g runtime.Group, _ func(runtime.Status)) error { got = g; return nil }
	b := newBench(t, mockcloud.Config{Runtime: p})
	id := b.create(
		"Cpu", "2", "Memory", "4", "RestartPolicy", "OnFailure", "ActiveDeadlineSeconds", "60", "ShareProcessNamespace", "true", "HostName", "host",
		"Container.1.Command.1", "/app", "Container.1.Arg.1", "-x", "Container.1.WorkingDir", "/w", "Container.1.ImagePullPolicy", "Always",
		"Container.1.Cpu", "0.5", "Container.1.Memory", "0.25", "Container.1.Tty", "true", "Container.1.Stdin", "true",
		"Container.1.EnvironmentVar.1.Key", "A", "Container.1.EnvironmentVar.1.Value", "1", "Container.1.EnvironmentVar.2.Key", "B",
		"Container.1.VolumeMount.1.Name", "files", "Container.1.VolumeMount.1.MountPath", "/f", "Container.1.VolumeMount.1.SubPath", "s", "Container.1.VolumeMount.1.ReadOnly", "true",
		"Container.1.SecurityContext.RunAsUser", "1000", "Container.1.SecurityContextRunAsGroup", "2000", "Container.1.SecurityContextRunAsNonRoot", "true",
		"Container.1.SecurityContext.ReadOnlyRootFilesystem", "true", "Container.1.SecurityContext.Capability.Add.1", "NET_ADMIN",
		"Container.1.LivenessProbe.Exec.Command.1", "true", "Container.1.LivenessProbe.InitialDelaySeconds", "7",
		"Container.1.ReadinessProbe.HttpGet.Port", "80", "Container.1.ReadinessProbe.HttpGet.Path", "/h", "Container.1.ReadinessProbe.SuccessThreshold", "2",
		"Container.1.LifecyclePostStartHandlerTcpSocketPort", "81", "Container.1.LifecyclePostStartHandlerTcpSocketHost", "h",
		"Container.1.LifecyclePreStopHandlerHttpGetPort", "82", "Container.1.LifecyclePreStopHandlerHttpGetScheme", "HTTPS",
		"Container.1.LifecyclePreStopHandlerHttpGetHttpHeader.1.Name", "X", "Container.1.LifecyclePreStopHandlerHttpGetHttpHeader.1.Value", "y",
		"Container.1.TerminationMessagePath", "/t", "Container.1.TerminationMessagePolicy", "FallbackToLogsOnError",
		"InitContainer.1.Name", "init", "InitContainer.1.Image", "busybox",
		"Volume.1.Name", "files", "Volume.1.Type", "ConfigFileVolume", "Volume.1.ConfigFileVolume.ConfigFileToPath.1.Path", "a/b",
		"Volume.1.ConfigFileVolume.ConfigFileToPath.1.Content", "aGk=", "Volume.1.ConfigFileVolume.ConfigFileToPath.1.Mode", "0600",
		"Volume.2.Name", "scratch", "Volume.2.Type", "EmptyDirVolume", "Volume.2.EmptyDirVolume.Medium", "memory", "Volume.2.EmptyDirVolume.SizeLimit", "1.5Mi",
		"Volume.3.Name", "modes", "Volume.3.Type", "ConfigFileVolume", "Volume.3.ConfigFileVolume.DefaultMode", "0400",
		"DnsConfig.NameServer.1", "10.0.0.10", "DnsConfig.Search.1", "svc", "DnsConfig.Option.1.Name", "ndots", "DnsConfig.Option.1.Value", "5", "DnsConfig.Option.2.Name", "edns0",
		"HostAliase.1.Ip", "10.0.0.9", "HostAliase.1.Hostname.1", "h", "PlainHttpRegistry", "a:5000, b:5000",
		"SecurityContext.Sysctl.1.Name", "net.ipv4.ip_unprivileged_port_start", "SecurityContext.Sysctl.1.Value", "0",
		"ImageRegistryCredential.1.Server", "r", "ImageRegistryCredential.1.UserName", "u", "ImageRegistryCredential.1.Password", "p",
	)
	b.server.Advance(s)
	user, userGroup := int64(1000), int64(2000)
	want := runtime.Group{
		ID: id, Name: "web", Hostname: "host", CPU: 2, MemoryBytes: 4 << 30,
		RestartPolicy: "OnFailure", ActiveDeadline: time.Minute, ShareProcesses: true,
		InitContainers: []runtime.Container{{Name: "init", Image: "busybox", PullPolicy: "IfNotPresent", TerminationMessagePolicy: "File"}},
		Containers: []runtime.Container{{
			Name: "app", Image: "nginx", PullPolicy: "Always", Command: []string{"/app"}, Args: []string{"-x"}, WorkingDir: "/w",
			Env:    []string{"A=1", "B="},
			Mounts: []runtime.Mount{{Volume: "files", Path: "/f", SubPath: "s", ReadOnly: true}},
			CPU:    0.5, MemoryBytes: 256 << 20, TTY: true, Stdin: true,
			RunAsUser: &user, RunAsGroup: &userGroup, RunAsNonRoot: true, ReadOnlyRoot: true, AddCapabilities: []string{"NET_ADMIN"},
			Liveness: &runtime.Probe{
				Handler: runtime.Handler{Exec: []string{"true"}}, InitialDelay: 7 * s, Period: 10 * s, Timeout: s, SuccessThreshold: 1, FailureThreshold: 3,
			},
			Readiness: &runtime.Probe{
				Handler: runtime.Handler{HTTP: &runtime.HTTPGet{Path: "/h", Port: 80, Scheme: "HTTP"}},
				Period:  10 * s, Timeout: s, SuccessThreshold: 2, FailureThreshold: 3,
			},
			PostStart:              &runtime.Handler{TCP: &runtime.TCPSocket{Host: "h", Port: 81}},
			PreStop:                &runtime.Handler{HTTP: &runtime.HTTPGet{Port: 82, Scheme: "HTTPS", Headers: map[string]string{"X": "y"}}},
			TerminationMessagePath: "/t", TerminationMessagePolicy: "FallbackToLogsOnError",
		}},
		Volumes: []runtime.Volume{
			{Name: "files", Mode: 0o644, Files: []runtime.File{{Path: "a/b", Mode: 0o600, Content: []byte("hi")}}},
			{Name: "scratch", Memory: true, Size: 3 << 19},
			{Name: "modes", Mode: 0o400},
		},
		NameServers: []string{"10.0.0.10"}, Searches: []string{"svc"}, DNSOptions: []string{"ndots:5", "edns0"},
		HostAliases:   []runtime.HostAlias{{IP: "10.0.0.9", Names: []string{"h"}}},
		Sysctls:       map[string]string{"net.ipv4.ip_unprivileged_port_start": "0"},
		Credentials:   []runtime.Credential{{Server: "r", UserName: "u", Password: "p"}},
		PlainRegistry: []string{"a:5000", "b:5000"},
	}
	ignoreIP := cmpopts.IgnoreFields(runtime.Group{}, "IP")
	if diff := cmp.Diff(want, got, ignoreIP, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("group (-want +got):\n%s", diff)
	}
	if got.IP.String() != b.group(id).IntranetIp {
		t.Errorf("address %s, told %s", got.IP, b.group(id).IntranetIp)
	}
}

func TestAGroupThatTheRuntimeRefusesFails(t *testing.T) {
	p := newPuppet(t)
	p.start = func(runtime.Group, func(runtime.Status)) error { return errors.New("no room") }
	b := newBench(t, mockcloud.Config{Runtime: p})
	id := b.create()
	b.server.Advance(s)
	g := b.group(id)
	if g.Status != "Failed" || !slices.Contains(slices.Collect(maps.Keys(g.reasons())), "Failed") {
		t.Errorf("group %+v", g)
	}
}

// TestADeleteWhileTheRuntimeAccepts finds the gap between the decision to
// start a group and the runtime's knowing of it.
func TestADeleteWhileTheRuntimeAccepts(t *testing.T) {
	for _, force := range []string{"false", "true"} {
		p := newPuppet(t)
		b := newBench(t, mockcloud.Config{Runtime: p})
		var id string
		p.start = func(g runtime.Group, _ func(runtime.Status)) error {
			call[struct{}](b, "DeleteContainerGroup", wire.Params{"ContainerGroupId": id, "Force": force})
			for len(p.stopped) > 0 { // came too early: the runtime does not know the group yet
				<-p.stopped
			}
			if len(p.removed) > 0 {
				t.Error("removed before it was accepted")
			}
			return nil
		}
		id = b.create("TerminationGracePeriodSeconds", "7")
		b.server.Advance(s)
		if force == "true" {
			if got := <-p.removed; got != id {
				t.Errorf("removed %s", got)
			}
		} else if grace := <-p.stopped; grace != 7*s {
			t.Errorf("stopped with %v", grace)
		}
	}
}
