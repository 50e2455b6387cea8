package eci

import "github.com/ebb-node/ebb/mockcloud/runtime"

// containerView is an item of Containers and InitContainers. The environment
// is shown as it was given, unless EnvironmentVarHide was.
type containerView struct {
	Name            string
	Image           string
	Cpu             float64
	Memory          float64
	Gpu             int
	Ready           bool
	RestartCount    int
	Commands        []string
	Args            []string
	WorkingDir      string `json:",omitempty"`
	ImagePullPolicy string
	Ports           []containerPort
	EnvironmentVars []environmentVar
	VolumeMounts    []volumeMount
	CurrentState    stateView
	PreviousState   stateView
}

type stateView struct {
	State        string `json:",omitempty"`
	DetailStatus string `json:",omitempty"`
	Reason       string `json:",omitempty"`
	Message      string `json:",omitempty"`
	ExitCode     *int   `json:",omitempty"`
	Signal       *int   `json:",omitempty"`
	StartTime    string `json:",omitempty"`
	FinishTime   string `json:",omitempty"`
}

func (g *group) containerViews() []containerView {
	list := []containerView{}
	for i := range g.request.Container {
		c := &g.request.Container[i]
		list = append(list, c.view(statusOf(g.containers, c.Name)))
	}
	return list
}

func (g *group) initContainerViews() []containerView {
	list := []containerView{}
	for i := range g.request.InitContainer {
		c := &g.request.InitContainer[i]
		list = append(list, c.view(statusOf(g.initContainers, c.Name)))
	}
	return list
}

func (c *initContainerRequest) view(s runtime.ContainerStatus) containerView {
	v := containerView{
		Name: c.Name, Image: c.Image, Cpu: deref(c.Cpu), Memory: deref(c.Memory), Gpu: deref(c.Gpu),
		Ready: s.Ready, RestartCount: s.RestartCount,
		Commands: c.Command, Args: c.Arg, WorkingDir: c.WorkingDir,
		ImagePullPolicy: orDefault(c.ImagePullPolicy, "IfNotPresent"),
		Ports:           c.Port, VolumeMounts: c.VolumeMount,
		CurrentState: viewState(s.Current), PreviousState: viewState(s.Previous),
	}
	if !c.EnvironmentVarHide {
		v.EnvironmentVars = c.EnvironmentVar
	}
	return v
}

func viewState(s runtime.ContainerState) stateView {
	v := stateView{
		State: s.State, DetailStatus: s.Reason, Reason: s.Reason, Message: s.Message,
		StartTime: timestamp(s.StartedAt), FinishTime: timestamp(s.FinishedAt),
	}
	if s.State == "Terminated" {
		v.ExitCode, v.Signal = &s.ExitCode, &s.Signal
	}
	return v
}
