package eci

import (
	"encoding/base64"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func ptr[T any](v T) *T { return &v }

// Each row sets fields of one topic and names every parameter that must come
// of them, and no other.
func TestFlatten(t *testing.T) {
	tests := []struct {
		name string
		in   CreateRequest
		want params
	}{
		{name: "nothing is sent for zero values", want: params{}},
		{
			name: "group",
			in: CreateRequest{
				ClientToken: "uid-1", Name: "web", ZoneID: "z", VSwitchIDs: []string{"v1", "v2"},
				SecurityGroupID: "sg", ResourceGroupID: "rg", RAMRoleName: "role", RestartPolicy: "Never",
				TerminationGracePeriod: ptr(int64(0)), ActiveDeadline: ptr(int64(60)), ShareProcessNamespace: true,
				Tags: []KeyValue{{"a", "1"}, {"empty", ""}},
			},
			want: params{
				"ClientToken": "uid-1", "ContainerGroupName": "web", "ZoneId": "z", "VSwitchId": "v1,v2",
				"SecurityGroupId": "sg", "ResourceGroupId": "rg", "RamRoleName": "role", "RestartPolicy": "Never",
				"TerminationGracePeriodSeconds": "0", "ActiveDeadlineSeconds": "60", "ShareProcessNamespace": "true",
				"Tag.1.Key": "a", "Tag.1.Value": "1", "Tag.2.Key": "empty",
			},
		},
		{
			name: "machine",
			in: CreateRequest{
				CPU: 0.25, Memory: 0.5, InstanceTypes: []string{"ecs.t6-c1m1.large", "ecs.c6.large"},
				SpotStrategy: "SpotWithPriceLimit", SpotPriceLimit: 0.1, SpotDuration: ptr(0), EphemeralStorage: 20,
			},
			want: params{
				"Cpu": "0.25", "Memory": "0.5", "InstanceType": "ecs.t6-c1m1.large,ecs.c6.large",
				"SpotStrategy": "SpotWithPriceLimit", "SpotPriceLimit": "0.1", "SpotDuration": "0", "EphemeralStorage": "20",
			},
		},
		{
			name: "network",
			in: CreateRequest{
				DNSPolicy: "None", HostName: "h",
				DNS: DNSConfig{
					NameServers: []string{"10.0.0.10", "10.0.0.11"}, Searches: []string{"svc.local"},
					Options: []KeyValue{{"ndots", "5"}, {"use-vc", ""}},
				},
				HostAliases: []HostAlias{{IP: "1.2.3.4", Hostnames: []string{"a", "b"}}},
				Sysctls:     []KeyValue{{"net.ipv4.ping_group_range", "0 10"}},
				HostSysctls: []KeyValue{{"kernel.shmmax", "1"}},
			},
			want: params{
				"DnsPolicy": "None", "HostName": "h", "DnsConfig.NameServer.1": "10.0.0.10", "DnsConfig.NameServer.2": "10.0.0.11",
				"DnsConfig.Search.1": "svc.local", "DnsConfig.Option.1.Name": "ndots", "DnsConfig.Option.1.Value": "5",
				"DnsConfig.Option.2.Name": "use-vc", "HostAliase.1.Ip": "1.2.3.4", "HostAliase.1.Hostname.1": "a",
				"HostAliase.1.Hostname.2": "b", "SecurityContext.Sysctl.1.Name": "net.ipv4.ping_group_range",
				"SecurityContext.Sysctl.1.Value": "0 10", "HostSecurityContext.Sysctl.1.Name": "kernel.shmmax",
				"HostSecurityContext.Sysctl.1.Value": "1",
			},
		},
		{
			name: "registry credentials",
			in:   CreateRequest{RegistryCredentials: []RegistryCredential{{"r1", "u", "p"}, {"r2", "v", "q"}}},
			want: params{
				"ImageRegistryCredential.1.Server": "r1", "ImageRegistryCredential.1.UserName": "u", "ImageRegistryCredential.1.Password": "p",
				"ImageRegistryCredential.2.Server": "r2", "ImageRegistryCredential.2.UserName": "v", "ImageRegistryCredential.2.Password": "q",
			},
		},
		{
			name: "extra",
			in:   CreateRequest{Extra: map[string]string{"AutoMatchImageCache": "true", "Empty": ""}},
			want: params{"AutoMatchImageCache": "true", "Empty": ""},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, flatten(&tt.in)); diff != "" {
				t.Errorf("(-want +got): %s", diff)
			}
		})
	}
}

