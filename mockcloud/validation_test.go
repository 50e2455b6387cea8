package mockcloud_test

import (
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/ebb-node/ebb/mockcloud"
	"github.com/ebb-node/ebb/mockcloud/internal/wire"
)

// with is minimal and more; a value of "-" takes a parameter away.
func with(params ...string) wire.Params {
	p := minimal()
	for i := 0; i < len(params); i += 2 {
		p[params[i]] = params[i+1]
		if params[i+1] == "-" {
			delete(p, params[i])
		}
	}
	return p
}

// merge adds the parameters that f writes for 1 to n.
func merge(p wire.Params, n int, f func(i int) wire.Params) wire.Params {
	for i := 1; i <= n; i++ {
		maps.Copy(p, f(i))
	}
	return p
}

func codeOf(t *testing.T, err error) (string, int) {
	t.Helper()
	if err == nil {
		return "", 200
	}
	var f *wire.Failure
	if !errors.As(err, &f) {
		t.Fatalf("error = %v, want an error answer", err)
	}
	return f.Code, f.Status
}

func TestCreateRefuses(t *testing.T) {
	big := base64.StdEncoding.EncodeToString(make([]byte, 32<<10+1))
	file := func(content, path, mode string) wire.Params {
		return with("Volume.1.Name", "v", "Volume.1.Type", "ConfigFileVolume",
			"Volume.1.ConfigFileVolume.ConfigFileToPath.1.Content", content,
			"Volume.1.ConfigFileVolume.ConfigFileToPath.1.Path", path,
			"Volume.1.ConfigFileVolume.ConfigFileToPath.1.Mode", mode)
	}
	tests := []struct {
		name   string
		params wire.Params
		code   string
		status int
		names  string
	}{
		{"no name", with("ContainerGroupName", "-"), "MissingParameter", 400, "ContainerGroupName"},
		{"upper-case name", with("ContainerGroupName", "Web"), "InvalidParameter", 400, "ContainerGroupName"},
		{"hyphen at the end", with("ContainerGroupName", "web-"), "InvalidParameter", 400, "ContainerGroupName"},
		{"long name", with("ContainerGroupName", strings.Repeat("a", 129)), "InvalidParameter", 400, "ContainerGroupName"},
		{"no container", with("Container.1.Name", "-", "Container.1.Image", "-"), "MissingParameter", 400, "Container.1.Name"},
		{"no image", with("Container.1.Image", "-"), "MissingParameter", 400, "Container.1.Image"},
		{"same name twice", with("Container.2.Name", "app", "Container.2.Image", "x"), "InvalidParameter.DuplicatedName", 400, "Container.2"},
		{"21 containers", merge(with(), 21, func(i int) wire.Params {
			return wire.Params{fmt.Sprintf("Container.%d.Name", i): fmt.Sprintf("c%d", i), fmt.Sprintf("Container.%d.Image", i): "x"}
		}), "InvalidParameter", 400, "Container"},
		{"env key with a digit in front", with("Container.1.EnvironmentVar.1.Key", "1A"), "InvalidParameter", 400, "Container.1.EnvironmentVar.1.Key"},
		{"env key with a hyphen", with("Container.1.EnvironmentVar.1.Key", "A-B"), "InvalidParameter", 400, "EnvironmentVar.1.Key"},
		{"env key too long", with("Container.1.EnvironmentVar.1.Key", strings.Repeat("A", 129)), "InvalidParameter", 400, "EnvironmentVar.1.Key"},
		{"other field path", with("Container.1.EnvironmentVar.1.Key", "A", "Container.1.EnvironmentVar.1.FieldRef.FieldPath", "metadata.name"), "InvalidParameter", 400, "FieldPath"},
		{"port twice", with("Container.1.Port.1.Port", "80", "Container.2.Name", "b", "Container.2.Image", "x", "Container.2.Port.1.Port", "80"), "InvalidParameter", 400, "Container.2.Port.1.Port"},
		{"reserved port", with("Container.1.Port.1.Port", "10250"), "InvalidParameter", 400, "Container.1.Port.1.Port"},
		{"probe without handler", with("Container.1.LivenessProbe.PeriodSeconds", "5"), "InvalidParameter", 400, "LivenessProbe"},
		{"probe with two handlers", with("Container.1.ReadinessProbe.TcpSocket.Port", "80", "Container.1.ReadinessProbe.HttpGet.Port", "80"), "InvalidParameter", 400, "ReadinessProbe"},
		{"liveness success threshold", with("Container.1.LivenessProbe.TcpSocket.Port", "80", "Container.1.LivenessProbe.SuccessThreshold", "2"), "InvalidParameter", 400, "SuccessThreshold"},
		{"startup probe", with("Container.1.StartupProbe.TcpSocket.Port", "80"), "InvalidParameter", 400, "StartupProbe"},
		{"probe bug of the SDK", with("Container.1.LivenessProbe.Exec.Command", "<[]string Value>"), "InvalidParameter", 400, "LivenessProbe.Exec.Command"},
		{"misspelt mode of the SDK", with("Volume.1.Name", "v", "Volume.1.Type", "ConfigFileVolume", "Volume.1.ConfigFileVolume.DefaultModel", "420"), "InvalidParameter", 400, "DefaultModel"},
		{"renamed strategy of the SDK", with("VSwitchStrategy", "VSwitchOrdered"), "InvalidParameter", 400, "VSwitchStrategy"},
		{"privileged", with("Container.1.SecurityContextPrivileged", "true"), "Forbidden.OnlyForInvitedTest", 403, "Privileged"},
		{"capability", with("Container.1.SecurityContext.Capability.Add.1", "SYS_ADMIN"), "InvalidParameter", 400, "Capability.Add.1"},
		{"unsafe sysctl", with("SecurityContext.Sysctl.1.Name", "kernel.shmmax"), "InvalidParameter", 400, "Sysctl.1.Name"},
		{"config file too big", file(big, "f", ""), "InvalidParameter", 400, "Content"},
		{"config file not Base64", file("%%", "f", ""), "InvalidParameter", 400, "Content"},
		{"absolute file path", file("", "/etc/f", ""), "InvalidParameter", 400, "Path"},
		{"file path outside", file("", "a/../../f", ""), "InvalidParameter", 400, "Path"},
		{"mode that is not octal", file("", "f", "0888"), "InvalidParameter", 400, "Mode"},
		{"volume twice", with("Volume.1.Name", "v", "Volume.1.Type", "EmptyDirVolume", "Volume.2.Name", "v", "Volume.2.Type", "EmptyDirVolume"), "InvalidParameter.DuplicatedVolumeName", 400, "Volume.2"},
		{"unknown volume type", with("Volume.1.Name", "v", "Volume.1.Type", "Floppy"), "InvalidParameter", 400, "Volume.1.Type"},
		{"host path", with("Volume.1.Name", "v", "Volume.1.Type", "HostPathVolume", "Volume.1.HostPathVolume.Path", "/"), "Forbidden.OnlyForInvitedTest", 403, "HostPath"},
		{"bad size limit", with("Volume.1.Name", "v", "Volume.1.Type", "EmptyDirVolume", "Volume.1.EmptyDirVolume.SizeLimit", "lots"), "InvalidParameter", 400, "SizeLimit"},
		{"mount of nothing", with("Container.1.VolumeMount.1.Name", "v", "Container.1.VolumeMount.1.MountPath", "/v"), "InvalidParameter", 400, "VolumeMount.1.Name"},
		{"21 tags", merge(with(), 21, func(i int) wire.Params {
			return wire.Params{fmt.Sprintf("Tag.%d.Key", i): fmt.Sprint("k", i), fmt.Sprintf("Tag.%d.Value", i): "v"}
		}), "InvalidParameter", 400, "Tag"},
		{"reserved tag", with("Tag.1.Key", "acs:x"), "InvalidParameter", 400, "Tag.1.Key"},
		{"too large", with("Cpu", "65", "Memory", "1"), "InvalidParameter.CPU.Memory", 400, "65"},
		{"unknown type", with("InstanceType", "ecs.c6.large,ecs.none.large"), "InvalidInstanceTypeForEciBuy", 400, "ecs.none.large"},
		{"unknown vSwitch", with("VSwitchId", "vsw-none"), "InvalidVSwitchId.NotFound", 404, "vsw-none"},
		{"zone of another vSwitch", with("VSwitchId", "vsw-mock-i", "ZoneId", "cn-hangzhou-j"), "OperationDenied.VswZoneMisMatch", 403, "vsw-mock-i"},
		{"unknown security group", with("SecurityGroupId", "sg-none"), "OperationDenied.SecurityGroupMisMatch", 403, "sg-none"},
		{"price limit missing", with("SpotStrategy", "SpotWithPriceLimit"), "MissingParameter", 400, "SpotPriceLimit"},
		{"restart policy", with("RestartPolicy", "Sometimes"), "InvalidParameter", 400, "RestartPolicy"},
		{"DNS policy", with("DnsPolicy", "ClusterFirst"), "InvalidParameter", 400, "DnsPolicy"},
		{"pending minutes", with("MaxPendingMinute", "5"), "InvalidParameter", 400, "MaxPendingMinute"},
		{"client token", with("ClientToken", strings.Repeat("x", 65)), "InvalidParameter", 400, "ClientToken"},
		{"dry run", with("DryRun", "true"), "DryRunOperation", 400, "passed"},
	}
	server, client := newCloud(t, mockcloud.Config{Frozen: true, QuotasLifted: true})
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			client := client
			client.Body = true
			err := client.Call("CreateContainerGroup", test.params, nil)
			code, status := codeOf(t, err)
			if code != test.code || status != test.status {
				t.Fatalf("got %s (%d), want %s (%d): %v", code, status, test.code, test.status, err)
			}
			if !strings.Contains(err.Error(), test.names) {
				t.Errorf("%q does not name %s", err, test.names)
			}
		})
	}
	if n := server.Counts()["CreateContainerGroup"][""]; n != 0 {
		t.Errorf("%d creates succeeded", n)
	}
	var groups struct{ TotalCount int }
	if err := client.Call("DescribeContainerGroups", nil, &groups); err != nil || groups.TotalCount != 0 {
		t.Errorf("%d groups exist, %v", groups.TotalCount, err)
	}
}

