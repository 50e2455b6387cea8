package mockcloud_test

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/ebb-node/ebb/instancespecs"
	"github.com/ebb-node/ebb/mockcloud"
	"github.com/ebb-node/ebb/mockcloud/internal/wire"
)

// TestABalanceThatIsSet goes up and down, and looks at the cloud's books, at the
// product's from the metrics, and at what the group is let use.
func TestABalanceThatIsSet(t *testing.T) {
	b := newBench(t, mockcloud.Config{})
	id := b.create("InstanceType", "ecs.t5-lc1m2.small",
		"Container.1.EnvironmentVar.1.Key", "MOCK_CPU", "Container.1.EnvironmentVar.1.Value", "1")
	other := b.create("InstanceType", "ecs.t5-lc1m2.small")
	b.server.Advance(s)
	ledger := b.ledger("ecs.t5-lc1m2.small", b.server.Now().Add(-s))
	for _, step := range []struct {
		balance   float64
		throttled bool
	}{{3.5, false}, {0, true}, {0.25, true}, {3.5, false}, {288, false}, {12, false}, {0, true}} {
		var answer creditState
		b.admin(200, "PUT", "/credits/"+id, fmt.Sprintf(`{"balance":%v}`, step.balance), &answer)
		now := b.credits()[0]
		if answer != now || answer.ContainerGroupID != id || math.Abs(answer.Balance-step.balance) > 0.001 || answer.Throttled != step.throttled {
			t.Errorf("set to %v: answered %+v, and the books say %+v", step.balance, answer, now)
		}
		newest := b.newest(id)
		at, err := time.Parse(time.RFC3339, newest.Timestamp)
		if err != nil {
			t.Fatal(err)
		}
		ledger.Observe(instancespecs.Sample{Time: at, UsageCoreNanoSeconds: uint64(newest.CPU.UsageCoreNanoSeconds)})
		if off := math.Abs(ledger.Balance().Total() - now.Balance); off > 0.1 {
			t.Errorf("set to %v: the product's books are %.3f off", step.balance, off)
		}
	}
	// The container wants a whole vCPU all the time.
	b.server.Advance(time.Minute)
	if used := b.newest(id).CPU.UsageNanoCores; used < 199e6 || used > 201e6 {
		t.Errorf("%d nanocores are used of the baseline of 0.2 vCPU", used)
	}
	if c := b.credits()[1]; c.ContainerGroupID != other || c.Throttled || c.Balance < 288 {
		t.Errorf("another group that did nothing: %+v", c)
	}
}

// ledger is the product's books on a new instance.
func (b bench) ledger(instanceType string, created time.Time) *instancespecs.Ledger {
	b.Helper()
	catalogue, err := instancespecs.DefaultCatalogue()
	if err != nil {
		b.Fatal(err)
	}
	typ, _ := catalogue.Lookup(instanceType)
	ledger, err := instancespecs.NewLedger(typ, instancespecs.Standard, created)
	if err != nil {
		b.Fatal(err)
	}
	return ledger
}

// newest is what the metrics say of a group last.
func (b bench) newest(id string) record {
	b.Helper()
	got := call[struct{ MonitorDatas []metric }](b, "DescribeMultiContainerGroupMetric", wire.Params{"ContainerGroupIds": `["` + id + `"]`})
	if len(got.MonitorDatas) != 1 || len(got.MonitorDatas[0].Records) != 1 {
		b.Fatalf("metrics %+v", got)
	}
	return got.MonitorDatas[0].Records[0]
}

func TestBalancesThatCannotBeSet(t *testing.T) {
	b := newBench(t, mockcloud.Config{Latencies: latencies(time.Minute, 0, 0, 0, 0)})
	waiting := b.create("InstanceType", "ecs.t6-c1m1.large")
	b.server.Advance(2 * time.Minute)
	burstable, plain, sized := waiting, b.create("InstanceType", "ecs.c6.large"), b.create()
	b.server.Advance(2 * time.Minute)
	waiting = b.create("InstanceType", "ecs.t6-c1m1.large")
	before := b.server.Now()
	for _, test := range []struct{ id, body, names string }{
		{"eci-none", `{"balance":1}`, "no container group eci-none"},
		{plain, `{"balance":1}`, plain + ": instance type ecs.c6.large is not burstable"},
		{sized, `{"balance":1}`, sized + " is of a size"},
		{waiting, `{"balance":1}`, waiting + " is Scheduling"},
		{burstable, `{"balance":-1}`, burstable + ": balance -1 is negative"},
		{burstable, `{"balance":576.5}`, burstable + ": balance 576.5 is above 576, the cap of ecs.t6-c1m1.large"},
		{burstable, `{}`, burstable + ": balance is missing"},
		{burstable, `{"balance":"much"}`, "balance"},
		{burstable, `{"credits":1}`, "credits"},
	} {
		var raw json.RawMessage
		b.admin(400, "PUT", "/credits/"+test.id, test.body, &raw)
		if !strings.Contains(string(raw), test.names) {
			t.Errorf("%s %s: %s, want it to name %q", test.id, test.body, raw, test.names)
		}
	}
	if now := b.server.Now(); now != before {
		t.Errorf("time has moved by %v", now.Sub(before))
	}
}
