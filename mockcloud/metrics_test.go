package mockcloud_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ebb-node/ebb/mockcloud"
	"github.com/ebb-node/ebb/mockcloud/internal/wire"
	"github.com/ebb-node/ebb/mockcloud/runtime/simulated"
)

type usage struct {
	CPU struct {
		UsageNanoCores, UsageCoreNanoSeconds, Limit int64
	}
	Memory struct {
		UsageBytes, WorkingSet, AvailableBytes int64
	}
}

type record struct {
	usage
	Timestamp  string
	Network    struct{ Interfaces []struct{ Name string } }
	Containers []struct {
		usage
		Name string
	}
}

type metric struct {
	ContainerGroupId string
	Records          []record
}

func TestMetrics(t *testing.T) {
	b := newBench(t, mockcloud.Config{Load: simulated.Load{CPU: 0.1, Memory: 1 << 20}})
	id := b.create(
		"Container.1.EnvironmentVar.1.Key", "MOCK_CPU", "Container.1.EnvironmentVar.1.Value", "0.25",
		"Container.1.EnvironmentVar.2.Key", "MOCK_MEMORY", "Container.1.EnvironmentVar.2.Value", "1048576",
		"Container.1.Cpu", "0.5", "Container.1.Memory", "1",
		"Container.2.Name", "side", "Container.2.Image", "x", "Container.2.Cpu", "0.5", "Container.2.Memory", "1")
	b.server.Advance(10 * time.Minute)

	got := call[metric](b, "DescribeContainerGroupMetric", wire.Params{"ContainerGroupId": id})
	if len(got.Records) != 20 && len(got.Records) != 21 {
		t.Fatalf("%d records by default, want 5 minutes of 15 s", len(got.Records))
	}
	r := got.Records[len(got.Records)-1]
	near := func(what string, got, want int64) {
		t.Helper()
		if got < want*99/100 || got > want*101/100 {
			t.Errorf("%s = %d, want %d", what, got, want)
		}
	}
	near("group cores", r.CPU.UsageNanoCores, 350_000_000)
	near("group seconds", r.CPU.UsageCoreNanoSeconds, 210_000_000_000)
	near("group limit", r.CPU.Limit, 1000)
	near("container cores", r.Containers[0].CPU.UsageNanoCores, 250_000_000)
	near("container limit", r.Containers[0].CPU.Limit, 500)
	near("default load", r.Containers[1].CPU.UsageNanoCores, 100_000_000)
	near("memory", r.Memory.WorkingSet, 2<<20)
	near("available", r.Containers[0].Memory.AvailableBytes, 1<<30-1<<20)
	if r.Network.Interfaces[0].Name != "eth0" || r.Containers[1].Name != "side" {
		t.Errorf("record %+v", r)
	}

	if n := len(call[metric](b, "DescribeContainerGroupMetric", wire.Params{"ContainerGroupId": id, "Period": "60"}).Records); n != 5 {
		t.Errorf("%d records of 60 s, want 5", n)
	}
	b.refused("InvalidParameter", "DescribeContainerGroupMetric", wire.Params{"ContainerGroupId": id, "Period": "45"})
	b.refused("ContainerGroup.NotFound", "DescribeContainerGroupMetric", wire.Params{"ContainerGroupId": "eci-none"})
}

func TestMetricsOfManyGroups(t *testing.T) {
	b := newBench(t, mockcloud.Config{Load: simulated.Load{CPU: 1}})
	var ids []string
	for range 20 {
		ids = append(ids, `"`+b.create()+`"`)
	}
	type answer struct{ MonitorDatas []metric }
	ask := func(list ...string) []metric {
		return call[answer](b, "DescribeMultiContainerGroupMetric",
			wire.Params{"ContainerGroupIds": "[" + strings.Join(list, ",") + "]", "MetricType": "summary"}).MonitorDatas
	}
	b.server.Advance(s)
	for _, m := range ask(ids...) {
		if len(m.Records) != 0 {
			t.Errorf("a record before the first sample: %+v", m)
		}
	}
	b.server.Advance(time.Minute)
	all := ask(ids...)
	if len(all) != 20 {
		t.Fatalf("%d groups", len(all))
	}
	for _, m := range all {
		if len(m.Records) != 1 || m.Records[0].CPU.UsageNanoCores < 990_000_000 {
			t.Errorf("%+v", m)
		}
	}
	if n := len(ask(`"eci-none"`, ids[0])); n != 1 {
		t.Errorf("%d groups, want the known one only", n)
	}
	b.refused("InvalidParameter", "DescribeMultiContainerGroupMetric",
		wire.Params{"ContainerGroupIds": fmt.Sprintf("[%s,%s]", strings.Join(ids, ","), `"x"`)})
	b.refused("MissingParameter", "DescribeMultiContainerGroupMetric", nil)
}
