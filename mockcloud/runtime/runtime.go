package runtime

import (
	"context"
	"io"
	"net/netip"
	"time"
)

// Runtime runs container groups. Implementations are safe for concurrent use
// and never call the observer while they hold a lock of their own.
type Runtime interface {
	// Start begins to run a group and returns when the request is accepted,
	// before anything runs. All that happens afterwards, image pull and start
	// errors included, arrives through observe: in order, one call at a time,
	// until the group is final or removed.
	Start(group Group, observe func(Status)) error

	// Stop ends a group: preStop hooks and SIGTERM, then SIGKILL when grace is
	// over. It returns at once; the end arrives through observe.
	Stop(id string, grace time.Duration)

	// Remove kills what still runs and frees all that the group holds
	// (processes, namespaces, links, cgroups, mounts, files). It returns when
	// nothing is left. An unknown id is no error.
	Remove(id string) error

	// Logs reads what a container wrote. It answers ErrNotFound for an unknown
	// group or container.
	Logs(id, container string, options LogOptions) ([]LogLine, error)

	// Exec runs a command in a running container until it ends, and answers
	// its exit code. An error means that it could not be run.
	Exec(ctx context.Context, id, container string, exec Exec) (exitCode int, err error)

	// Usage answers what a group has used so far.
	Usage(id string) (Usage, error)

	// SetCPULimit bounds the CPU of a running group, in vCPU; zero lifts it.
	SetCPULimit(id string, vcpu float64) error

	// Close removes every group.
	Close() error
}

// Group is what a runtime is asked to run. It is a value: the runtime keeps
// its own copy.
type Group struct {
	ID             string
	Name           string
	Hostname       string
	IP             netip.Addr
	CPU            float64       // vCPU of the whole group
	MemoryBytes    int64         // of the whole group
	RestartPolicy  string        // Always, OnFailure, Never
	ActiveDeadline time.Duration // zero: none
	ShareProcesses bool

	InitContainers []Container
	Containers     []Container
	Volumes        []Volume

	NameServers []string
	Searches    []string
	DNSOptions  []string // "ndots:5"
	HostAliases []HostAlias
	Sysctls     map[string]string

	Credentials   []Credential
	PlainRegistry []string // hosts that are spoken to over plain HTTP
}

// Container is one container of a Group.
type Container struct {
	Name        string
	Image       string
	PullPolicy  string // Always, IfNotPresent, Never
	Command     []string
	Args        []string
	WorkingDir  string
	Env         []string // KEY=value, resolved
	Mounts      []Mount
	CPU         float64 // vCPU; zero: bounded by the group only
	MemoryBytes int64   // zero: bounded by the group only
	TTY         bool
	Stdin       bool

	RunAsUser       *int64
	RunAsGroup      *int64
	RunAsNonRoot    bool
	Privileged      bool
	ReadOnlyRoot    bool
	AddCapabilities []string

	Liveness  *Probe
	Readiness *Probe
	PostStart *Handler
	PreStop   *Handler

	TerminationMessagePath   string
	TerminationMessagePolicy string // File or FallbackToLogsOnError
}

// Mount shows a volume in a container.
type Mount struct {
	Volume   string
	Path     string
	SubPath  string
	ReadOnly bool
}

// Volume is a directory that lives as long as its group.
type Volume struct {
	Name   string
	Memory bool   // on tmpfs
	Size   int64  // bytes; zero: unlimited
	Files  []File // initial content
	Mode   uint32 // of files that say none
}

// File is initial content of a Volume.
type File struct {
	Path    string // relative, may have directories
	Mode    uint32 // zero: the volume's
	Content []byte
}

// Handler is what a probe or hook does; one member is set.
type Handler struct {
	Exec []string
	HTTP *HTTPGet
	TCP  *TCPSocket
}

// HTTPGet is a request to the group; any status from 200 to 399 is a success.
type HTTPGet struct {
	Host    string // "" is the group's address
	Path    string
	Port    int
	Scheme  string
	Headers map[string]string
}

// TCPSocket is a connection to the group; "" is the group's address.
type TCPSocket struct {
	Host string
	Port int
}

// Probe asks about a container's health.
type Probe struct {
	Handler
	InitialDelay     time.Duration
	Period           time.Duration
	Timeout          time.Duration
	SuccessThreshold int
	FailureThreshold int
}

// HostAlias is a line of /etc/hosts.
type HostAlias struct {
	IP    string
	Names []string
}

// Credential opens a registry.
type Credential struct {
	Server   string
	UserName string
	Password string
}

// Status is the whole state of a group at one moment.
type Status struct {
	Phase          Phase
	Reason         string // why it failed, for Phase Failed
	Message        string
	InitContainers []ContainerStatus
	Containers     []ContainerStatus
	Event          *Event // what just happened, if it is worth telling
}

// Phase is where a group stands.
type Phase string

// The phases of a group, in order.
const (
	Pending   Phase = "Pending" // pulling, mounting, init containers
	Running   Phase = "Running"
	Succeeded Phase = "Succeeded"
	Failed    Phase = "Failed"
)

// ContainerStatus is the state of one container.
type ContainerStatus struct {
	Name         string
	ImageID      string
	Ready        bool
	Started      bool
	RestartCount int
	Current      ContainerState
	Previous     ContainerState
}

// ContainerState is what a container does or did.
type ContainerState struct {
	State       string // Waiting, Running, Terminated
	Reason      string // ContainerCreating, ImagePullBackOff, CrashLoopBackOff, Completed, Error, OOMKilled
	Message     string
	ExitCode    int
	Signal      int
	StartedAt   time.Time
	FinishedAt  time.Time
	ContainerID string
}

// Event is something worth telling of a group: Pulling, Pulled, Created,
// Started, Unhealthy, Killing, BackOff, Failed.
type Event struct {
	Type    string // Normal or Warning
	Reason  string
	Message string
}

// LogOptions choose log lines.
type LogOptions struct {
	Tail     int       // the last lines; zero: all
	Since    time.Time // not before
	Previous bool      // the run before the last restart
}

// LogLine is a line with its moment. Text has its newline unless the writer
// has not finished it.
type LogLine struct {
	Time   time.Time
	Stderr bool
	Text   []byte
}

// Exec is a command to run in a container. Nil streams are not connected.
type Exec struct {
	Command []string
	TTY     bool
	Stdin   io.Reader
	Stdout  io.Writer
	Stderr  io.Writer
	Resize  <-chan Size
}

// Size is a terminal's size in characters.
type Size struct {
	Width, Height uint16
}

// Usage is what a group has used since it started.
type Usage struct {
	At         time.Time
	CPU        time.Duration // over all containers
	Memory     Memory
	RxBytes    uint64
	TxBytes    uint64
	Containers map[string]ContainerUsage
}

// ContainerUsage is a container's part of Usage.
type ContainerUsage struct {
	CPU    time.Duration
	Memory Memory
}

// Memory in bytes.
type Memory struct {
	Usage, WorkingSet, RSS, Cache uint64
}
