package eci

import (
	"time"

	"github.com/ebb-node/ebb/mockcloud/rpc"
)

// maxRecords is how many records one call answers.
const maxRecords = 50

type metricRequest struct {
	ContainerGroupId string `rpc:",required"`
	StartTime        string
	EndTime          string
	Period           string
	VkClientVersion  string
}

type metricAnswer struct {
	ContainerGroupId string
	Records          []recordView
}

// describeMetric is DescribeContainerGroupMetric.
func (s *Service) describeMetric(_ *rpc.Call, r *metricRequest) (any, error) {
	g, err := s.find(r.ContainerGroupId)
	if err != nil {
		return nil, err
	}
	w, err := r.window(s.clock.Now())
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return metricAnswer{g.id, g.records(w)}, nil
}

// window is what part of the samples is wanted.
type window struct {
	start, end time.Time
	period     time.Duration
}

// window is by default the last five minutes in steps of 15 seconds.
func (r *metricRequest) window(now time.Time) (w window, err error) {
	w = window{start: now.Add(-5 * time.Minute), end: now, period: sampleInterval}
	if r.StartTime != "" || r.EndTime != "" {
		w.period = time.Minute
	}
	periods := map[string]time.Duration{
		"": w.period, "15": 15 * time.Second, "30": 30 * time.Second, "60": time.Minute, "600": 10 * time.Minute,
	}
	var known bool
	if w.period, known = periods[r.Period]; !known {
		return w, rpc.InvalidParameter("Period", "15, 30, 60 or 600 is wanted")
	}
	return w, firstError(moment("StartTime", r.StartTime, &w.start), moment("EndTime", r.EndTime, &w.end))
}

func moment(name, text string, into *time.Time) error {
	if text == "" {
		return nil
	}
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return rpc.InvalidParameter(name, "RFC 3339 in UTC is wanted")
	}
	*into = t
	return nil
}

// records answers the samples of a window, at least a period apart.
func (g *group) records(w window) []recordView {
	list := []recordView{}
	var last time.Time
	for i := 1; i < len(g.samples); i++ {
		now := g.samples[i]
		if now.at.Before(w.start) || now.at.After(w.end) || now.at.Sub(last) < w.period || len(list) == maxRecords {
			continue
		}
		last = now.at
		list = append(list, g.record(g.samples[i-1], now))
	}
	return list
}

type multiMetricRequest struct {
	ContainerGroupIds rpc.JSONStrings `rpc:",required"`
	MetricType        string
	VkClientVersion   string
}

type multiMetricAnswer struct{ MonitorDatas []metricAnswer }

// describeMultiMetric is DescribeMultiContainerGroupMetric: the newest record
// of each group. Unknown groups are left out.
func (s *Service) describeMultiMetric(_ *rpc.Call, r *multiMetricRequest) (any, error) {
	err := firstError(checkIDs(r.ContainerGroupIds), oneOf("MetricType", r.MetricType, "summary"))
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	answer := multiMetricAnswer{MonitorDatas: []metricAnswer{}}
	for _, id := range r.ContainerGroupIds {
		if g, ok := s.groups.byID[id]; ok {
			answer.MonitorDatas = append(answer.MonitorDatas, metricAnswer{id, g.newest()})
		}
	}
	return answer, nil
}

// newest is the last record; the first sample of all has nothing to compare
// with and counts from the group's start.
func (g *group) newest() []recordView {
	switch n := len(g.samples); n {
	case 0:
		return []recordView{}
	case 1:
		zero := sample{at: g.began, parts: make([]part, len(g.request.Container))}
		return []recordView{g.record(zero, g.samples[0])}
	default:
		return []recordView{g.record(g.samples[n-2], g.samples[n-1])}
	}
}
