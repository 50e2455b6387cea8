package eci

import "github.com/ebb-node/ebb/mockcloud/rpc"

// createRequest is CreateContainerGroup,
// https://help.aliyun.com/zh/eci/developer-reference/api-eci-2018-08-08-createcontainergroup
type createRequest struct {
	ContainerGroupName string `rpc:",required"`
	ClientToken        string
	DryRun             bool

	ZoneId           string
	VSwitchId        string
	SecurityGroupId  string
	ScheduleStrategy string
	ResourceGroupId  string
	RamRoleName      string

	Cpu                      *float64
	Memory                   *float64
	InstanceType             string
	ComputeCategory          []string
	CpuArchitecture          string
	OsType                   string
	CpuOptionsCore           *int
	CpuOptionsThreadsPerCore *int
	GpuDriverVersion         string
	EphemeralStorage         *int

	SpotStrategy   string
	SpotPriceLimit *float64
	SpotDuration   *int
	StrictSpot     bool

	RestartPolicy                 string
	TerminationGracePeriodSeconds *int64
	ActiveDeadlineSeconds         *int64
	MaxPendingMinute              *int

	Container     []containerRequest
	InitContainer []initContainerRequest
	Volume        []volumeRequest

	imageParameters
	networkParameters
	systemParameters

	Tag []tag

	// In the SDK, not in the current reference.
	SlsEnable       string
	VkClientVersion string
	Arn             []struct{ RoleArn, RoleType, AssumeRoleFor string }
}

type imageParameters struct {
	ImageRegistryCredential []registryCredential
	AcrRegistryInfo         []struct {
		InstanceId, InstanceName, RegionId string
		Domain                             []string
		ArnService, ArnUser                string
	}
	ImageSnapshotId     string
	AutoMatchImageCache bool
	ImageAccelerateMode string
	InsecureRegistry    string
	PlainHttpRegistry   string

	DataCacheBucket          string
	DataCachePL              string
	DataCacheProvisionedIops *int
	DataCacheBurstingEnabled bool
}

type networkParameters struct {
	DnsPolicy  string
	DnsConfig  dnsConfig
	HostAliase []hostAlias
	HostName   string

	EipInstanceId             string
	AutoCreateEip             bool
	EipBandwidth              *int
	EipISP                    string
	EipCommonBandwidthPackage string

	Ipv6AddressCount           *int
	Ipv6GatewayBandwidthEnable bool
	Ipv6GatewayBandwidth       string

	PrivateIpAddress  string
	FixedIp           string
	FixedIpRetainHour *int
	IngressBandwidth  *int64
	EgressBandwidth   *int64
}

type systemParameters struct {
	SecurityContext       sysctlContext
	HostSecurityContext   sysctlContext
	ShareProcessNamespace bool
	ContainerResourceView bool
	CorePattern           string
	NtpServer             []string
}

type sysctlContext struct{ Sysctl []nameValue }

type nameValue struct{ Name, Value string }

type dnsConfig struct {
	NameServer []string
	Search     []string
	Option     []nameValue
}

type hostAlias struct {
	Ip       string
	Hostname []string
}

type registryCredential struct {
	Server   string
	UserName string
	Password string `rpc:",secret"`
}

type tag struct{ Key, Value string }

// deleteRequest is DeleteContainerGroup.
type deleteRequest struct {
	ContainerGroupId string `rpc:",required"`
	Force            bool
	ClientToken      string
	VkClientVersion  string
}

// restartRequest is RestartContainerGroup.
type restartRequest struct {
	ContainerGroupId string `rpc:",required"`
	ClientToken      string
}

// describeGroupsRequest is DescribeContainerGroups.
type describeGroupsRequest struct {
	ContainerGroupIds  rpc.JSONStrings
	Limit              *int
	NextToken          string
	ContainerGroupName string
	Status             string
	Tag                []tag
	VSwitchId          string
	ZoneId             string
	ResourceGroupId    string
	SecurityGroupId    string
	ComputeCategory    string
	WithEvent          bool
	VkClientVersion    string
}

// statusRequest is DescribeContainerGroupStatus and, with EventSource,
// DescribeContainerGroupEvents.
type statusRequest struct {
	ContainerGroupIds rpc.JSONStrings
	SinceSecond       *int
	Limit             *int
	NextToken         string
	Tag               []tag
	VSwitchId         string
	ZoneId            string
	ResourceGroupId   string
	SecurityGroupId   string
}

type eventsRequest struct {
	statusRequest
	EventSource string
}
