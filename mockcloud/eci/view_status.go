package eci

import (
	"time"

	"github.com/ebb-node/ebb/mockcloud/runtime"
)

// statusView is an item of DescribeContainerGroupStatus. The case of its keys
// is mixed in the service as well
// (https://help.aliyun.com/zh/eci/developer-reference/api-eci-2018-08-08-describecontainergroupstatus).
type statusView struct {
	ContainerGroupId string
	Name             string
	Namespace        string
	Annotations      string
	Status           string
	Uuid             string `json:"uuid"`
	PodStatus        podStatusView
}

type podStatusView struct {
	Phase             string
	PodIp             string
	PodIps            []podIPView
	HostIp            string
	QosClass          string
	StartTime         string
	Conditions        []conditionView
	ContainerStatuses []containerStatusView
}

type podIPView struct{ Ip string }

type conditionView struct {
	Type               string `json:"type"`
	Status             string `json:"status"`
	LastTransitionTime string `json:"lastTransitionTime"`
	Reason             string `json:",omitempty"`
	Message            string `json:",omitempty"`
}

type containerStatusView struct {
	Name         string
	Image        string
	ImageID      string
	Ready        bool
	Started      bool
	RestartCount int
	State        *podStateView `json:",omitempty"`
	LastState    *podStateView `json:",omitempty"`
}

type podStateView struct {
	Running    *podRunningView    `json:",omitempty"`
	Waiting    *podWaitingView    `json:",omitempty"`
	Terminated *podTerminatedView `json:",omitempty"`
}

// podRunningView has the name that the published schema has.
type podRunningView struct {
	StartedAt string `json:"StartedAtstartedAt"`
}

type podWaitingView struct{ Reason, Message string }

type podTerminatedView struct {
	ExitCode    int
	Signal      int
	Reason      string
	Message     string
	StartedAt   string
	FinishedAt  string
	ContainerID string
}

// phases is Alibaba's own table of statuses and pod phases
// (https://www.alibabacloud.com/help/doc-detail/122385.htm).
var phases = map[string]string{
	scheduling: "Pending", scheduleFailed: "Failed", pending: "Pending", running: "Running",
	restarting: "Pending", terminating: "Running", succeeded: "Succeeded", failed: "Failed", expired: "Failed",
}

func (g *group) statusView() statusView {
	v := statusView{
		ContainerGroupId: g.id, Name: g.request.ContainerGroupName, Annotations: "{}",
		Status: g.status, Uuid: g.id,
		PodStatus: podStatusView{
			Phase: phases[g.status], QosClass: "Guaranteed", StartTime: timestamp(g.created),
			Conditions: g.conditionViews(), ContainerStatuses: []containerStatusView{},
		},
	}
	if g.started() {
		v.PodStatus.PodIp, v.PodStatus.HostIp = g.ip.String(), g.ip.String()
		v.PodStatus.PodIps = []podIPView{{g.ip.String()}}
	}
	for _, c := range g.request.Container {
		v.PodStatus.ContainerStatuses = append(v.PodStatus.ContainerStatuses,
			viewStatus(c.Image, statusOf(g.containers, c.Name)))
	}
	return v
}

func viewStatus(image string, s runtime.ContainerStatus) containerStatusView {
	return containerStatusView{
		Name: s.Name, Image: image, ImageID: s.ImageID, Ready: s.Ready, Started: s.Started,
		RestartCount: s.RestartCount, State: viewPodState(s.Current), LastState: viewPodState(s.Previous),
	}
}

func viewPodState(s runtime.ContainerState) *podStateView {
	switch s.State {
	case "Running":
		return &podStateView{Running: &podRunningView{timestamp(s.StartedAt)}}
	case "Waiting":
		return &podStateView{Waiting: &podWaitingView{s.Reason, s.Message}}
	case "Terminated":
		return &podStateView{Terminated: &podTerminatedView{
			ExitCode: s.ExitCode, Signal: s.Signal, Reason: s.Reason, Message: s.Message,
			StartedAt: timestamp(s.StartedAt), FinishedAt: timestamp(s.FinishedAt), ContainerID: s.ContainerID,
		}}
	}
	return nil
}

// conditionViews are the conditions of the pod, worked out of the state.
func (g *group) conditionViews() []conditionView {
	ready := g.status == running && g.allReady()
	at := g.ready
	if at.IsZero() {
		at = g.created
	}
	list := []conditionView{
		condition("PodScheduled", true, g.created),
		condition("ContainerInstanceCreated", g.started(), orTime(g.began, g.changed)),
		condition("Initialized", g.initialized(), orTime(g.began, g.created)),
		condition("Ready", ready, at),
		condition("ContainersReady", ready, at),
	}
	if g.status == scheduleFailed {
		list[1].Reason, list[1].Message = g.reason, g.message
	}
	return list
}

func (g *group) initialized() bool {
	for _, c := range g.initContainers {
		if c.Current.State != "Terminated" || c.Current.ExitCode != 0 {
			return false
		}
	}
	return g.started() && len(g.initContainers) == len(g.request.InitContainer)
}

func condition(kind string, holds bool, at time.Time) conditionView {
	status := "False"
	if holds {
		status = "True"
	}
	return conditionView{Type: kind, Status: status, LastTransitionTime: timestamp(at)}
}

func orTime(t, standard time.Time) time.Time {
	if t.IsZero() {
		return standard
	}
	return t
}
