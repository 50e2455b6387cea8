package mockcloud_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ebb-node/ebb/mockcloud"
	"github.com/ebb-node/ebb/mockcloud/internal/wire"
)

func TestDescribePagesAndFilters(t *testing.T) {
	b := newBench(t, mockcloud.Config{})
	for i := range 45 {
		zone := []string{"vsw-mock-i", "vsw-mock-j"}[i%2]
		b.create("ContainerGroupName", fmt.Sprintf("g%02d", i), "VSwitchId", zone,
			"Tag.1.Key", "parity", "Tag.1.Value", fmt.Sprint(i%2), "Tag.2.Key", "all", "Tag.2.Value", "yes")
	}
	b.server.Advance(s)
	b.create("ContainerGroupName", "late")

	count := func(p wire.Params) int { return call[groups](b, "DescribeContainerGroups", p).TotalCount }
	for _, test := range []struct {
		params wire.Params
		want   int
	}{
		{nil, 46},
		{wire.Params{"Tag.1.Key": "parity", "Tag.1.Value": "0"}, 23},
		{wire.Params{"Tag.1.Key": "parity"}, 45},
		{wire.Params{"Tag.1.Key": "parity", "Tag.1.Value": "0", "Tag.2.Key": "all", "Tag.2.Value": "no"}, 0},
		{wire.Params{"ZoneId": "cn-hangzhou-j"}, 22},
		{wire.Params{"VSwitchId": "vsw-mock-j"}, 22},
		{wire.Params{"ContainerGroupName": "g07"}, 1},
		{wire.Params{"Status": "Running"}, 45},
		{wire.Params{"Status": "Scheduling"}, 1},
		{wire.Params{"ContainerGroupIds": `["eci-none"]`}, 0},
	} {
		if got := count(test.params); got != test.want {
			t.Errorf("%v: %d groups, want %d", test.params, got, test.want)
		}
	}

	seen := map[string]bool{}
	pages := 0
	for token := ""; pages == 0 || token != ""; pages++ {
		page := call[groups](b, "DescribeContainerGroups", wire.Params{"NextToken": token})
		for _, g := range page.ContainerGroups {
			seen[g.ContainerGroupName] = true
		}
		token = page.NextToken
	}
	if pages != 3 || len(seen) != 46 {
		t.Errorf("%d groups on %d pages, want 46 on 3", len(seen), pages)
	}

	many := `["` + strings.Repeat(`x","`, 20) + `x"]`
	b.refused("InvalidParameter", "DescribeContainerGroups", wire.Params{"Limit": "21"})
	b.refused("InvalidParameter", "DescribeContainerGroups", wire.Params{"ContainerGroupIds": many})
	b.refused("InvalidParameter", "DescribeContainerGroups", wire.Params{"NextToken": "?"})
	b.refused("InvalidParameter", "DescribeContainerGroupStatus", wire.Params{"Limit": "201"})
	b.refused("InvalidParameter", "DescribeContainerGroupStatus", wire.Params{"ContainerGroupIds": many})
}

func TestPagesHoldWhileGroupsComeAndGo(t *testing.T) {
	b := newBench(t, mockcloud.Config{})
	var ids []string
	for range 6 {
		ids = append(ids, b.create())
	}
	first := call[groups](b, "DescribeContainerGroups", wire.Params{"Limit": "2"})
	for _, id := range ids[:3] {
		call[struct{}](b, "DeleteContainerGroup", wire.Params{"ContainerGroupId": id, "Force": "true"})
	}
	ids = append(ids, b.create())
	var rest []string
	for token := first.NextToken; token != ""; {
		page := call[groups](b, "DescribeContainerGroups", wire.Params{"Limit": "2", "NextToken": token})
		for _, g := range page.ContainerGroups {
			rest = append(rest, g.ContainerGroupId)
		}
		token = page.NextToken
	}
	if diff := cmp.Diff(ids[3:], rest); diff != "" {
		t.Errorf("rest of the pages (-want +got):\n%s", diff)
	}
}

func TestStatusSinceTellsChangesOnly(t *testing.T) {
	b := newBench(t, mockcloud.Config{})
	old := b.create("Tag.1.Key", "node", "Tag.1.Value", "a")
	b.server.Advance(time.Minute)
	fresh := b.create("Tag.1.Key", "node", "Tag.1.Value", "a")
	b.create("Tag.1.Key", "node", "Tag.1.Value", "b")
	b.server.Advance(s)
	changed := func() (ids []string) {
		got := call[status](b, "DescribeContainerGroupStatus",
			wire.Params{"SinceSecond": "5", "Tag.1.Key": "node", "Tag.1.Value": "a"})
		for _, d := range got.Data {
			ids = append(ids, d.ContainerGroupId)
		}
		return ids
	}
	if diff := cmp.Diff([]string{fresh}, changed()); diff != "" {
		t.Errorf("after a create (-want +got):\n%s", diff)
	}
	b.server.Advance(time.Minute)
	if got := changed(); got != nil {
		t.Errorf("after quiet: %v", got)
	}
	call[struct{}](b, "DeleteContainerGroup", wire.Params{"ContainerGroupId": old})
	if diff := cmp.Diff([]string{old}, changed()); diff != "" {
		t.Errorf("after a delete (-want +got):\n%s", diff)
	}
}

