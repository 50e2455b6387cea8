package eci

import (
	"slices"
	"time"
)

// eventsView is an item of DescribeContainerGroupEvents.
type eventsView struct {
	ContainerGroupId string
	Name             string
	Namespace        string
	Annotations      string
	Uuid             string `json:"uuid"`
	Events           []podEventView
}

type podEventView struct {
	Type               string
	Reason             string
	Message            string
	Count              int
	FirstTimestamp     string
	LastTimestamp      string
	Source             struct{ Component, Host string }
	ReportingComponent string
	ReportingInstance  string
	Metadata           struct{ Name, Namespace string }
	InvolvedObject     involvedObject `json:"involvedObject"`
}

type involvedObject struct{ ApiVersion, Kind, Name, Namespace, Uid string }

// serviceEvents are the reasons that the service itself reports; all others
// come from the agent that runs the containers
// (https://help.aliyun.com/zh/eci/user-guide/custom-events-of-elastic-container-instance).
var serviceEvents = []string{"NoStock", "SpotToBeReleased"}

func (e event) source() string {
	if slices.Contains(serviceEvents, e.reason) {
		return "EciService"
	}
	return "K8sAgent"
}

func (g *group) eventsView(since time.Time, source string) eventsView {
	v := eventsView{
		ContainerGroupId: g.id, Name: g.request.ContainerGroupName, Annotations: "{}", Uuid: g.id,
		Events: []podEventView{},
	}
	for _, e := range g.events {
		if !e.last.Before(since) && matches(source, e.source()) {
			v.Events = append(v.Events, g.podEventView(e))
		}
	}
	return v
}

func (g *group) podEventView(e event) podEventView {
	v := podEventView{
		Type: e.kind, Reason: e.reason, Message: e.message, Count: e.count,
		FirstTimestamp: timestamp(e.first), LastTimestamp: timestamp(e.last),
		ReportingComponent: e.source(), ReportingInstance: g.id,
		InvolvedObject: involvedObject{ApiVersion: "v1", Kind: "Pod", Name: g.request.ContainerGroupName, Uid: g.id},
	}
	v.Source.Component = e.source()
	v.Metadata.Name = e.name(g.request.ContainerGroupName)
	return v
}
