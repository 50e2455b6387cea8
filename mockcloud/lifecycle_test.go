package mockcloud_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ebb-node/ebb/mockcloud"
	"github.com/ebb-node/ebb/mockcloud/internal/wire"
)

const s = time.Second

func TestStatusesOfAGroup(t *testing.T) {
	tests := []struct {
		name   string
		params []string
		want   []string
	}{
		{"runs on", nil, []string{"Scheduling", "Pending", "Running"}},
		{"succeeds", []string{"RestartPolicy", "Never", "Container.1.Command.1", "/exit", "Container.1.Command.2", "0", "Container.1.Command.3", "3s"},
			[]string{"Scheduling", "Pending", "Running", "Succeeded"}},
		{"fails", []string{"RestartPolicy", "Never", "Container.1.Command.1", "/exit", "Container.1.Command.2", "3", "Container.1.Command.3", "3s"},
			[]string{"Scheduling", "Pending", "Running", "Failed"}},
		{"restarts on failure", []string{"RestartPolicy", "OnFailure", "Container.1.Command.1", "/exit", "Container.1.Command.2", "3", "Container.1.Command.3", "3s"},
			[]string{"Scheduling", "Pending", "Running"}},
		{"init container fails", []string{"RestartPolicy", "Never", "InitContainer.1.Name", "i", "InitContainer.1.Image", "x", "InitContainer.1.Command.1", "/exit", "InitContainer.1.Command.2", "1"},
			[]string{"Scheduling", "Pending", "Failed"}},
		{"deadline", []string{"ActiveDeadlineSeconds", "10"}, []string{"Scheduling", "Pending", "Running", "Failed"}},
		{"never pulled", []string{"Container.1.Image", "registry.invalid/x", "MaxPendingMinute", "10"}, []string{"Scheduling", "Pending"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			b := newBench(t, mockcloud.Config{Latencies: latencies(2*s, 2*s, s, 0, 0)})
			id := b.create(test.params...)
			if diff := cmp.Diff(test.want, b.follow(id, s, 30)); diff != "" {
				t.Errorf("statuses (-want +got):\n%s", diff)
			}
		})
	}
}

func TestPendingTooLongFails(t *testing.T) {
	b := newBench(t, mockcloud.Config{})
	id := b.create("Container.1.Image", "registry.invalid/x", "MaxPendingMinute", "10")
	b.server.Advance(9 * time.Minute)
	if g := b.group(id); g.Status != "Pending" || g.Containers[0].CurrentState.Reason != "ImagePullBackOff" {
		t.Errorf("after 9 minutes: %+v", g)
	}
	b.server.Advance(time.Minute)
	if g := b.group(id); g.Status != "Failed" || g.FailedTime == "" {
		t.Errorf("after 10 minutes: %+v", g)
	}
}

func TestWhatAGroupTellsOfItself(t *testing.T) {
	b := newBench(t, mockcloud.Config{Latencies: latencies(s, 0, 0, 0, 0)})
	id := b.create("Container.1.Cpu", "0.5", "Container.1.Memory", "1.5", "Tag.1.Key", "k", "Tag.1.Value", "v",
		"InitContainer.1.Name", "prepare", "InitContainer.1.Image", "busybox")
	if g := b.group(id); g.IntranetIp != "" || g.EniInstanceId != "" {
		t.Errorf("a group that is Scheduling has an address: %+v", g)
	}
	b.server.Advance(2 * s)
	g := b.group(id)
	if g.Cpu != 0.5 || g.Memory != 2 || g.IntranetIp == "" || g.EniInstanceId == "" || g.ZoneId != "cn-hangzhou-i" {
		t.Errorf("group %+v", g)
	}
	if len(g.Tags) != 1 || g.Tags[0].Key != "k" || g.Tags[0].Value != "v" {
		t.Errorf("tags %+v", g.Tags)
	}
	if i := g.InitContainers[0].CurrentState; i.State != "Terminated" || i.Reason != "Completed" || i.FinishTime == "" {
		t.Errorf("init container %+v", i)
	}
	if c := g.Containers[0]; !c.Ready || c.CurrentState.State != "Running" || c.CurrentState.StartTime == "" {
		t.Errorf("container %+v", c)
	}
	want := map[string]int{"Pulling": 1, "Pulled": 1, "Started": 2}
	if diff := cmp.Diff(want, g.reasons()); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}

