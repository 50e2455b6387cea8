package mockcloud_test

import (
	"errors"
	"net/netip"
	"testing"
	"time"

	"github.com/ebb-node/ebb/mockcloud"
	"github.com/ebb-node/ebb/mockcloud/eci"
	"github.com/ebb-node/ebb/mockcloud/internal/wire"
	"github.com/ebb-node/ebb/mockcloud/rpc"
)

func TestClientTokenMakesCreateIdempotent(t *testing.T) {
	b := newBench(t, mockcloud.Config{})
	first := b.create("ClientToken", "t1")
	if again := b.create("ClientToken", "t1"); again != first {
		t.Errorf("same token, same parameters: %s and %s", first, again)
	}
	b.refused("IdempotentParameterMismatch", "CreateContainerGroup", with("ClientToken", "t1", "Container.1.Image", "other"))
	if other := b.create("ClientToken", "t2"); other == first {
		t.Error("another token made the same group")
	}
	if n := call[groups](b, "DescribeContainerGroups", nil).TotalCount; n != 2 {
		t.Errorf("%d groups, want 2", n)
	}
	call[struct{}](b, "DeleteContainerGroup", wire.Params{"ContainerGroupId": first, "Force": "true"})
	if again := b.create("ClientToken", "t1"); again != first {
		t.Errorf("after the group's end the token makes %s", again)
	}
	b.server.Advance(25 * time.Hour)
	if again := b.create("ClientToken", "t1"); again == first {
		t.Error("a day later the token is still remembered")
	}
}

func TestATokenOfARefusedCreateIsFree(t *testing.T) {
	b := newBench(t, mockcloud.Config{})
	b.refused("InvalidVSwitchId.NotFound", "CreateContainerGroup", with("ClientToken", "t", "VSwitchId", "vsw-none"))
	b.create("ClientToken", "t")
}

func TestALostAnswerIsRepeatedWithTheSameToken(t *testing.T) {
	b := newBench(t, mockcloud.Config{})
	if _, err := b.server.AddFault(rpc.Fault{Action: "CreateContainerGroup", Drop: true, Times: 1}); err != nil {
		t.Fatal(err)
	}
	var refused *wire.Failure
	if err := b.client.Call("CreateContainerGroup", with("ClientToken", "t"), nil); err == nil || errors.As(err, &refused) {
		t.Fatalf("error = %v, want a broken connection", err)
	}
	b.create("ClientToken", "t")
	if n := call[groups](b, "DescribeContainerGroups", nil).TotalCount; n != 1 {
		t.Errorf("%d groups, want 1", n)
	}
}

func setStock(b bench, zone, spec, state string) {
	b.Helper()
	if err := b.server.SetStock(eci.StockSetting{Zone: zone, Spec: spec, State: state}); err != nil {
		b.Fatal(err)
	}
}

func TestStockRunsOut(t *testing.T) {
	b := newBench(t, mockcloud.Config{})
	setStock(b, "", "2-4Gi", eci.StockNone)
	if err := b.client.Call("CreateContainerGroup", with(), nil); err == nil {
		t.Error("created without stock")
	} else if code, status := codeOf(t, err); code != "OperationDenied.NoStock" || status != 403 {
		t.Errorf("got %s (%d)", code, status)
	}
	if id := b.create("Cpu", "4", "Memory", "8"); b.group(id).Cpu != 4 {
		t.Error("another size was not created")
	}
}

func TestStockRunsOutAfterTheCall(t *testing.T) {
	b := newBench(t, mockcloud.Config{})
	setStock(b, "", "", eci.StockNoneDelayed)
	id := b.create()
	b.server.Advance(s)
	g := b.group(id)
	if g.Status != "ScheduleFailed" || g.reasons()["NoStock"] != 1 || g.IntranetIp != "" {
		t.Errorf("group %+v", g)
	}
	b.server.Advance(2 * time.Hour)
	if b.group(id).Status != "ScheduleFailed" {
		t.Error("gone before its day is over")
	}
	b.server.Advance(22 * time.Hour)
	if b.group(id).Status != "" {
		t.Error("still there after a day")
	}
}

