package mockcloud_test

import (
	"testing"
	"time"

	"github.com/ebb-node/ebb/mockcloud"
	"github.com/ebb-node/ebb/mockcloud/internal/wire"
)

// bench is a frozen cloud with a client, for scenarios.
type bench struct {
	*testing.T
	server *mockcloud.Server
	client wire.Client
}

func newBench(t *testing.T, c mockcloud.Config) bench {
	t.Helper()
	c.Frozen, c.QuotasLifted = true, true
	server, client := newCloud(t, c)
	return bench{t, server, client}
}

// call makes a call that must succeed.
func call[Out any](b bench, action string, params wire.Params) Out {
	b.Helper()
	var out Out
	if err := b.client.Call(action, params, &out); err != nil {
		b.Fatalf("%s: %v", action, err)
	}
	return out
}

// create makes a group of minimal parameters and more.
func (b bench) create(params ...string) string {
	b.Helper()
	return call[created](b, "CreateContainerGroup", with(params...)).ContainerGroupId
}

// refused makes a call that must fail with a code.
func (b bench) refused(code, action string, params wire.Params) {
	b.Helper()
	if got, _ := codeOf(b.T, b.client.Call(action, params, nil)); got != code {
		b.Errorf("%s: code %q, want %q", action, got, code)
	}
}

type group struct {
	ContainerGroupId, ContainerGroupName, Status                       string
	ZoneId, VSwitchId, EniInstanceId, IntranetIp                       string
	Cpu, Memory                                                        float64
	InstanceType, CreationTime, SucceededTime, FailedTime, ExpiredTime string
	Tags                                                               []struct{ Key, Value string }
	Events                                                             []struct {
		Reason, Message, Type, Name string
		Count                       int
	}
	Containers, InitContainers []struct {
		Name                        string
		Ready                       bool
		RestartCount                int
		CurrentState, PreviousState struct {
			State, Reason, DetailStatus, StartTime, FinishTime string
			ExitCode                                           int
		}
	}
}

func (g group) reasons() map[string]int {
	m := map[string]int{}
	for _, e := range g.Events {
		m[e.Reason] += e.Count
	}
	return m
}

type groups struct {
	ContainerGroups []group
	NextToken       string
	TotalCount      int
}

// group describes one group; a zero Status means that it is gone.
func (b bench) group(id string) group {
	b.Helper()
	list := call[groups](b, "DescribeContainerGroups", wire.Params{"ContainerGroupIds": `["` + id + `"]`, "WithEvent": "true"})
	if len(list.ContainerGroups) == 0 {
		return group{}
	}
	return list.ContainerGroups[0]
}

// follow advances in steps and notes each status that a group has.
func (b bench) follow(id string, step time.Duration, steps int) []string {
	b.Helper()
	var seen []string
	for range steps + 1 {
		if s := b.group(id).Status; len(seen) == 0 || seen[len(seen)-1] != s {
			seen = append(seen, s)
		}
		b.server.Advance(step)
	}
	return seen
}

func latencies(schedule, pull, start, ready, stop time.Duration) mockcloud.Latencies {
	var l mockcloud.Latencies
	l.Schedule = schedule
	l.Simulated.Pull, l.Simulated.Start, l.Simulated.Ready, l.Simulated.Stop = pull, start, ready, stop
	return l
}