func TestContainersRestartWithBackOff(t *testing.T) {
	b := newBench(t, mockcloud.Config{})
	id := b.create("Container.1.Command.1", "/exit", "Container.1.Command.2", "7", "Container.1.Command.3", "1s")
	b.server.Advance(2 * s)
	c := b.group(id).Containers[0]
	if c.RestartCount != 1 || c.CurrentState.Reason != "CrashLoopBackOff" || c.PreviousState.ExitCode != 7 {
		t.Errorf("after the first end: %+v", c)
	}
	b.server.Advance(9500 * time.Millisecond)
	if c := b.group(id).Containers[0]; c.CurrentState.State != "Running" {
		t.Errorf("10 s after the first end: %+v", c)
	}
	b.server.Advance(time.Hour)
	// 10, 20, 40, 80, 160 and then 300 s between ends: 15 or 16 in an hour.
	if n := b.group(id).Containers[0].RestartCount; n < 14 || n > 17 {
		t.Errorf("%d restarts in an hour", n)
	}
}

func TestReadinessComesInTime(t *testing.T) {
	b := newBench(t, mockcloud.Config{Latencies: latencies(0, 0, 0, 2*s, 0)})
	id := b.create("Container.1.ReadinessProbe.TcpSocket.Port", "80", "Container.1.ReadinessProbe.InitialDelaySeconds", "3")
	b.server.Advance(4 * s)
	if b.group(id).Containers[0].Ready {
		t.Error("ready before initial delay and latency have passed")
	}
	b.server.Advance(s)
	if !b.group(id).Containers[0].Ready {
		t.Error("not ready after 5 s")
	}
}

func TestDeleteGivesGrace(t *testing.T) {
	b := newBench(t, mockcloud.Config{Latencies: latencies(0, 0, 0, 0, 20*s)})
	patient, hasty, forced := b.create(), b.create("TerminationGracePeriodSeconds", "5"), b.create()
	b.server.Advance(s)
	for _, id := range []string{patient, hasty} {
		call[struct{}](b, "DeleteContainerGroup", wire.Params{"ContainerGroupId": id})
	}
	call[struct{}](b, "DeleteContainerGroup", wire.Params{"ContainerGroupId": forced, "Force": "true"})
	if s := b.group(patient).Status; s != "Terminating" {
		t.Errorf("after delete: %s", s)
	}
	if s := b.group(forced).Status; s != "" {
		t.Errorf("after forced delete: %s", s)
	}
	b.server.Advance(6 * s)
	if b.group(hasty).Status != "" || b.group(patient).Status != "Terminating" {
		t.Errorf("after 6 s: %q and %q, want gone and Terminating", b.group(hasty).Status, b.group(patient).Status)
	}
	b.server.Advance(15 * s)
	if s := b.group(patient).Status; s != "" {
		t.Errorf("after 21 s: %s", s)
	}
	b.refused("ContainerGroup.NotFound", "DeleteContainerGroup", wire.Params{"ContainerGroupId": patient})
}

func TestDeleteAtEveryMoment(t *testing.T) {
	for _, moment := range []time.Duration{0, s, 3 * s, 5 * s, 6 * s, 10 * s} {
		t.Run(moment.String(), func(t *testing.T) {
			b := newBench(t, mockcloud.Config{Latencies: latencies(2*s, 2*s, s, 0, s)})
			id := b.create()
			b.server.Advance(moment)
			call[struct{}](b, "DeleteContainerGroup", wire.Params{"ContainerGroupId": id})
			b.server.Advance(time.Minute)
			if s := b.group(id).Status; s != "" {
				t.Errorf("a minute after delete: %s", s)
			}
		})
	}
}