func TestTheFirstTypeAndZoneInStockAreTaken(t *testing.T) {
	b := newBench(t, mockcloud.Config{})
	setStock(b, "", "ecs.c6.large", eci.StockNone)
	setStock(b, "cn-hangzhou-i", "ecs.t6-c1m1.large", eci.StockNone)
	params := []string{"InstanceType", "ecs.c6.large, ecs.t6-c1m1.large", "VSwitchId", "vsw-mock-i,vsw-mock-j", "ScheduleStrategy", "VSwitchOrdered"}
	g := b.group(b.create(params...))
	if g.InstanceType != "ecs.t6-c1m1.large" || g.ZoneId != "cn-hangzhou-j" || g.Cpu != 2 || g.Memory != 2 {
		t.Errorf("group %+v", g)
	}
	setStock(b, "cn-hangzhou-j", "", eci.StockNone)
	setStock(b, "cn-hangzhou-j", "ecs.t6-c1m1.large", eci.StockNone)
	b.refused("OperationDenied.NoStock", "CreateContainerGroup", with(params...))
}

func TestAddressesRunOutAndComeBack(t *testing.T) {
	b := newBench(t, mockcloud.Config{VSwitches: []eci.VSwitch{
		{ID: "vsw-small", Zone: "z", CIDR: netip.MustParsePrefix("10.1.0.0/29")},
	}})
	var last string
	for range 4 { // 8 addresses, 4 of them reserved
		last = b.create()
	}
	b.refused("InvalidVSwitchId.IpNotEnough", "CreateContainerGroup", with())
	call[struct{}](b, "DeleteContainerGroup", wire.Params{"ContainerGroupId": last, "Force": "true"})
	// The address is free when the runtime has let go of the group.
	for deadline := time.Now().Add(10 * time.Second); ; {
		code, _ := codeOf(t, b.client.Call("CreateContainerGroup", with(), nil))
		if code == "" {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("still %s", code)
		}
	}
}

func TestSpotGroupsAreReclaimed(t *testing.T) {
	b := newBench(t, mockcloud.Config{})
	id, lasting := b.create("SpotStrategy", "SpotAsPriceGo"), b.create()
	b.server.Advance(s)
	if g := b.group(id); g.Cpu != 2 {
		t.Errorf("spot group of %v vCPU", g.Cpu)
	}
	if err := b.server.ReclaimSpot(lasting); err == nil {
		t.Error("a group that is no spot group was reclaimed")
	}
	if err := b.server.ReclaimSpot(id); err != nil {
		t.Fatal(err)
	}
	if g := b.group(id); g.Status != "Running" || g.reasons()["SpotToBeReleased"] != 1 {
		t.Errorf("after the warning: %+v", g)
	}
	b.server.Advance(179 * s)
	if got := b.group(id).Status; got != "Running" {
		t.Errorf("a second before the end: %s", got)
	}
	b.server.Advance(2 * s)
	g := b.group(id)
	if g.Status != "Expired" || g.ExpiredTime == "" || g.Containers[0].CurrentState.State != "Terminated" {
		t.Errorf("after the end: %+v", g)
	}
}

func TestDocumentedCreateQuota(t *testing.T) {
	server, client := newCloud(t, mockcloud.Config{Frozen: true})
	throttled := 0
	start := time.Now()
	for range 130 {
		if code, _ := codeOf(t, client.Call("CreateContainerGroup", with(), nil)); code == "Throttling.User" {
			throttled++
		} else if code != "" {
			t.Fatal(code)
		}
	}
	// A burst of 100, and 20 more for every second that the loop took.
	most := 30
	least := most - int(time.Since(start).Seconds()*20) - 1
	if throttled > most || throttled < least {
		t.Errorf("%d of 130 calls throttled, want %d to %d", throttled, least, most)
	}
	if n := server.Counts()["CreateContainerGroup"]["Throttling.User"]; n != throttled {
		t.Errorf("%d recorded, %d seen", n, throttled)
	}
}
