package mockcloud_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ebb-node/ebb/mockcloud"
)

// admin calls the admin endpoint and decodes its answer.
func (b bench) admin(want int, method, path, body string, out any) {
	b.Helper()
	request, err := http.NewRequest(method, b.server.AdminURL+path, strings.NewReader(body))
	if err != nil {
		b.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		b.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != want {
		b.Fatalf("%s %s: %d %s, %v", method, path, answer.StatusCode, text, err)
	}
	if out == nil {
		return
	}
	if err := json.Unmarshal(text, out); err != nil {
		b.Fatalf("%s %s: %s: %v", method, path, text, err)
	}
}

func TestAdminShowsStateAndCalls(t *testing.T) {
	b := newBench(t, mockcloud.Config{})
	b.admin(200, "GET", "/healthz", "", nil)
	id := b.create("Container.1.EnvironmentVar.1.Key", "PASSWORD", "Container.1.EnvironmentVar.1.Value", "hush")
	b.refused("ContainerGroup.NotFound", "DeleteContainerGroup", map[string]string{"ContainerGroupId": "eci-none"})

	var state struct {
		QuotasLifted bool
		Groups       []group
	}
	b.admin(200, "GET", "/state", "", &state)
	if !state.QuotasLifted || len(state.Groups) != 1 || state.Groups[0].ContainerGroupId != id {
		t.Errorf("state %+v", state)
	}

	var calls struct {
		Counts map[string]map[string]int
		Calls  []struct {
			Action, Code string
			Parameters   map[string]string
		}
	}
	b.admin(200, "GET", "/calls?action=DeleteContainerGroup", "", &calls)
	if calls.Counts["CreateContainerGroup"][""] != 1 || len(calls.Calls) != 1 || calls.Calls[0].Code != "ContainerGroup.NotFound" {
		t.Errorf("calls %+v", calls)
	}
	for _, path := range []string{"/state", "/calls"} {
		var raw json.RawMessage
		b.admin(200, "GET", path, "", &raw)
		if strings.Contains(string(raw), "hush") || strings.Contains(string(raw), b.server.AccessKeySecret) {
			t.Errorf("%s tells a secret: %s", path, raw)
		}
	}
	b.admin(200, "DELETE", "/calls", "", nil)
	b.admin(200, "GET", "/calls", "", &calls)
	if len(calls.Calls) != 0 {
		t.Errorf("after DELETE: %+v", calls)
	}
}

func TestAdminInjectsFaults(t *testing.T) {
	b := newBench(t, mockcloud.Config{})
	var fault struct {
		ID   string
		Hits int
	}
	b.admin(200, "POST", "/faults", `{"action":"CreateContainerGroup","match":{"ContainerGroupName":"web"},"times":1,"code":"ServiceUnavailable","status":503}`, &fault)
	b.refused("ServiceUnavailable", "CreateContainerGroup", with())
	b.create()
	var list []struct{ Hits int }
	b.admin(200, "GET", "/faults", "", &list)
	if len(list) != 1 || list[0].Hits != 1 {
		t.Errorf("faults %+v", list)
	}
	b.admin(200, "DELETE", "/faults?id="+fault.ID, "", nil)
	b.admin(200, "GET", "/faults", "", &list)
	if len(list) != 0 {
		t.Errorf("after DELETE: %+v", list)
	}
	for _, body := range []string{"", "{}", `{"akshun":"x","drop":true}`, `{"delay":5}`, `{"delay":"soon"}`} {
		b.admin(400, "POST", "/faults", body, nil)
	}
}

func TestAdminTurnsTheKnobs(t *testing.T) {
	b := newBench(t, mockcloud.Config{})
	b.admin(200, "POST", "/stock", `{"spec":"2-4Gi","state":"none"}`, nil)
	b.refused("OperationDenied.NoStock", "CreateContainerGroup", with())
	b.admin(200, "POST", "/stock", `{"spec":"2-4Gi","state":"available"}`, nil)
	b.admin(400, "POST", "/stock", `{"state":"lots"}`, nil)

	before := b.server.Now()
	b.admin(200, "POST", "/clock", `{"advance":"1h"}`, nil)
	if got := b.server.Now().Sub(before); got != time.Hour {
		t.Errorf("advanced by %v", got)
	}
	for _, body := range []string{"{}", `{"advance":"-1h"}`, `{"speed":-1}`} {
		b.admin(400, "POST", "/clock", body, nil)
	}

	spot := b.create("SpotStrategy", "SpotAsPriceGo")
	b.server.Advance(s)
	b.admin(200, "POST", "/spot-reclaim", `{"containerGroupId":"`+spot+`"}`, nil)
	b.admin(400, "POST", "/spot-reclaim", `{"containerGroupId":"`+spot+`"}`, nil)
	b.admin(400, "POST", "/spot-reclaim", `{"containerGroupId":"eci-none"}`, nil)
	b.server.Advance(3 * time.Minute)
	if got := b.group(spot).Status; got != "Expired" {
		t.Errorf("after the reclaim: %s", got)
	}

	b.admin(200, "POST", "/quotas", `{"lifted":false}`, nil)
	if b.server.QuotasLifted() {
		t.Error("quotas are still lifted")
	}
	b.admin(400, "POST", "/quotas", `{}`, nil)
}

func TestAdminSpeedsTheClockUp(t *testing.T) {
	b := newBench(t, mockcloud.Config{Latencies: latencies(time.Hour, 0, 0, 0, 0)})
	id := b.create()
	b.admin(200, "POST", "/clock", `{"speed":1000000}`, nil)
	for deadline := time.Now().Add(10 * time.Second); b.group(id).Status != "Running"; {
		if time.Now().After(deadline) {
			t.Fatalf("still %s at %v", b.group(id).Status, b.server.Now())
		}
	}
}
