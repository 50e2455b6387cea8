package eci

import (
	"bytes"
	"errors"
	"time"

	"github.com/ebb-node/ebb/mockcloud/rpc"
	"github.com/ebb-node/ebb/mockcloud/runtime"
)

// Limits of DescribeContainerLog
// (https://help.aliyun.com/zh/eci/developer-reference/api-eci-2018-08-08-describecontainerlog).
const (
	defaultTail = 500
	maxTail     = 2000
	maxLogBytes = 1 << 20
)

type logRequest struct {
	ContainerGroupId string `rpc:",required"`
	ContainerName    string `rpc:",required"`
	Tail             *int
	SinceSeconds     *int
	StartTime        string
	LastTime         bool
	Timestamps       bool
	LimitBytes       *int
	VkClientVersion  string
}

type logAnswer struct{ ContainerName, Content string }

// describeLog is DescribeContainerLog.
func (s *Service) describeLog(_ *rpc.Call, r *logRequest) (any, error) {
	options, err := r.options(s.clock.Now())
	if err != nil {
		return nil, err
	}
	if err := s.mayRead(r); err != nil {
		return nil, err
	}
	lines, err := s.runtime.Logs(r.ContainerGroupId, r.ContainerName, options)
	if err != nil && !errors.Is(err, runtime.ErrNotFound) {
		return nil, err
	}
	content := join(lines, r.Timestamps, valueOr(r.LimitBytes, maxLogBytes))
	return logAnswer{r.ContainerName, string(content)}, nil
}

func (r *logRequest) options(now time.Time) (runtime.LogOptions, error) {
	o := runtime.LogOptions{Tail: valueOr(r.Tail, defaultTail), Previous: r.LastTime}
	err := firstError(
		between("Tail", r.Tail, 1, maxTail),
		between("SinceSeconds", r.SinceSeconds, 1, 1<<31),
		between("LimitBytes", r.LimitBytes, 1, maxLogBytes),
	)
	if err != nil {
		return o, err
	}
	if r.SinceSeconds != nil {
		o.Since = now.Add(-time.Duration(*r.SinceSeconds) * time.Second)
	}
	if r.StartTime != "" {
		start, err := time.Parse(time.RFC3339, r.StartTime)
		if err != nil {
			return o, rpc.InvalidParameter("StartTime", "RFC 3339 is wanted")
		}
		if start.After(o.Since) {
			o.Since = start
		}
	}
	return o, nil
}

// mayRead refuses what has no log: unknown names, groups that do not run yet.
func (s *Service) mayRead(r *logRequest) error {
	g, err := s.find(r.ContainerGroupId)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if !g.has(r.ContainerName) {
		return rpc.InvalidParameter("ContainerName", "the group has no container %q", r.ContainerName)
	}
	if !g.started() {
		return incorrectStatus(g.status)
	}
	return nil
}

func (g *group) has(container string) bool {
	for _, c := range g.request.Container {
		if c.Name == container {
			return true
		}
	}
	for _, c := range g.request.InitContainer {
		if c.Name == container {
			return true
		}
	}
	return false
}

// join writes lines up to limit bytes, the oldest first, so that a caller who
// asks again from the last moment he saw loses none.
func join(lines []runtime.LogLine, timestamps bool, limit int) []byte {
	var b bytes.Buffer
	for _, l := range lines {
		if timestamps {
			b.WriteString(l.Time.UTC().Format(time.RFC3339Nano) + " ")
		}
		b.Write(l.Text)
		if b.Len() >= limit {
			b.Truncate(limit)
			break
		}
	}
	return b.Bytes()
}