func TestFlattenContainers(t *testing.T) {
	tests := []struct {
		name string
		in   Container
		want params // without "Container.1"
	}{
		{
			name: "basics",
			in: Container{
				Name: "c", Image: "i", Command: []string{"sh", "", "x y"}, Args: []string{"-c"}, WorkingDir: "/w",
				ImagePullPolicy: "Always", CPU: 1.5, Memory: 0.1, GPU: 1, Stdin: true, StdinOnce: true, TTY: true,
				TerminationMessagePath: "/t", TerminationMessagePolicy: "File",
			},
			want: params{
				".Name": "c", ".Image": "i", ".Command.1": "sh", ".Command.2": "", ".Command.3": "x y", ".Arg.1": "-c",
				".WorkingDir": "/w", ".ImagePullPolicy": "Always", ".Cpu": "1.5", ".Memory": "0.1", ".Gpu": "1",
				".Stdin": "true", ".StdinOnce": "true", ".Tty": "true",
				".TerminationMessagePath": "/t", ".TerminationMessagePolicy": "File",
			},
		},
		{
			name: "environment",
			in:   Container{Env: []EnvVar{{Key: "A", Value: "1"}, {Key: "EMPTY"}, {Key: "IP", FieldPath: "status.podIP"}}},
			want: params{
				".EnvironmentVar.1.Key": "A", ".EnvironmentVar.1.Value": "1",
				".EnvironmentVar.2.Key": "EMPTY", ".EnvironmentVar.2.Value": "",
				".EnvironmentVar.3.Key": "IP", ".EnvironmentVar.3.FieldRef.FieldPath": "status.podIP",
			},
		},
		{
			name: "ports and mounts",
			in: Container{
				Ports:  []Port{{Port: 80, Protocol: "TCP"}, {Port: 53, Protocol: "UDP"}},
				Mounts: []VolumeMount{{Name: "v", MountPath: "/m", SubPath: "s", ReadOnly: true, Propagation: "Bidirectional"}, {Name: "w", MountPath: "/n"}},
			},
			want: params{
				".Port.1.Port": "80", ".Port.1.Protocol": "TCP", ".Port.2.Port": "53", ".Port.2.Protocol": "UDP",
				".VolumeMount.1.Name": "v", ".VolumeMount.1.MountPath": "/m", ".VolumeMount.1.SubPath": "s",
				".VolumeMount.1.ReadOnly": "true", ".VolumeMount.1.MountPropagation": "Bidirectional",
				".VolumeMount.2.Name": "w", ".VolumeMount.2.MountPath": "/n",
			},
		},
		{
			name: "probes",
			in: Container{
				Liveness:  &Probe{Handler: Handler{Exec: []string{"cat", "/x"}}, InitialDelaySeconds: 1, PeriodSeconds: 2, TimeoutSeconds: 3, SuccessThreshold: 1, FailureThreshold: 4},
				Readiness: &Probe{Handler: Handler{HTTPGet: &HTTPGet{Path: "/ok", Port: 8080, Scheme: "HTTPS"}}},
			},
			want: params{
				".LivenessProbe.Exec.Command.1": "cat", ".LivenessProbe.Exec.Command.2": "/x", ".LivenessProbe.InitialDelaySeconds": "1",
				".LivenessProbe.PeriodSeconds": "2", ".LivenessProbe.TimeoutSeconds": "3", ".LivenessProbe.SuccessThreshold": "1",
				".LivenessProbe.FailureThreshold": "4", ".ReadinessProbe.HttpGet.Path": "/ok", ".ReadinessProbe.HttpGet.Port": "8080",
				".ReadinessProbe.HttpGet.Scheme": "HTTPS",
			},
		},
		{
			name: "TCP probe",
			in:   Container{Readiness: &Probe{Handler: Handler{TCPSocket: &TCPSocket{Port: 6379}}}},
			want: params{".ReadinessProbe.TcpSocket.Port": "6379"},
		},
		{
			name: "hooks",
			in: Container{
				PostStart: &Handler{HTTPGet: &HTTPGet{Host: "h", Path: "/p", Port: 80, Scheme: "HTTP", Headers: []KeyValue{{"X", "1"}}}},
				PreStop:   &Handler{Exec: []string{"sleep", "5"}},
			},
			want: params{
				".LifecyclePostStartHandlerHttpGetHost": "h", ".LifecyclePostStartHandlerHttpGetPath": "/p",
				".LifecyclePostStartHandlerHttpGetPort": "80", ".LifecyclePostStartHandlerHttpGetScheme": "HTTP",
				".LifecyclePostStartHandlerHttpGetHttpHeader.1.Name": "X", ".LifecyclePostStartHandlerHttpGetHttpHeader.1.Value": "1",
				".LifecyclePreStopHandlerExec.1": "sleep", ".LifecyclePreStopHandlerExec.2": "5",
			},
		},
		{
			name: "TCP hook",
			in:   Container{PreStop: &Handler{TCPSocket: &TCPSocket{Host: "h", Port: 1}}},
			want: params{".LifecyclePreStopHandlerTcpSocketHost": "h", ".LifecyclePreStopHandlerTcpSocketPort": "1"},
		},
		{
			name: "security",
			in: Container{Security: SecurityContext{
				RunAsUser: ptr(int64(0)), RunAsGroup: ptr(int64(7)), RunAsNonRoot: ptr(false), Privileged: ptr(true),
				ReadOnlyRootFilesystem: true, CapabilitiesAdd: []string{"NET_ADMIN", "NET_RAW"},
			}},
			want: params{
				".SecurityContext.RunAsUser": "0", ".SecurityContextRunAsGroup": "7", ".SecurityContextRunAsNonRoot": "false",
				".SecurityContextPrivileged": "true", ".SecurityContext.ReadOnlyRootFilesystem": "true",
				".SecurityContext.Capability.Add.1": "NET_ADMIN", ".SecurityContext.Capability.Add.2": "NET_RAW",
			},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, kind := range []string{"Container", "InitContainer"} {
				r := CreateRequest{Containers: []Container{tt.in}}
				if kind == "InitContainer" {
					r = CreateRequest{InitContainers: []Container{tt.in}}
				}
				if diff := cmp.Diff(prefixed(kind+".1", tt.want), flatten(&r)); diff != "" {
					t.Errorf("(-want +got): %s", diff)
				}
			}
		})
	}
}