// TestStatusHasTheOddKeysOfTheService pins the raw spelling.
func TestStatusHasTheOddKeysOfTheService(t *testing.T) {
	b := newBench(t, mockcloud.Config{})
	id := b.create("Container.2.Name", "job", "Container.2.Image", "x", "Container.2.Command.1", "/exit", "Container.2.Command.2", "2", "RestartPolicy", "Never")
	b.server.Advance(s)
	raw := call[map[string]any](b, "DescribeContainerGroupStatus", nil)
	data := raw["Data"].([]any)[0].(map[string]any)
	pod := data["PodStatus"].(map[string]any)
	if data["uuid"] != id || pod["Phase"] != "Running" {
		t.Errorf("data %v", data)
	}
	conditions := map[string]string{}
	for _, c := range pod["Conditions"].([]any) {
		condition := c.(map[string]any)
		conditions[condition["type"].(string)] = condition["status"].(string)
		if condition["lastTransitionTime"] == "" {
			t.Errorf("condition %v has no time", condition)
		}
	}
	want := map[string]string{"PodScheduled": "True", "ContainerInstanceCreated": "True", "Initialized": "True", "Ready": "False", "ContainersReady": "False"}
	if diff := cmp.Diff(want, conditions); diff != "" {
		t.Errorf("conditions (-want +got):\n%s", diff)
	}
	statuses := pod["ContainerStatuses"].([]any)
	running := statuses[0].(map[string]any)["State"].(map[string]any)["Running"].(map[string]any)
	if running["StartedAtstartedAt"] == nil {
		t.Errorf("running %v", running)
	}
	ended := statuses[1].(map[string]any)["State"].(map[string]any)["Terminated"].(map[string]any)
	if ended["ExitCode"] != 2.0 || ended["ContainerID"] == "" || ended["FinishedAt"] == "" {
		t.Errorf("terminated %v", ended)
	}
}

func TestEventsHaveSources(t *testing.T) {
	b := newBench(t, mockcloud.Config{})
	id := b.create("SpotStrategy", "SpotAsPriceGo")
	b.server.Advance(time.Minute)
	if err := b.server.ReclaimSpot(id); err != nil {
		t.Fatal(err)
	}
	type events struct {
		Data []struct {
			Events []struct {
				Type, Reason   string
				Source         struct{ Component string }
				InvolvedObject struct{ Kind, Uid string } `json:"involvedObject"`
			}
		}
	}
	reasons := func(p wire.Params) (list []string) {
		for _, d := range call[events](b, "DescribeContainerGroupEvents", p).Data {
			for _, e := range d.Events {
				list = append(list, e.Source.Component+" "+e.Reason)
				if e.InvolvedObject.Kind != "Pod" || e.InvolvedObject.Uid != id {
					t.Errorf("event %+v", e)
				}
			}
		}
		return list
	}
	if diff := cmp.Diff([]string{"EciService SpotToBeReleased"}, reasons(wire.Params{"EventSource": "EciService"})); diff != "" {
		t.Errorf("of the service (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"EciService SpotToBeReleased"}, reasons(wire.Params{"SinceSecond": "30"})); diff != "" {
		t.Errorf("of late (-want +got):\n%s", diff)
	}
	if all := reasons(nil); len(all) != 4 {
		t.Errorf("all: %v", all)
	}
}

func TestGETIsRefusedWhereTheAPIWantsPOST(t *testing.T) {
	b := newBench(t, mockcloud.Config{})
	b.client.Method = "GET"
	b.refused("UnsupportedHTTPMethod", "DescribeContainerGroupStatus", nil)
	b.refused("", "DescribeContainerGroups", nil)
}

func TestDescribeRegions(t *testing.T) {
	b := newBench(t, mockcloud.Config{})
	got := call[struct {
		Regions []struct {
			RegionId, RegionEndpoint string
			Zones                    []string
		}
	}](b, "DescribeRegions", nil)
	if len(got.Regions) != 1 || got.Regions[0].RegionId != "cn-hangzhou" || got.Regions[0].RegionEndpoint != b.server.Endpoint ||
		!cmp.Equal(got.Regions[0].Zones, []string{"cn-hangzhou-i", "cn-hangzhou-j"}) {
		t.Errorf("regions %+v", got)
	}
}
