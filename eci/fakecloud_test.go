package eci

import (
	"context"
	"encoding/json"
	"fmt"
	"sort"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/ebb-node/ebb/alicloud"
	"k8s.io/utils/clock"
)

// fakeCloud answers the listing calls from a table of groups, by a clock that
// tests move. It speaks the wire's JSON, so that decoding is part of the test.
type fakeCloud struct {
	clock clock.PassiveClock

	mu      sync.Mutex
	groups  map[string]*fakeGroup
	calls   []string // action and what distinguishes it
	fail    map[string]error
	blind   bool // listings are empty: the permission is missing
	logCode error
}

type fakeGroup struct {
	wire    map[string]any // of DescribeContainerGroups
	status  map[string]any // of DescribeContainerGroupStatus
	changed time.Time
	hidden  bool // from listings, not from a question by id
}

func newFakeCloud(c clock.PassiveClock) *fakeCloud {
	return &fakeCloud{clock: c, groups: map[string]*fakeGroup{}, fail: map[string]error{}}
}

// set puts a group into a state.
func (f *fakeCloud) set(id string, status Status, ip string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	g := f.groups[id]
	if g == nil {
		g = &fakeGroup{}
		f.groups[id] = g
	}
	state := map[string]any{"Waiting": map[string]any{"Reason": "ContainerCreating"}}
	if status == StatusRunning {
		state = map[string]any{"Running": map[string]any{"StartedAt": "2026-03-01T01:00:00Z"}}
	}
	g.changed = f.clock.Now()
	g.wire = map[string]any{
		"ContainerGroupId": id, "ContainerGroupName": "n-" + id, "Status": status, "IntranetIp": ip, "Cpu": 2,
		"Tags":       []any{map[string]any{"Key": "uid", "Value": "u-" + id}},
		"Containers": []any{map[string]any{"Name": "app", "Image": "i", "Cpu": 2}},
	}
	if ip != "" {
		g.wire["EniInstanceId"] = "eni-" + id
	}
	g.status = map[string]any{
		"ContainerGroupId": id, "Status": status,
		"PodStatus": map[string]any{"PodIp": ip, "ContainerStatuses": []any{
			map[string]any{"Name": "app", "ImageID": "sha", "Ready": status == StatusRunning, "State": state},
		}},
	}
}

func (f *fakeCloud) edit(id string, change func(*fakeGroup)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change(f.groups[id])
}

func (f *fakeCloud) remove(id string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.groups, id)
}

// took returns and forgets the calls so far.
func (f *fakeCloud) took() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	calls := f.calls
	f.calls = nil
	return calls
}

func (f *fakeCloud) Region() string { return "cn-test" }

func (f *fakeCloud) Call(_ context.Context, r alicloud.Request, out any) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls = append(f.calls, callName(r))
	if err := f.fail[r.Action]; err != nil {
		return err
	}
	var answer map[string]any
	switch r.Action {
	case "DescribeContainerGroups":
		answer = f.page(r, "ContainerGroups", func(g *fakeGroup) any { return g.wire })
	case "DescribeContainerGroupStatus":
		answer = f.page(r, "Data", func(g *fakeGroup) any { return g.status })
	case "DescribeContainerLog":
		return f.logCode
	default:
		return fmt.Errorf("fake cloud: no action %s", r.Action)
	}
	text, err := json.Marshal(answer)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, out)
}

// callName is short for the comparisons in tests.
func callName(r alicloud.Request) string {
	name := strings.TrimPrefix(r.Action, "Describe")
	if ids := r.Params["ContainerGroupIds"]; ids != "" {
		name += " " + ids
	}
	if since := r.Params["SinceSecond"]; since != "" {
		name += " since " + since
	}
	if token := r.Params["NextToken"]; token != "" {
		name += " from " + token
	}
	return name
}

func (f *fakeCloud) page(r alicloud.Request, field string, entry func(*fakeGroup) any) map[string]any {
	var asked []string
	_ = json.Unmarshal([]byte(r.Params["ContainerGroupIds"]), &asked)
	var ids []string
	for id, g := range f.groups {
		since, _ := strconv.Atoi(r.Params["SinceSecond"])
		recent := since == 0 || f.clock.Since(g.changed) <= time.Duration(since)*time.Second
		if f.blind || !recent || len(asked) > 0 && !contains(asked, id) || len(asked) == 0 && g.hidden {
			continue
		}
		ids = append(ids, id)
	}
	sort.Strings(ids)
	from, _ := strconv.Atoi(r.Params["NextToken"])
	limit, _ := strconv.Atoi(r.Params["Limit"])
	answer := map[string]any{}
	entries := []any{}
	for _, id := range ids[min(from, len(ids)):min(from+limit, len(ids))] {
		entries = append(entries, entry(f.groups[id]))
	}
	if from+limit < len(ids) {
		answer["NextToken"] = strconv.Itoa(from + limit)
	}
	answer[field] = entries
	return answer
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}
