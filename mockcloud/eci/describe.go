package eci

import (
	"slices"
	"time"

	"github.com/ebb-node/ebb/mockcloud/rpc"
)

// Page sizes (https://help.aliyun.com/zh/eci/developer-reference/api-eci-2018-08-08-describecontainergroups,
// .../api-eci-2018-08-08-describecontainergroupstatus).
const (
	maxGroupPage  = 20
	maxStatusPage = 200
	maxIDs        = 20
)

type groupsAnswer struct {
	ContainerGroups []groupView
	NextToken       string
	TotalCount      int
}

// describeGroups is DescribeContainerGroups.
func (s *Service) describeGroups(_ *rpc.Call, r *describeGroupsRequest) (any, error) {
	limit := valueOr(r.Limit, maxGroupPage)
	if err := firstError(checkIDs(r.ContainerGroupIds), between("Limit", &limit, 1, maxGroupPage)); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	list, next, total, err := s.groups.page(r.match, limit, r.NextToken)
	answer := groupsAnswer{ContainerGroups: []groupView{}, NextToken: next, TotalCount: total}
	for _, g := range list {
		answer.ContainerGroups = append(answer.ContainerGroups, g.view(r.WithEvent))
	}
	return answer, err
}

func (r *describeGroupsRequest) match(g *group) bool {
	return among(r.ContainerGroupIds, g.id) &&
		matches(r.ContainerGroupName, g.request.ContainerGroupName) &&
		matches(r.Status, g.status) &&
		matches(r.VSwitchId, g.subnet.ID) &&
		matches(r.ZoneId, g.subnet.Zone) &&
		matches(r.ResourceGroupId, g.request.ResourceGroupId) &&
		matches(r.SecurityGroupId, g.securityID) &&
		(r.ComputeCategory == "" || slices.Contains(g.request.ComputeCategory, r.ComputeCategory)) &&
		g.tagged(r.Tag)
}

type statusAnswer struct {
	Data       []statusView
	NextToken  string
	TotalCount int
}

// describeStatus is DescribeContainerGroupStatus.
func (s *Service) describeStatus(_ *rpc.Call, r *statusRequest) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	list, next, total, err := s.statusPage(r)
	answer := statusAnswer{Data: []statusView{}, NextToken: next, TotalCount: total}
	for _, g := range list {
		answer.Data = append(answer.Data, g.statusView())
	}
	return answer, err
}

type eventsAnswer struct {
	Data       []eventsView
	NextToken  string
	TotalCount int
}

// describeEvents is DescribeContainerGroupEvents. SinceSecond selects groups
// and, of those, events.
func (s *Service) describeEvents(_ *rpc.Call, r *eventsRequest) (any, error) {
	if err := oneOf("EventSource", r.EventSource, "EciService", "K8sAgent"); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	list, next, total, err := s.statusPage(&r.statusRequest)
	answer := eventsAnswer{Data: []eventsView{}, NextToken: next, TotalCount: total}
	since := r.since(s.clock.Now())
	for _, g := range list {
		answer.Data = append(answer.Data, g.eventsView(since, r.EventSource))
	}
	return answer, err
}

func (s *Service) statusPage(r *statusRequest) (list []*group, next string, total int, err error) {
	limit := valueOr(r.Limit, maxStatusPage)
	err = firstError(
		checkIDs(r.ContainerGroupIds),
		between("Limit", &limit, 1, maxStatusPage),
		between("SinceSecond", r.SinceSecond, 0, 1<<31),
	)
	if err != nil {
		return nil, "", 0, err
	}
	since := r.since(s.clock.Now())
	return s.groups.page(func(g *group) bool { return r.match(g, since) }, limit, r.NextToken)
}

// since is the moment from which changes are wanted; zero is all.
func (r *statusRequest) since(now time.Time) time.Time {
	if r.SinceSecond == nil {
		return time.Time{}
	}
	return now.Add(-time.Duration(*r.SinceSecond) * time.Second)
}

func (r *statusRequest) match(g *group, since time.Time) bool {
	return among(r.ContainerGroupIds, g.id) &&
		!g.changed.Before(since) &&
		matches(r.VSwitchId, g.subnet.ID) &&
		matches(r.ZoneId, g.subnet.Zone) &&
		matches(r.ResourceGroupId, g.request.ResourceGroupId) &&
		matches(r.SecurityGroupId, g.securityID) &&
		g.tagged(r.Tag)
}

func checkIDs(ids []string) error {
	if len(ids) > maxIDs {
		return rpc.InvalidParameter("ContainerGroupIds", "at most %d ids", maxIDs)
	}
	return nil
}

func among(ids []string, id string) bool { return len(ids) == 0 || slices.Contains(ids, id) }

func matches(wanted, value string) bool { return wanted == "" || wanted == value }

// State answers all groups with their events, for whoever runs the cloud.
// What may be a secret of a group's owner, its environment, is left out.
func (s *Service) State() any {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := []groupView{}
	for _, g := range s.groups.order {
		v := g.view(true)
		for i := range v.Containers {
			v.Containers[i].EnvironmentVars = nil
		}
		for i := range v.InitContainers {
			v.InitContainers[i].EnvironmentVars = nil
		}
		list = append(list, v)
	}
	return list
}
