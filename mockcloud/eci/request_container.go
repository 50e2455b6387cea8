package eci

// containerRequest is Container.N.
type containerRequest struct {
	initContainerRequest

	Stdin     bool
	StdinOnce bool
	Tty       bool

	LivenessProbe  *probe
	ReadinessProbe *probe

	LifecyclePostStartHandlerExec              []string
	LifecyclePostStartHandlerHttpGetHost       string
	LifecyclePostStartHandlerHttpGetPort       *int
	LifecyclePostStartHandlerHttpGetPath       string
	LifecyclePostStartHandlerHttpGetScheme     string
	LifecyclePostStartHandlerHttpGetHttpHeader []nameValue
	LifecyclePostStartHandlerTcpSocketHost     string
	LifecyclePostStartHandlerTcpSocketPort     *int

	LifecyclePreStopHandlerExec              []string
	LifecyclePreStopHandlerHttpGetHost       string
	LifecyclePreStopHandlerHttpGetPort       *int
	LifecyclePreStopHandlerHttpGetPath       string
	LifecyclePreStopHandlerHttpGetScheme     string
	LifecyclePreStopHandlerHttpGetHttpHeader []nameValue
	LifecyclePreStopHandlerTcpSocketHost     string
	LifecyclePreStopHandlerTcpSocketPort     *int
}

// initContainerRequest is InitContainer.N, and what Container.N shares with it.
type initContainerRequest struct {
	Name            string
	Image           string
	Command         []string
	Arg             []string
	WorkingDir      string
	ImagePullPolicy string
	Cpu             *float64
	Memory          *float64
	Gpu             *int

	EnvironmentVar     []environmentVar
	EnvironmentVarHide bool
	Port               []containerPort
	VolumeMount        []volumeMount

	SecurityContext             containerSecurity
	SecurityContextRunAsGroup   *int64
	SecurityContextRunAsNonRoot bool
	SecurityContextPrivileged   bool

	TerminationMessagePath   string
	TerminationMessagePolicy string
}

// environmentVar may hold what was a secret on the client's side, so its value
// is not recorded.
type environmentVar struct {
	Key      string
	Value    string `rpc:",secret"`
	FieldRef struct{ FieldPath string }
}

type containerPort struct {
	Port     int
	Protocol string
}

type volumeMount struct {
	Name             string
	MountPath        string
	SubPath          string
	ReadOnly         bool
	MountPropagation string
}

type containerSecurity struct {
	RunAsUser              *int64
	ReadOnlyRootFilesystem bool
	Capability             struct{ Add []string }
}

type probe struct {
	HttpGet struct {
		Path   string
		Port   *int
		Scheme string
	}
	Exec      struct{ Command []string }
	TcpSocket struct{ Port *int }

	InitialDelaySeconds *int
	PeriodSeconds       *int
	TimeoutSeconds      *int
	SuccessThreshold    *int
	FailureThreshold    *int
}

// volumeRequest is Volume.N.
type volumeRequest struct {
	Name string
	Type string

	EmptyDirVolume struct{ Medium, SizeLimit string }

	ConfigFileVolume struct {
		DefaultMode      string
		ConfigFileToPath []configFile
	}
	NFSVolume struct {
		Server, Path string
		ReadOnly     bool
	}
	FlexVolume struct {
		Driver, FsType string
		Options        string `rpc:",secret"`
	}
	HostPathVolume struct{ Path, Type string }
	DiskVolume     struct {
		DiskId, FsType string
		DiskSize       *int
	}
}

// configFile is one file; Content is Base64 and may be a secret.
type configFile struct {
	Path    string
	Mode    string
	Content string `rpc:",secret"`
}