func TestRestartContainerGroup(t *testing.T) {
	b := newBench(t, mockcloud.Config{Latencies: latencies(s, s, s, 0, 2*s)})
	id := b.create()
	b.refused("IncorrectStatus", "RestartContainerGroup", wire.Params{"ContainerGroupId": id})
	b.server.Advance(5 * s)
	ip := b.group(id).IntranetIp
	call[struct{}](b, "RestartContainerGroup", wire.Params{"ContainerGroupId": id})
	if s := b.group(id).Status; s != "Restarting" {
		t.Errorf("after the call: %s", s)
	}
	b.server.Advance(2 * s)
	// The runtime lets go of the group in its own time, and then begins again.
	for deadline := time.Now().Add(10 * time.Second); b.group(id).Status != "Running"; {
		if time.Now().After(deadline) {
			t.Fatalf("still %s", b.group(id).Status)
		}
		b.server.Advance(s)
	}
	if g := b.group(id); g.IntranetIp != ip {
		t.Errorf("address %s became %s", ip, g.IntranetIp)
	}
}

func TestFinishedGroupsAgeAway(t *testing.T) {
	b := newBench(t, mockcloud.Config{})
	var first string
	for i := range 103 {
		id := b.create("ContainerGroupName", fmt.Sprint("job", i), "RestartPolicy", "Never", "Container.1.Command.1", "/exit")
		if i == 0 {
			first = id
		}
		b.server.Advance(s)
	}
	running := b.create()
	count := func() int { return call[groups](b, "DescribeContainerGroups", nil).TotalCount }
	b.server.Advance(30 * time.Minute)
	if n := count(); n != 104 {
		t.Errorf("within the hour: %d groups, want all 104", n)
	}
	b.server.Advance(time.Hour)
	if n := count(); n != 101 {
		t.Errorf("after the hour: %d groups, want the last 100 and the running one", n)
	}
	if b.group(first).Status != "" || b.group(running).Status != "Running" {
		t.Error("the wrong groups went")
	}
}

func TestThousandsOfGroupsAreCheap(t *testing.T) {
	b := newBench(t, mockcloud.Config{Latencies: latencies(s, s, s, 0, s)})
	const many = 3000
	for range many {
		b.create()
	}
	b.server.Advance(10 * s)
	ids := map[string]bool{}
	ips := map[string]bool{}
	for token, pages := "", 0; ; pages++ {
		page := call[status](b, "DescribeContainerGroupStatus", wire.Params{"NextToken": token})
		for _, d := range page.Data {
			if d.Status != "Running" {
				t.Fatalf("%s is %s", d.ContainerGroupId, d.Status)
			}
			ids[d.ContainerGroupId], ips[d.PodStatus.PodIp] = true, true
		}
		if token = page.NextToken; token == "" {
			if pages != many/200-1 {
				t.Errorf("%d pages", pages+1)
			}
			break
		}
	}
	if len(ids) != many || len(ips) != many {
		t.Errorf("%d ids and %d addresses, want %d", len(ids), len(ips), many)
	}
}

func TestEventsAreBounded(t *testing.T) {
	b := newBench(t, mockcloud.Config{})
	id := b.create("Container.1.Command.1", "/exit", "Container.1.Command.2", "1")
	b.server.Advance(5 * time.Hour)
	events := b.group(id).Events
	if len(events) > 50 {
		t.Errorf("%d events", len(events))
	}
	i := slices.IndexFunc(events, func(e struct {
		Reason, Message, Type, Name string
		Count                       int
	}) bool {
		return e.Reason == "BackOff"
	})
	if i < 0 || events[i].Count < 10 || events[i].Type != "Warning" {
		t.Errorf("events %+v", events)
	}
}