// TestCreateAcceptsEveryDocumentedParameter names each one once.
func TestCreateAcceptsEveryDocumentedParameter(t *testing.T) {
	params := with(
		"ZoneId", "cn-hangzhou-i", "VSwitchId", "vsw-mock-i", "SecurityGroupId", "sg-mock", "ScheduleStrategy", "VSwitchOrdered",
		"Cpu", "2", "Memory", "4", "ComputeCategory.1", "general", "CpuArchitecture", "AMD64", "OsType", "Linux",
		"CpuOptionsCore", "1", "CpuOptionsThreadsPerCore", "1", "GpuDriverVersion", "tesla=470.82.01",
		"SpotStrategy", "SpotWithPriceLimit", "SpotPriceLimit", "0.250", "SpotDuration", "1", "StrictSpot", "false",
		"RestartPolicy", "OnFailure", "TerminationGracePeriodSeconds", "30", "ActiveDeadlineSeconds", "3600", "MaxPendingMinute", "240",
		"ImageRegistryCredential.1.Server", "r", "ImageRegistryCredential.1.UserName", "u", "ImageRegistryCredential.1.Password", "p",
		"AcrRegistryInfo.1.InstanceId", "cri-a", "AcrRegistryInfo.1.InstanceName", "n", "AcrRegistryInfo.1.RegionId", "cn-hangzhou",
		"AcrRegistryInfo.1.Domain.1", "d", "AcrRegistryInfo.1.ArnService", "a", "AcrRegistryInfo.1.ArnUser", "b",
		"ImageSnapshotId", "imc-1", "AutoMatchImageCache", "true", "ImageAccelerateMode", "nydus",
		"InsecureRegistry", "a:5000", "PlainHttpRegistry", "b:5000,c:5000",
		"DnsPolicy", "None", "DnsConfig.NameServer.1", "10.0.0.10", "DnsConfig.Search.1", "svc", "DnsConfig.Option.1.Name", "ndots", "DnsConfig.Option.1.Value", "5",
		"HostAliase.1.Ip", "10.0.0.9", "HostAliase.1.Hostname.1", "h", "HostName", "web",
		"EipInstanceId", "eip-1", "AutoCreateEip", "true", "EipBandwidth", "5", "EipISP", "BGP", "EipCommonBandwidthPackage", "cbwp-1",
		"Ipv6AddressCount", "1", "Ipv6GatewayBandwidthEnable", "true", "Ipv6GatewayBandwidth", "100",
		"PrivateIpAddress", "10.240.3.4", "FixedIp", "true", "FixedIpRetainHour", "48", "IngressBandwidth", "1024000", "EgressBandwidth", "1024000",
		"EphemeralStorage", "20", "SecurityContext.Sysctl.1.Name", "net.ipv4.ip_unprivileged_port_start", "SecurityContext.Sysctl.1.Value", "0",
		"ShareProcessNamespace", "true", "ContainerResourceView", "true", "CorePattern", "/tmp/core", "NtpServer.1", "100.100.5.1",
		"RamRoleName", "role", "ResourceGroupId", "rg-1", "Tag.1.Key", "k", "Tag.1.Value", "v",
		"DataCacheBucket", "b", "DataCachePL", "PL1", "DataCacheProvisionedIops", "0", "DataCacheBurstingEnabled", "false",
		"ClientToken", "t", "SlsEnable", "false", "VkClientVersion", "1",
	)
	container := []string{
		"Command.1", "/app", "Arg.1", "-x", "WorkingDir", "/", "ImagePullPolicy", "Always", "Cpu", "1", "Memory", "2", "Gpu", "0",
		"EnvironmentVar.1.Key", "EMPTY", "EnvironmentVar.1.Value", "", "EnvironmentVar.2.Key", "IP", "EnvironmentVar.2.FieldRef.FieldPath", "status.podIP",
		"EnvironmentVarHide", "false", "Port.1.Protocol", "TCP",
		"VolumeMount.1.Name", "empty", "VolumeMount.1.MountPath", "/e", "VolumeMount.1.SubPath", "s", "VolumeMount.1.ReadOnly", "true", "VolumeMount.1.MountPropagation", "None",
		"SecurityContext.RunAsUser", "1000", "SecurityContext.ReadOnlyRootFilesystem", "true", "SecurityContext.Capability.Add.1", "NET_ADMIN",
		"SecurityContextRunAsGroup", "1000", "SecurityContextRunAsNonRoot", "true", "SecurityContextPrivileged", "false",
		"TerminationMessagePath", "/dev/termination-log", "TerminationMessagePolicy", "File",
	}
	for i := 0; i < len(container); i += 2 {
		params["Container.1."+container[i]] = container[i+1]
		params["InitContainer.1."+container[i]] = container[i+1]
	}
	maps.Copy(params, with(
		"Container.1.Port.1.Port", "80", "InitContainer.1.Port.1.Port", "80",
		"InitContainer.1.Name", "init", "InitContainer.1.Image", "busybox",
		"Container.1.Stdin", "true", "Container.1.StdinOnce", "true", "Container.1.Tty", "true",
		"Container.1.ReadinessProbe.HttpGet.Path", "/", "Container.1.ReadinessProbe.HttpGet.Port", "80", "Container.1.ReadinessProbe.HttpGet.Scheme", "HTTP",
		"Container.1.ReadinessProbe.InitialDelaySeconds", "0", "Container.1.ReadinessProbe.PeriodSeconds", "1", "Container.1.ReadinessProbe.TimeoutSeconds", "1",
		"Container.1.ReadinessProbe.SuccessThreshold", "2", "Container.1.ReadinessProbe.FailureThreshold", "3",
		"Container.1.LivenessProbe.Exec.Command.1", "true",
		"Container.1.LifecyclePostStartHandlerExec.1", "true",
		"Container.1.LifecyclePreStopHandlerHttpGetHost", "h", "Container.1.LifecyclePreStopHandlerHttpGetPort", "80", "Container.1.LifecyclePreStopHandlerHttpGetPath", "/", "Container.1.LifecyclePreStopHandlerHttpGetScheme", "HTTP",
		"Container.1.LifecyclePreStopHandlerHttpGetHttpHeader.1.Name", "a", "Container.1.LifecyclePreStopHandlerHttpGetHttpHeader.1.Value", "b",
		"Volume.1.Name", "empty", "Volume.1.Type", "EmptyDirVolume", "Volume.1.EmptyDirVolume.Medium", "Memory", "Volume.1.EmptyDirVolume.SizeLimit", "256Mi",
		"Volume.2.Name", "files", "Volume.2.Type", "ConfigFileVolume", "Volume.2.ConfigFileVolume.DefaultMode", "0644",
		"Volume.2.ConfigFileVolume.ConfigFileToPath.1.Content", "aGk=", "Volume.2.ConfigFileVolume.ConfigFileToPath.1.Path", "a/b", "Volume.2.ConfigFileVolume.ConfigFileToPath.1.Mode", "0600",
		"Volume.3.Name", "nfs", "Volume.3.Type", "NFSVolume", "Volume.3.NFSVolume.Server", "s", "Volume.3.NFSVolume.Path", "/", "Volume.3.NFSVolume.ReadOnly", "true",
		"Volume.4.Name", "disk", "Volume.4.Type", "FlexVolume", "Volume.4.FlexVolume.Driver", "alicloud/disk", "Volume.4.FlexVolume.FsType", "ext4", "Volume.4.FlexVolume.Options", `{"volumeSize":"20"}`,
	))
	server, client := newCloud(t, mockcloud.Config{Frozen: true})
	client.Body = true
	if err := client.Call("CreateContainerGroup", params, nil); err != nil {
		t.Fatal(err)
	}
	recorded := server.Calls("CreateContainerGroup")[0].Parameters
	for _, secret := range []string{"ImageRegistryCredential.1.Password", "Volume.2.ConfigFileVolume.ConfigFileToPath.1.Content", "Container.1.EnvironmentVar.1.Value"} {
		if !strings.HasSuffix(recorded[secret], "bytes)") {
			t.Errorf("%s was recorded as %q", secret, recorded[secret])
		}
	}
}
