package eci

// groupWire is a container group of DescribeContainerGroups
// (https://help.aliyun.com/zh/eci/developer-reference/api-eci-2018-08-08-describecontainergroups).
type groupWire struct {
	ContainerGroupId   string
	ContainerGroupName string
	Status             Status
	RegionId           string
	ZoneId             string
	VpcId              string
	VSwitchId          string
	SecurityGroupId    string
	EniInstanceId      string
	IntranetIp         string
	InternetIp         string
	Ipv6Address        string
	Cpu                num
	Memory             num
	InstanceType       string
	SpotStrategy       string
	RestartPolicy      string
	ResourceGroupId    string
	CreationTime       stamp
	SucceededTime      stamp
	FailedTime         stamp
	ExpiredTime        stamp
	Containers         []containerWire
	InitContainers     []containerWire
	Events             []eventWire
	Tags               []KeyValue
}

type containerWire struct {
	Name          string
	Image         string
	Cpu           num
	Memory        num
	Ready         truth
	RestartCount  num
	CurrentState  stateWire
	PreviousState stateWire
}

type stateWire struct {
	State        string
	DetailStatus string
	Reason       string
	Message      string
	ExitCode     num
	Signal       num
	StartTime    stamp
	FinishTime   stamp
}

type eventWire struct {
	Type           string
	Name           string
	Reason         string
	Message        string
	Count          num
	FirstTimestamp stamp
	LastTimestamp  stamp
}

func (w *groupWire) group() Group {
	return Group{
		ID: w.ContainerGroupId, Name: w.ContainerGroupName, Status: w.Status,
		RegionID: w.RegionId, ZoneID: w.ZoneId, VPCID: w.VpcId, VSwitchID: w.VSwitchId,
		SecurityGroupID: w.SecurityGroupId, ENIID: w.EniInstanceId,
		IntranetIP: w.IntranetIp, InternetIP: w.InternetIp, IPv6Address: w.Ipv6Address,
		CPU: float64(w.Cpu), Memory: float64(w.Memory), InstanceType: w.InstanceType,
		SpotStrategy: w.SpotStrategy, RestartPolicy: w.RestartPolicy, ResourceGroupID: w.ResourceGroupId,
		CreationTime: w.CreationTime.Time, SucceededTime: w.SucceededTime.Time,
		FailedTime: w.FailedTime.Time, ExpiredTime: w.ExpiredTime.Time,
		Containers:     mapped(w.Containers, containerWire.status),
		InitContainers: mapped(w.InitContainers, containerWire.status),
		Events:         mapped(w.Events, eventWire.event),
		Tags:           w.Tags,
	}
}

func (w containerWire) status() ContainerStatus {
	return ContainerStatus{
		Name: w.Name, Image: w.Image, CPU: float64(w.Cpu), Memory: float64(w.Memory),
		Ready: bool(w.Ready), RestartCount: int32(w.RestartCount),
		Current: w.CurrentState.state(), Previous: w.PreviousState.state(),
	}
}

func (w stateWire) state() ContainerState {
	return ContainerState{
		State: w.State, DetailStatus: w.DetailStatus, Reason: w.Reason, Message: w.Message,
		ExitCode: int32(w.ExitCode), Signal: int32(w.Signal),
		StartTime: w.StartTime.Time, FinishTime: w.FinishTime.Time,
	}
}

func (w eventWire) event() Event {
	return Event{
		Type: w.Type, Name: w.Name, Reason: w.Reason, Message: w.Message, Count: int32(w.Count),
		FirstTimestamp: w.FirstTimestamp.Time, LastTimestamp: w.LastTimestamp.Time,
	}
}

// mapped converts a list; nil stays nil.
func mapped[A, B any](in []A, convert func(A) B) []B {
	if in == nil {
		return nil
	}
	out := make([]B, len(in))
	for i, a := range in {
		out[i] = convert(a)
	}
	return out
}