func prefixed(prefix string, p params) params {
	out := params{}
	for name, value := range p {
		out[prefix+name] = value
	}
	return out
}

func TestFlattenVolumes(t *testing.T) {
	tests := []struct {
		name string
		in   Volume
		want params // without "Volume.1"
	}{
		{"empty dir", Volume{Name: "v", EmptyDir: &EmptyDir{}}, params{".Name": "v", ".Type": "EmptyDirVolume"}},
		{
			"memory", Volume{Name: "v", EmptyDir: &EmptyDir{Medium: "memory", SizeLimit: "256Mi"}},
			params{".Name": "v", ".Type": "EmptyDirVolume", ".EmptyDirVolume.Medium": "memory", ".EmptyDirVolume.SizeLimit": "256Mi"},
		},
		{
			"config files",
			Volume{Name: "v", ConfigFile: &ConfigFile{DefaultMode: ptr(int32(0o644)), Files: []File{
				{Path: "a/b", Content: []byte("hello\n")}, {Path: "empty", Mode: ptr(int32(0o4))}, {Path: "run", Mode: ptr(int32(0o1777))},
			}}},
			params{
				".Name": "v", ".Type": "ConfigFileVolume", ".ConfigFileVolume.DefaultMode": "0644",
				".ConfigFileVolume.ConfigFileToPath.1.Path": "a/b", ".ConfigFileVolume.ConfigFileToPath.1.Content": "aGVsbG8K",
				".ConfigFileVolume.ConfigFileToPath.2.Path": "empty", ".ConfigFileVolume.ConfigFileToPath.2.Content": "", ".ConfigFileVolume.ConfigFileToPath.2.Mode": "0004",
				".ConfigFileVolume.ConfigFileToPath.3.Path": "run", ".ConfigFileVolume.ConfigFileToPath.3.Content": "", ".ConfigFileVolume.ConfigFileToPath.3.Mode": "1777",
			},
		},
		{
			"NFS", Volume{Name: "v", NFS: &NFS{Server: "s", Path: "/p"}},
			params{".Name": "v", ".Type": "NFSVolume", ".NFSVolume.Server": "s", ".NFSVolume.Path": "/p", ".NFSVolume.ReadOnly": "false"},
		},
		{
			"flex", Volume{Name: "v", Flex: &Flex{Driver: "alicloud/disk", FSType: "xfs", Options: map[string]string{"volumeSize": "20", "deleteWithInstance": "true"}}},
			params{
				".Name": "v", ".Type": "FlexVolume", ".FlexVolume.Driver": "alicloud/disk", ".FlexVolume.FsType": "xfs",
				".FlexVolume.Options": `{"deleteWithInstance":"true","volumeSize":"20"}`,
			},
		},
		{
			"host path", Volume{Name: "v", HostPath: &HostPath{Path: "/p", Type: "Directory"}},
			params{".Name": "v", ".Type": "HostPathVolume", ".HostPathVolume.Path": "/p", ".HostPathVolume.Type": "Directory"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(prefixed("Volume.1", tt.want), flatten(&CreateRequest{Volumes: []Volume{tt.in}})); diff != "" {
				t.Errorf("(-want +got): %s", diff)
			}
		})
	}
}

