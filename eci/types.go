package eci

import (
	"io"
	"time"
)

// The request side. Field names are those of the API; see
// https://help.aliyun.com/zh/eci/developer-reference/api-eci-2018-08-08-createcontainergroup.
// Zero values are not sent.

// CreateRequest asks for one container group.
type CreateRequest struct {
	// ClientToken makes a repeated create return the first group; at most 64
	// ASCII characters. A token may not be reused with other parameters.
	ClientToken string
	// Name has 2 to 128 characters: lower-case letters, digits, hyphens.
	// It is never an identity; Tags are.
	Name string

	ZoneID          string
	VSwitchIDs      []string // at most 10
	SecurityGroupID string   // one id, or a comma list of at most 5
	ResourceGroupID string
	RAMRoleName     string

	CPU           float64  // vCPU; zero: the sum over containers
	Memory        float64  // GiB; zero: the sum over containers
	InstanceTypes []string // ECS instance types, best first

	SpotStrategy   string // NoSpot, SpotAsPriceGo, SpotWithPriceLimit
	SpotPriceLimit float64
	SpotDuration   *int // hours; 0 means no protection

	RestartPolicy          string // Always, OnFailure, Never
	TerminationGracePeriod *int64 // seconds
	ActiveDeadline         *int64 // seconds

	Containers     []Container
	InitContainers []Container
	Volumes        []Volume

	RegistryCredentials []RegistryCredential

	DNSPolicy   string // None or Default
	DNS         DNSConfig
	HostAliases []HostAlias
	HostName    string

	Sysctls     []KeyValue
	HostSysctls []KeyValue

	EphemeralStorage int // GiB on top of the 30 that are included

	ShareProcessNamespace bool

	Tags []KeyValue // at most 20

	// Extra holds parameters of the API that need no translation, by their
	// wire name ("AutoMatchImageCache": "true").
	Extra map[string]string
}

// Container is one container or init container of a CreateRequest.
type Container struct {
	Name            string
	Image           string
	Command         []string
	Args            []string
	WorkingDir      string
	ImagePullPolicy string // Always, IfNotPresent, Never
	CPU             float64
	Memory          float64 // GiB
	GPU             int
	Stdin           bool
	StdinOnce       bool
	TTY             bool

	Env    []EnvVar
	Ports  []Port
	Mounts []VolumeMount

	Liveness  *Probe
	Readiness *Probe
	PostStart *Handler
	PreStop   *Handler

	Security SecurityContext

	TerminationMessagePath   string
	TerminationMessagePolicy string
}

// EnvVar is a literal value, or a FieldPath that ECI resolves; it knows just
// "status.podIP".
type EnvVar struct {
	Key       string
	Value     string
	FieldPath string
}

// Port is a container port; numbers are unique in a group.
type Port struct {
	Port     int32
	Protocol string // TCP or UDP
}

// VolumeMount shows a volume of the group inside a container.
type VolumeMount struct {
	Name        string
	MountPath   string
	SubPath     string
	ReadOnly    bool
	Propagation string // None, HostToContainer, Bidirectional
}

// Handler is what a probe or a life-cycle hook does; one member is set.
type Handler struct {
	Exec      []string // at most 20 words
	HTTPGet   *HTTPGet
	TCPSocket *TCPSocket
}

// HTTPGet is an HTTP request to the group. Headers and Host exist for
// life-cycle hooks only; probes cannot carry them.
type HTTPGet struct {
	Host    string
	Path    string
	Port    int32
	Scheme  string // HTTP or HTTPS
	Headers []KeyValue
}

// TCPSocket is a TCP connection to the group. Host exists for hooks only.
type TCPSocket struct {
	Host string
	Port int32
}

// Probe asks a container about its health; durations are in seconds and zero
// means the API's default.
type Probe struct {
	Handler
	InitialDelaySeconds int32
	PeriodSeconds       int32
	TimeoutSeconds      int32
	SuccessThreshold    int32
	FailureThreshold    int32
}

// SecurityContext is the part of Kubernetes' that ECI has.
type SecurityContext struct {
	RunAsUser              *int64
	RunAsGroup             *int64
	RunAsNonRoot           *bool
	Privileged             *bool
	ReadOnlyRootFilesystem bool
	CapabilitiesAdd        []string
}

// Volume is one volume of the group; the member for its type is set.
type Volume struct {
	Name       string
	EmptyDir   *EmptyDir
	ConfigFile *ConfigFile
	NFS        *NFS
	Flex       *Flex
	HostPath   *HostPath
}

// EmptyDir is scratch space.
type EmptyDir struct {
	Medium    string // "" is disk, "memory" is tmpfs
	SizeLimit string // with a unit: 256Mi
}

// ConfigFile is a set of small files.
type ConfigFile struct {
	DefaultMode *int32 // as a number: 0o644
	Files       []File
}

// File is one file of a ConfigFile volume; Content is at most 32 KiB.
type File struct {
	Path    string // relative
	Mode    *int32
	Content []byte
}

// NFS is a remote directory.
type NFS struct {
	Server   string
	Path     string
	ReadOnly bool
}

// Flex is a cloud disk, a NAS or an OSS bucket by FlexVolume driver.
type Flex struct {
	Driver  string
	FSType  string
	Options map[string]string
}

// HostPath needs an account on Alibaba's allow list.
type HostPath struct {
	Path string
	Type string
}

// RegistryCredential opens a registry for image pulls. Password is secret and
// is never printed.
type RegistryCredential struct {
	Server   string
	UserName string
	Password string
}

// DNSConfig is the resolver configuration of the group.
type DNSConfig struct {
	NameServers []string
	Searches    []string
	Options     []KeyValue
}

