package mockcloud_test

import (
	"testing"
	"time"

	"github.com/ebb-node/ebb/mockcloud"
)

type creditState struct {
	ContainerGroupID, InstanceType              string
	Balance, Cap, Limit, Earned, Spent, Initial float64
	Throttled                                   bool
}

func (b bench) credits() []creditState {
	b.Helper()
	var list []creditState
	b.admin(200, "GET", "/credits", "", &list)
	return list
}

func TestBurstableGroupsAreHeldAtTheirBaseline(t *testing.T) {
	b := newBench(t, mockcloud.Config{})
	b.create() // has no credits
	busy := b.create("InstanceType", "ecs.t5-lc1m2.small",
		"Container.1.EnvironmentVar.1.Key", "MOCK_CPU", "Container.1.EnvironmentVar.1.Value", "1")
	b.server.Advance(30 * time.Minute)

	list := b.credits()
	if len(list) != 1 || list[0].ContainerGroupID != busy || list[0].InstanceType != "ecs.t5-lc1m2.small" {
		t.Fatalf("credits %+v, want those of %s only", list, busy)
	}
	if c := list[0]; c.Throttled || c.Limit != 1 || c.Cap != 288 || c.Balance < 5 || c.Balance > 7 {
		t.Errorf("after half an hour at full speed: %+v, want 30 - 30 + 6 credits", c)
	}
	b.server.Advance(30 * time.Minute)
	if c := b.credits()[0]; !c.Throttled || c.Limit != 0.2 || c.Balance > 0.1 {
		t.Errorf("after an hour at full speed: %+v", c)
	}
	got := call[metric](b, "DescribeContainerGroupMetric", map[string]string{"ContainerGroupId": busy})
	last := got.Records[len(got.Records)-1].CPU
	if last.UsageNanoCores < 199e6 || last.UsageNanoCores > 201e6 || last.Limit != 1000 {
		t.Errorf("the metrics show %+v, want the baseline of 0.2 vCPU", last)
	}
	b.admin(200, "GET", "/state", "", &struct{ Credits []creditState }{})
}

func TestCreditsEndWithTheGroup(t *testing.T) {
	b := newBench(t, mockcloud.Config{})
	id := b.create("InstanceType", "ecs.t6-c1m1.large", "RestartPolicy", "Never",
		"Container.1.Command.1", "/exit", "Container.1.Command.2", "0", "Container.1.Command.3", "10m")
	b.server.Advance(time.Minute)
	if len(b.credits()) != 1 {
		t.Fatalf("credits %+v", b.credits())
	}
	b.server.Advance(time.Hour)
	if len(b.credits()) != 0 {
		t.Errorf("group %s has ended, and has credits: %+v", id, b.credits())
	}
}