func TestFlattenNumbersEveryMember(t *testing.T) {
	p := flatten(&CreateRequest{
		Containers: []Container{{Name: "a"}, {Name: "b", Env: []EnvVar{{Key: "K", Value: "V"}}}},
		Volumes:    []Volume{{Name: "v"}, {Name: "w", ConfigFile: &ConfigFile{Files: []File{{Path: "f", Content: []byte{0xff, 0}}}}}},
	})
	want := params{
		"Container.1.Name": "a", "Container.2.Name": "b", "Container.2.EnvironmentVar.1.Key": "K", "Container.2.EnvironmentVar.1.Value": "V",
		"Volume.1.Name": "v", "Volume.2.Name": "w", "Volume.2.Type": "ConfigFileVolume",
		"Volume.2.ConfigFileVolume.ConfigFileToPath.1.Path":    "f",
		"Volume.2.ConfigFileVolume.ConfigFileToPath.1.Content": base64.StdEncoding.EncodeToString([]byte{0xff, 0}),
	}
	if diff := cmp.Diff(want, p); diff != "" {
		t.Errorf("(-want +got): %s", diff)
	}
}

func TestDecimal(t *testing.T) {
	for v, want := range map[float64]string{
		1: "1", 10: "10", 100: "100", 0.25: "0.25", 0.1 + 0.2: "0.3", 2.5: "2.5", 100.0 / 1024: "0.097656", 64: "64",
	} {
		if got := decimal(v); got != want {
			t.Errorf("decimal(%v) = %s, want %s", v, got, want)
		}
	}
}

// Every value that flatten writes from something a user hides must be known as
// secret to the error texts.
func TestSecretParameters(t *testing.T) {
	const hidden = "hunter22"
	p := flatten(&CreateRequest{
		Name: "n", RegistryCredentials: []RegistryCredential{{"s", "u", hidden}},
		Containers: []Container{{
			Env:     []EnvVar{{Key: "K", Value: hidden}},
			PreStop: &Handler{HTTPGet: &HTTPGet{Headers: []KeyValue{{"Authorization", hidden}}}},
		}},
		Volumes: []Volume{
			{ConfigFile: &ConfigFile{Files: []File{{Path: "f", Content: []byte(hidden)}}}},
			{Flex: &Flex{Options: map[string]string{"akSecret": hidden}}},
		},
	})
	found := 0
	for name, value := range p {
		holds := value == hidden || value == base64.StdEncoding.EncodeToString([]byte(hidden)) || value == `{"akSecret":"hunter22"}`
		if holds {
			found++
		}
		if holds != secret(name) {
			t.Errorf("secret(%s) = %v, want %v", name, secret(name), holds)
		}
	}
	if found != 5 {
		t.Errorf("%d secrets in the parameters, want 5", found)
	}
	if !secret("Command") || secret("Tag.1.Value") || secret("Container.1.Name") {
		t.Error("commands are secret, tags and names are not")
	}
}