// HostAlias is a line of /etc/hosts.
type HostAlias struct {
	IP        string
	Hostnames []string
}

// KeyValue is a tag, an option, a sysctl or a header.
type KeyValue struct {
	Key   string
	Value string
}

// CreateResponse names what a create made.
type CreateResponse struct {
	ContainerGroupID string
	RequestID        string
}

// The answer side.

// Status is the state of a container group;
// https://www.alibabacloud.com/help/doc-detail/122385.htm.
type Status string

// The documented states.
const (
	StatusScheduling     Status = "Scheduling"
	StatusScheduleFailed Status = "ScheduleFailed"
	StatusPending        Status = "Pending"
	StatusRunning        Status = "Running"
	StatusRestarting     Status = "Restarting"
	StatusUpdating       Status = "Updating"
	StatusTerminating    Status = "Terminating"
	StatusSucceeded      Status = "Succeeded"
	StatusFailed         Status = "Failed"
	StatusExpired        Status = "Expired"
)

// Final reports whether a group in this state never runs again.
func (s Status) Final() bool {
	switch s {
	case StatusScheduleFailed, StatusSucceeded, StatusFailed, StatusExpired:
		return true
	}
	return false
}

// Group is a container group as DescribeContainerGroups tells it.
type Group struct {
	ID              string
	Name            string
	Status          Status
	RegionID        string
	ZoneID          string
	VPCID           string
	VSwitchID       string
	SecurityGroupID string
	ENIID           string
	IntranetIP      string
	InternetIP      string
	IPv6Address     string
	CPU             float64
	Memory          float64 // GiB
	InstanceType    string
	SpotStrategy    string
	RestartPolicy   string
	ResourceGroupID string

	CreationTime  time.Time
	SucceededTime time.Time
	FailedTime    time.Time
	ExpiredTime   time.Time

	Containers     []ContainerStatus
	InitContainers []ContainerStatus
	Events         []Event
	Tags           []KeyValue
}

// Tag returns the value of a tag, or "".
func (g *Group) Tag(key string) string {
	for _, t := range g.Tags {
		if t.Key == key {
			return t.Value
		}
	}
	return ""
}

// ContainerStatus is a container's part of a Group.
type ContainerStatus struct {
	Name         string
	Image        string
	ImageID      string // only from the status call
	CPU          float64
	Memory       float64
	Ready        bool
	Started      *bool
	RestartCount int32
	Current      ContainerState
	Previous     ContainerState
}

// ContainerState is what a container does or did.
type ContainerState struct {
	State        string // Waiting, Running, Terminated; "" is unknown
	DetailStatus string
	Reason       string
	Message      string
	ExitCode     int32
	Signal       int32
	StartTime    time.Time
	FinishTime   time.Time
	ContainerID  string // only from the status call
}

// Event is something that the service says of a group.
type Event struct {
	Type           string // Normal or Warning
	Name           string
	Reason         string
	Message        string
	Count          int32
	FirstTimestamp time.Time
	LastTimestamp  time.Time
}

// GroupStatus is a container group as DescribeContainerGroupStatus tells it:
// the cheap, PodStatus-shaped answer.
type GroupStatus struct {
	ID         string
	Name       string
	Status     Status
	Phase      string
	PodIP      string
	StartTime  time.Time
	Conditions []Condition
	Containers []ContainerStatus
}

// Condition is a pod condition as ECI tells it.
type Condition struct {
	Type               string
	Status             string
	Reason             string
	Message            string
	LastTransitionTime time.Time
}

// GroupEvents are the events of one group.
type GroupEvents struct {
	ID     string
	Events []Event
}

// LogOptions choose what DescribeContainerLog answers.
type LogOptions struct {
	Tail       int // lines; zero: the API's default of 500; at most 2,000
	Since      time.Time
	Previous   bool // the container before the last restart
	Timestamps bool
	LimitBytes int // at most 1 MiB
}

// ExecRequest asks for a command in a container.
type ExecRequest struct {
	ContainerGroupID string
	Container        string
	Command          []string // at most 20 words of 256 characters
	Stdin            bool
	TTY              bool
}

// ExecStreams connect a command to its caller. Nil members are not connected.
type ExecStreams struct {
	Stdin  io.Reader
	Stdout io.Writer
	Stderr io.Writer
	Resize <-chan TerminalSize
}

// TerminalSize is a terminal's size in characters.
type TerminalSize struct {
	Width  uint16
	Height uint16
}

// MetricRecord is one sample of a group's use.
type MetricRecord struct {
	Timestamp  time.Time
	CPU        CPUUsage
	Memory     MemoryUsage
	Network    []InterfaceUsage
	Containers []ContainerUsage
}

// CPUUsage of a group or container.
type CPUUsage struct {
	UsageNanoCores       uint64
	UsageCoreNanoSeconds uint64
	Limit                uint64 // thousandths of a vCPU, as the API sends it
}

// MemoryUsage of a group or container, in bytes.
type MemoryUsage struct {
	UsageBytes     uint64
	WorkingSet     uint64
	RSS            uint64
	Cache          uint64
	AvailableBytes uint64
}

// InterfaceUsage counts a network interface's traffic since the group started.
type InterfaceUsage struct {
	Name     string
	RxBytes  uint64
	TxBytes  uint64
	RxErrors uint64
	TxErrors uint64
}

// ContainerUsage is a container's part of a MetricRecord.
type ContainerUsage struct {
	Name   string
	CPU    CPUUsage
	Memory MemoryUsage
}

// Region is a region of the service.
type Region struct {
	ID       string
	Endpoint string
	Zones    []string
}
