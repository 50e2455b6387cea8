package mockcloud_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ebb-node/ebb/mockcloud"
	"github.com/ebb-node/ebb/mockcloud/internal/wire"
)

func (b bench) log(id string, params ...string) string {
	b.Helper()
	p := wire.Params{"ContainerGroupId": id, "ContainerName": "app"}
	for i := 0; i < len(params); i += 2 {
		p[params[i]] = params[i+1]
	}
	out := call[struct{ ContainerName, Content string }](b, "DescribeContainerLog", p)
	if out.ContainerName != "app" {
		b.Errorf("log of %q", out.ContainerName)
	}
	return out.Content
}

func TestLogs(t *testing.T) {
	var text strings.Builder
	for i := range 600 {
		fmt.Fprintf(&text, "line %d\n", i)
	}
	b := newBench(t, mockcloud.Config{})
	id := b.create("Container.1.EnvironmentVar.1.Key", "MOCK_LOG", "Container.1.EnvironmentVar.1.Value", strings.TrimSpace(text.String()))
	b.refused("IncorrectStatus", "DescribeContainerLog", wire.Params{"ContainerGroupId": id, "ContainerName": "app"})
	start := b.server.Now()
	b.server.Advance(time.Minute)

	if n := strings.Count(b.log(id), "\n"); n != 500 {
		t.Errorf("%d lines by default, want 500", n)
	}
	if got := b.log(id, "Tail", "2"); got != "line 598\nline 599\n" {
		t.Errorf("last two lines: %q", got)
	}
	if n := strings.Count(b.log(id, "Tail", "2000"), "\n"); n != 601 {
		t.Errorf("%d lines in all, want 601", n)
	}
	if got := b.log(id, "Tail", "1", "LimitBytes", "4"); got != "line" {
		t.Errorf("4 bytes: %q", got)
	}
	got := b.log(id, "Tail", "1", "Timestamps", "true")
	stamp, line, _ := strings.Cut(got, " ")
	if at, err := time.Parse(time.RFC3339Nano, stamp); err != nil || at.Before(start) || line != "line 599\n" {
		t.Errorf("with time: %q", got)
	}
	if got := b.log(id, "SinceSeconds", "30"); got != "" {
		t.Errorf("of the last 30 s: %q", got)
	}
	if got := b.log(id, "StartTime", start.Add(-time.Second).Format(time.RFC3339), "Tail", "1"); got == "" {
		t.Error("nothing since before the start")
	}
	if got := b.log(id, "StartTime", start.Add(2*time.Second).Format(time.RFC3339)); got != "" {
		t.Errorf("since later: %q", got)
	}
	b.refused("InvalidParameter", "DescribeContainerLog", wire.Params{"ContainerGroupId": id, "ContainerName": "app", "Tail": "2001"})
	b.refused("InvalidParameter", "DescribeContainerLog", wire.Params{"ContainerGroupId": id, "ContainerName": "none"})
	b.refused("ContainerGroup.NotFound", "DescribeContainerLog", wire.Params{"ContainerGroupId": "eci-none", "ContainerName": "app"})
}

func TestLogOfTheContainerBeforeARestart(t *testing.T) {
	b := newBench(t, mockcloud.Config{})
	id := b.create("Container.1.Command.1", "/exit", "Container.1.Command.2", "9", "Container.1.Command.3", "1h")
	b.server.Advance(time.Hour + 20*time.Second)
	if got := b.log(id, "LastTime", "true"); !strings.Contains(got, "ended with 9") {
		t.Errorf("previous log %q", got)
	}
	if got := b.log(id); strings.Contains(got, "ended") {
		t.Errorf("current log %q", got)
	}
}
