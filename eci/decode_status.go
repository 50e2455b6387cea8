package eci

// statusWire is one entry of DescribeContainerGroupStatus. The case of its
// keys is mixed on the wire, which encoding/json does not mind.
type statusWire struct {
	ContainerGroupId string
	Name             string
	Status           Status
	PodStatus        struct {
		Phase             string
		PodIp             string
		StartTime         stamp
		Conditions        []conditionWire
		ContainerStatuses []podContainerWire
	}
}

type conditionWire struct {
	Type               string
	Status             string
	Reason             string
	Message            string
	LastTransitionTime stamp
}

type podContainerWire struct {
	Name         string
	Image        string
	ImageID      string
	Ready        truth
	Started      *truth
	RestartCount num
	State        podStateWire
	LastState    podStateWire
}

// podStateWire has one member set.
type podStateWire struct {
	Running    *runningWire
	Waiting    *waitingWire
	Terminated *terminatedWire
}

// runningWire: the published schema misspells the start time.
type runningWire struct {
	StartedAt          stamp
	StartedAtStartedAt stamp `json:"StartedAtstartedAt"`
}

type waitingWire struct {
	Reason  string
	Message string
}

type terminatedWire struct {
	ExitCode    num
	Signal      num
	Reason      string
	Message     string
	StartedAt   stamp
	FinishedAt  stamp
	ContainerID string
}

func (w *statusWire) status() GroupStatus {
	return GroupStatus{
		ID: w.ContainerGroupId, Name: w.Name, Status: w.Status,
		Phase: w.PodStatus.Phase, PodIP: w.PodStatus.PodIp, StartTime: w.PodStatus.StartTime.Time,
		Conditions: mapped(w.PodStatus.Conditions, conditionWire.condition),
		Containers: mapped(w.PodStatus.ContainerStatuses, podContainerWire.status),
	}
}

func (w conditionWire) condition() Condition {
	return Condition{
		Type: w.Type, Status: w.Status, Reason: w.Reason, Message: w.Message,
		LastTransitionTime: w.LastTransitionTime.Time,
	}
}

func (w podContainerWire) status() ContainerStatus {
	return ContainerStatus{
		Name: w.Name, Image: w.Image, ImageID: w.ImageID,
		Ready: bool(w.Ready), Started: (*bool)(w.Started), RestartCount: int32(w.RestartCount),
		Current: w.State.state(), Previous: w.LastState.state(),
	}
}

// state takes the member that says something: an answer may carry the others
// as empty objects.
func (w podStateWire) state() ContainerState {
	switch {
	case w.Terminated != nil && *w.Terminated != terminatedWire{}:
		return w.Terminated.state()
	case w.Waiting != nil && *w.Waiting != waitingWire{}:
		return ContainerState{State: "Waiting", Reason: w.Waiting.Reason, Message: w.Waiting.Message}
	case w.Running != nil:
		return w.Running.state()
	case w.Terminated != nil:
		return w.Terminated.state()
	case w.Waiting != nil:
		return ContainerState{State: "Waiting"}
	}
	return ContainerState{}
}

func (w *runningWire) state() ContainerState {
	started := w.StartedAt.Time
	if started.IsZero() {
		started = w.StartedAtStartedAt.Time
	}
	return ContainerState{State: "Running", StartTime: started}
}

func (w *terminatedWire) state() ContainerState {
	return ContainerState{
		State: "Terminated", Reason: w.Reason, Message: w.Message,
		ExitCode: int32(w.ExitCode), Signal: int32(w.Signal),
		StartTime: w.StartedAt.Time, FinishTime: w.FinishedAt.Time, ContainerID: w.ContainerID,
	}
}
