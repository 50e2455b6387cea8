package eci

import (
	"time"

	"github.com/ebb-node/ebb/mockcloud/runtime"
)

// groupView is an item of DescribeContainerGroups.
type groupView struct {
	ContainerGroupId   string
	ContainerGroupName string
	Status             string
	RegionId           string
	ZoneId             string
	VpcId              string
	VSwitchId          string
	SecurityGroupId    string
	ResourceGroupId    string `json:",omitempty"`
	RamRoleName        string `json:",omitempty"`
	EniInstanceId      string `json:",omitempty"`
	IntranetIp         string `json:",omitempty"`

	Cpu              float64
	Memory           float64
	InstanceType     string  `json:",omitempty"`
	SpotStrategy     string  `json:",omitempty"`
	SpotPriceLimit   float64 `json:",omitempty"`
	ComputeCategory  string  `json:",omitempty"`
	EphemeralStorage int     `json:",omitempty"`
	RestartPolicy    string
	DnsPolicy        string `json:",omitempty"`
	Discount         int

	CreationTime  string
	SucceededTime string `json:",omitempty"`
	FailedTime    string `json:",omitempty"`
	ExpiredTime   string `json:",omitempty"`

	Tags           []tag
	Events         []eventView
	Containers     []containerView
	InitContainers []containerView
	Volumes        []volumeView
	HostAliases    []hostAliasView
	DnsConfig      dnsConfigView

	EciSecurityContext struct{ Sysctls []nameValue }
}

type hostAliasView struct {
	Ip        string
	Hostnames []string
}

type dnsConfigView struct {
	NameServers []string
	Searches    []string
	Options     []nameValue
}

type volumeView struct {
	Name, Type string
}

type eventView struct {
	Count          int
	Type           string
	Name           string
	Reason         string
	Message        string
	FirstTimestamp string
	LastTimestamp  string
}

// view is the group as DescribeContainerGroups tells it.
func (g *group) view(events bool) groupView {
	r := g.request
	v := groupView{
		ContainerGroupId: g.id, ContainerGroupName: r.ContainerGroupName, Status: g.status,
		RegionId: g.region, ZoneId: g.subnet.Zone, VpcId: g.subnet.VPCID, VSwitchId: g.subnet.ID,
		SecurityGroupId: g.securityID, ResourceGroupId: r.ResourceGroupId, RamRoleName: r.RamRoleName,
		Cpu: g.size.cpu, Memory: g.size.memory, InstanceType: g.instanceType,
		SpotStrategy: orDefault(r.SpotStrategy, "NoSpot"), SpotPriceLimit: deref(r.SpotPriceLimit),
		EphemeralStorage: deref(r.EphemeralStorage),
		RestartPolicy:    orDefault(r.RestartPolicy, "Always"), DnsPolicy: r.DnsPolicy, Discount: 1,
		CreationTime: timestamp(g.created), Tags: append([]tag{}, r.Tag...), Events: []eventView{},
		Containers: g.containerViews(), InitContainers: g.initContainerViews(),
		Volumes: []volumeView{}, HostAliases: []hostAliasView{},
		DnsConfig: dnsConfigView{r.DnsConfig.NameServer, r.DnsConfig.Search, r.DnsConfig.Option},
	}
	if len(r.ComputeCategory) > 0 {
		v.ComputeCategory = r.ComputeCategory[0]
	}
	v.EciSecurityContext.Sysctls = r.SecurityContext.Sysctl
	g.viewNetwork(&v)
	g.viewEnd(&v)
	for _, a := range r.HostAliase {
		v.HostAliases = append(v.HostAliases, hostAliasView{a.Ip, a.Hostname})
	}
	for _, vol := range r.Volume {
		v.Volumes = append(v.Volumes, volumeView{vol.Name, vol.Type})
	}
	if events {
		v.Events = g.eventViews()
	}
	return v
}

// viewNetwork shows the network interface, which exists once the group is
// scheduled.
func (g *group) viewNetwork(v *groupView) {
	if g.started() {
		v.IntranetIp = g.ip.String()
		v.EniInstanceId = g.eniID()
	}
}

func (g *group) viewEnd(v *groupView) {
	switch g.status {
	case succeeded:
		v.SucceededTime = timestamp(g.ended)
	case failed, scheduleFailed:
		v.FailedTime = timestamp(g.ended)
	case expired:
		v.ExpiredTime = timestamp(g.ended)
	}
}

func (g *group) eventViews() []eventView {
	list := []eventView{}
	for _, e := range g.events {
		list = append(list, eventView{
			Count: e.count, Type: e.kind, Name: e.name(g.request.ContainerGroupName),
			Reason: e.reason, Message: e.message,
			FirstTimestamp: timestamp(e.first), LastTimestamp: timestamp(e.last),
		})
	}
	return list
}

// timestamp is RFC 3339 in UTC, "" for no time at all.
func timestamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

func statusOf(list []runtime.ContainerStatus, name string) runtime.ContainerStatus {
	for _, c := range list {
		if c.Name == name {
			return c
		}
	}
	return runtime.ContainerStatus{Name: name, Current: runtime.ContainerState{State: "Waiting", Reason: "ContainerCreating"}}
}
