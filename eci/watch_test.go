package eci

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ebb-node/ebb/alicloud"
	"github.com/google/go-cmp/cmp"
	"k8s.io/utils/clock"
	clocktesting "k8s.io/utils/clock/testing"
)

// watched is a Watch over a fake cloud, looked through by hand.
type watched struct {
	*Watch
	t       *testing.T
	clock   *clocktesting.FakeClock
	cloud   *fakeCloud
	changes []Group
	gone    []string
}

func newWatched(t *testing.T) *watched {
	clock := clocktesting.NewFakeClock(time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC))
	w := &watched{t: t, clock: clock, cloud: newFakeCloud(clock)}
	w.Watch = NewWatch(&Client{cloud: w.cloud, clock: clock}, WatchConfig{
		Tags: []KeyValue{{"node", "ebb"}}, Clock: clock,
		OnChange: func(g Group) { w.changes = append(w.changes, g) },
		OnGone:   func(id string) { w.gone = append(w.gone, id) },
	})
	return w
}

// tick looks once, after d, and returns the calls that this took.
func (w *watched) tick(d time.Duration) []string {
	w.t.Helper()
	w.clock.Step(d)
	w.cloud.took()
	w.changes, w.gone = nil, nil
	if err := w.look(context.Background()); err != nil {
		w.t.Fatal(err)
	}
	return w.cloud.took()
}

func (w *watched) want(what string, got, want []string) {
	w.t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		w.t.Errorf("%s (-want +got): %s", what, diff)
	}
}

// told are the changes as "id state address".
func (w *watched) told() []string {
	var out []string
	for _, g := range w.changes {
		out = append(out, strings.TrimSpace(fmt.Sprintf("%s %s %s", g.ID, g.Status, g.IntranetIP)))
	}
	return out
}

func TestWatchStartsWithFullListing(t *testing.T) {
	w := newWatched(t)
	for i := range 45 {
		w.cloud.set(fmt.Sprintf("g%02d", i), StatusRunning, "10.0.0.1")
	}
	select {
	case <-w.Synced():
		t.Error("synced before the first look")
	default:
	}
	calls := w.tick(0)
	w.want("calls", calls, []string{"ContainerGroups", "ContainerGroups from 20", "ContainerGroups from 40", "ContainerGroupStatus"})
	if len(w.changes) != 45 {
		t.Fatalf("%d changes, want 45", len(w.changes))
	}
	<-w.Synced()
	g := w.changes[0]
	if g.ENIID != "eni-g00" || g.Tag("uid") != "u-g00" || g.Containers[0].ImageID != "sha" || g.CPU != 2 || !g.Containers[0].Ready {
		t.Errorf("the group must have what both calls tell: %+v", g)
	}
}

func TestWatchCostsOneCallPerLook(t *testing.T) {
	w := newWatched(t)
	for i := range 150 {
		w.cloud.set(fmt.Sprintf("g%03d", i), StatusRunning, "10.0.0.1")
	}
	w.tick(0)
	for range 20 {
		w.want("calls", w.tick(2*time.Second), []string{"ContainerGroupStatus since 7"})
		if len(w.changes) != 0 {
			t.Fatalf("changes without any: %v", w.told())
		}
	}
	// A change of many at once is still one call, and each is told once.
	for i := range 100 {
		w.cloud.edit(fmt.Sprintf("g%03d", i), func(g *fakeGroup) {
			g.status["PodStatus"].(map[string]any)["ContainerStatuses"].([]any)[0].(map[string]any)["RestartCount"] = 1
			g.changed = w.clock.Now()
		})
	}
	w.want("calls", w.tick(time.Second), []string{"ContainerGroupStatus since 6"})
	if len(w.changes) != 100 || w.changes[0].Containers[0].RestartCount != 1 {
		t.Fatalf("%d changes, want 100", len(w.changes))
	}
	w.tick(time.Second) // the overlap tells them again
	if len(w.changes) != 0 {
		t.Errorf("told twice: %v", w.told())
	}
}

func TestWatchPagesOnlyBeyond200Changes(t *testing.T) {
	w := newWatched(t)
	w.tick(0)
	for i := range 201 {
		w.Add(Group{ID: fmt.Sprintf("g%03d", i)})
		w.cloud.set(fmt.Sprintf("g%03d", i), StatusPending, "")
	}
	w.want("calls", w.tick(time.Second), []string{"ContainerGroupStatus since 6", "ContainerGroupStatus since 6 from 200"})
	if len(w.changes) != 201 {
		t.Errorf("%d changes, want 201", len(w.changes))
	}
}

func TestWatchFollowsALife(t *testing.T) {
	w := newWatched(t)
	w.tick(0)
	w.Add(Group{ID: "g", Name: "web", Tags: []KeyValue{{"uid", "u-g"}}})

	w.cloud.set("g", StatusPending, "")
	w.want("calls of a group that was added", w.tick(time.Second), []string{"ContainerGroupStatus since 6"})
	w.want("told", w.told(), []string{"g Pending"})

	w.cloud.set("g", StatusRunning, "10.0.0.9")
	w.want("calls for the first address", w.tick(time.Second),
		[]string{"ContainerGroupStatus since 6", `ContainerGroups ["g"]`})
	w.want("told", w.told(), []string{"g Running 10.0.0.9"})
	if w.changes[0].ENIID != "eni-g" || w.changes[0].CPU != 2 {
		t.Errorf("the first address must come with what only describe tells: %+v", w.changes[0])
	}

	w.want("calm", w.tick(time.Second), []string{"ContainerGroupStatus since 6"})
	w.want("told", w.told(), nil)

	w.cloud.set("g", StatusSucceeded, "10.0.0.9")
	w.want("calls for the end", w.tick(time.Second), []string{"ContainerGroupStatus since 6", `ContainerGroups ["g"]`})
	w.want("told", w.told(), []string{"g Succeeded 10.0.0.9"})

	w.Ending("g")
	w.cloud.set("g", StatusTerminating, "10.0.0.9")
	w.want("a group that ends is looked for", w.tick(time.Second), []string{"ContainerGroupStatus"})
	w.want("told", w.told(), []string{"g Terminating 10.0.0.9"})

	w.cloud.remove("g")
	w.want("absence is checked by id", w.tick(time.Second), []string{"ContainerGroupStatus", `ContainerGroups ["g"]`})
	w.want("gone", w.gone, []string{"g"})
	w.want("calm again", w.tick(time.Second), []string{"ContainerGroupStatus since 6"})
	if _, ok := w.Get("g"); ok || len(w.List()) != 0 {
		t.Error("a gone group is still known")
	}
}

// A group that somebody else created is described before it is told of: its
// tags say whose it is.
func TestWatchDescribesStrangers(t *testing.T) {
	w := newWatched(t)
	w.tick(0)
	for i := range 25 {
		w.cloud.set(fmt.Sprintf("g%02d", i), StatusPending, "")
	}
	calls := w.tick(time.Second)
	if len(calls) != 3 || !strings.HasPrefix(calls[1], `ContainerGroups ["g`) {
		t.Errorf("25 strangers must cost two describe calls: %v", calls)
	}
	if len(w.changes) != 25 || w.changes[3].Tag("uid") == "" {
		t.Errorf("%d changes", len(w.changes))
	}

	w.cloud.fail["DescribeContainerGroups"] = errors.New("no answer")
	w.cloud.set("late", StatusRunning, "10.0.0.1")
	w.clock.Step(time.Second)
	w.changes = nil
	if err := w.look(context.Background()); err == nil {
		t.Error("the failure is not told")
	}
	if len(w.changes) != 0 {
		t.Errorf("told without tags: %v", w.told())
	}
	delete(w.cloud.fail, "DescribeContainerGroups")
	w.tick(describeAgain)
	w.want("told", w.told(), []string{"late Running 10.0.0.1"})
}

func TestWatchSeesInitContainers(t *testing.T) {
	w := newWatched(t)
	w.tick(0)
	w.Add(Group{ID: "g", InitContainers: []ContainerStatus{{Name: "init"}}})
	describeInit := func(state string) {
		w.cloud.set("g", StatusPending, "")
		w.cloud.edit("g", func(g *fakeGroup) {
			g.wire["InitContainers"] = []any{map[string]any{"Name": "init", "CurrentState": map[string]any{"State": state}}}
			g.status["PodStatus"].(map[string]any)["Phase"] = state // some news
		})
	}
	for _, state := range []string{"Running", "Terminated"} {
		describeInit(state)
		w.want("calls", w.tick(time.Second), []string{"ContainerGroupStatus since 6", `ContainerGroups ["g"]`})
		if got := w.changes[0].InitContainers[0].Current.State; got != state {
			t.Errorf("init container %q, want %q", got, state)
		}
	}
}

// Listings are asked for without events and answer with an empty list.
func TestWatchFullListingKeepsEvents(t *testing.T) {
	w := newWatched(t)
	w.tick(0)
	w.Add(Group{ID: "g", Events: []Event{{Reason: "Pulled"}}})
	w.cloud.set("g", StatusPending, "")
	w.cloud.edit("g", func(g *fakeGroup) { g.wire["Events"] = []any{} })
	w.want("calls", w.tick(defaultFullEvery), []string{"ContainerGroups", "ContainerGroupStatus"})
	if g, _ := w.Get("g"); len(g.Events) != 1 || g.Events[0].Reason != "Pulled" {
		t.Errorf("events %v, want those that were known", g.Events)
	}
}

// The reason of an end is in the events.
func TestWatchDescribesAnEndThatAListingShows(t *testing.T) {
	w := newWatched(t)
	w.cloud.set("g", StatusRunning, "10.0.0.1")
	w.tick(0)
	w.cloud.set("g", StatusFailed, "10.0.0.1")
	w.cloud.edit("g", func(g *fakeGroup) { g.wire["Events"] = []any{map[string]any{"Reason": "OOMKilled"}} })
	w.cloud.fail["DescribeContainerGroupStatus"] = errors.New("no answer")
	w.clock.Step(defaultFullEvery)
	if err := w.look(context.Background()); err == nil {
		t.Error("no error")
	}
	delete(w.cloud.fail, "DescribeContainerGroupStatus")
	w.want("calls", w.tick(time.Second), []string{"ContainerGroups", "ContainerGroupStatus", `ContainerGroups ["g"]`})
	w.want("told", w.told(), []string{"g Failed 10.0.0.1"})
	if events := w.changes[0].Events; len(events) != 1 || events[0].Reason != "OOMKilled" {
		t.Errorf("events %v, want the reason of the end", events)
	}
	w.want("described once", w.tick(defaultFullEvery), []string{"ContainerGroups", "ContainerGroupStatus"})
}

// An older describe answer must not turn a group back for good.
func TestWatchStatusBeatsDescribe(t *testing.T) {
	w := newWatched(t)
	w.tick(0)
	w.Add(Group{ID: "g"})
	w.cloud.set("g", StatusRunning, "10.0.0.1")
	w.cloud.edit("g", func(g *fakeGroup) { g.wire["Status"], g.wire["IntranetIp"] = StatusPending, "" })
	w.tick(time.Second)
	w.want("told", w.told(), []string{"g Running 10.0.0.1"})
}

func TestWatchBridgesGapsAndErrors(t *testing.T) {
	w := newWatched(t)
	w.cloud.set("g", StatusPending, "")
	w.tick(0)
	w.cloud.fail["DescribeContainerGroupStatus"] = errors.New("no answer")
	w.clock.Step(10 * time.Second)
	if err := w.look(context.Background()); err == nil {
		t.Error("no error")
	}
	w.cloud.set("g", StatusRunning, "10.0.0.1")
	w.clock.Step(20 * time.Second)
	delete(w.cloud.fail, "DescribeContainerGroupStatus")
	calls := w.tick(10 * time.Second)
	if calls[0] != "ContainerGroupStatus since 45" {
		t.Errorf("the call must reach back to the last good one: %v", calls)
	}
	w.want("told", w.told(), []string{"g Running 10.0.0.1"})

	w.want("a long gap needs a full listing", w.tick(2*time.Minute), []string{"ContainerGroups", "ContainerGroupStatus"})
	for range 9 {
		w.want("then no more", w.tick(30*time.Second), []string{"ContainerGroupStatus since 35"})
		w.want("all once a minute", w.tick(30*time.Second), []string{"ContainerGroupStatus"})
	}
	w.tick(30 * time.Second)
	w.want("until it is time", w.tick(30*time.Second), []string{"ContainerGroups", "ContainerGroupStatus"})
}

func TestWatchFullListingIsRepeatedAfterFailure(t *testing.T) {
	w := newWatched(t)
	w.cloud.fail["DescribeContainerGroupStatus"] = errors.New("no answer")
	if err := w.look(context.Background()); err == nil {
		t.Error("no error")
	}
	delete(w.cloud.fail, "DescribeContainerGroupStatus")
	w.want("calls", w.tick(time.Second), []string{"ContainerGroups", "ContainerGroupStatus"})
}

// Never read "empty" as "gone".
func TestWatchDoubtsAbsence(t *testing.T) {
	start := func(t *testing.T) *watched {
		w := newWatched(t)
		w.cloud.set("a", StatusRunning, "10.0.0.1")
		w.cloud.set("b", StatusRunning, "10.0.0.2")
		w.tick(0)
		return w
	}
	t.Run("missing in the listing, there by id", func(t *testing.T) {
		w := start(t)
		w.cloud.edit("a", func(g *fakeGroup) { g.hidden = true })
		w.want("calls", w.tick(defaultFullEvery), []string{"ContainerGroups", "ContainerGroupStatus", `ContainerGroups ["a"]`})
		w.want("gone", w.gone, nil)
	})
	t.Run("missing in both, others are there", func(t *testing.T) {
		w := start(t)
		w.cloud.remove("a")
		w.want("calls", w.tick(wholeEvery), []string{"ContainerGroupStatus", `ContainerGroups ["a"]`})
		w.want("gone", w.gone, []string{"a"})
	})
	t.Run("all are missing: the permission may be", func(t *testing.T) {
		w := start(t)
		w.cloud.blind = true
		w.cloud.logCode = &alicloud.Error{Class: alicloud.ClassPermission}
		for range 3 {
			w.clock.Step(defaultFullEvery)
			if err := w.look(context.Background()); err == nil || !strings.Contains(err.Error(), "missing permission") {
				t.Errorf("got %v", err)
			}
			if calls := w.cloud.took(); calls[len(calls)-1] != "ContainerLog" || calls[len(calls)-2] == "ContainerLog" {
				t.Errorf("one group in doubt must be enough: %v", calls)
			}
		}
		w.want("gone", w.gone, nil)
		w.cloud.blind = false
		w.tick(time.Second)
		w.want("nothing to tell", w.told(), nil)
	})
	t.Run("all are missing, the log call answers", func(t *testing.T) {
		w := start(t)
		w.cloud.blind = true
		w.clock.Step(defaultFullEvery)
		if err := w.look(context.Background()); err == nil {
			t.Error("no error")
		}
		w.want("gone", w.gone, nil)
	})
	t.Run("all are missing, the log call knows none", func(t *testing.T) {
		w := start(t)
		w.cloud.remove("a")
		w.cloud.remove("b")
		w.cloud.logCode = &alicloud.Error{Class: alicloud.ClassNotFound}
		w.tick(defaultFullEvery)
		if len(w.gone) != 2 {
			t.Errorf("gone %v, want both", w.gone)
		}
	})
	t.Run("a new group that no listing has yet", func(t *testing.T) {
		w := start(t)
		w.clock.Step(defaultFullEvery - time.Second)
		w.Add(Group{ID: "new"})
		w.tick(time.Second)
		w.want("gone", w.gone, nil)
		w.Ending("new") // deleted before it was ever seen
		w.tick(time.Second)
		w.want("gone", w.gone, []string{"new"})
	})
	t.Run("the question by id fails", func(t *testing.T) {
		w := start(t)
		w.Ending("a")
		w.cloud.remove("a")
		w.cloud.fail["DescribeContainerGroups"] = errors.New("no answer")
		w.clock.Step(time.Second)
		if err := w.look(context.Background()); err == nil {
			t.Error("no error")
		}
		w.want("gone", w.gone, nil)
	})
}

// armedClock counts the timers that were set.
type armedClock struct {
	*clocktesting.FakeClock
	armed atomic.Int64
}

func (c *armedClock) NewTimer(d time.Duration) clock.Timer {
	timer := c.FakeClock.NewTimer(d)
	c.armed.Add(1)
	return timer
}

func TestWatchRunPaces(t *testing.T) {
	w := newWatched(t)
	armed := &armedClock{FakeClock: w.clock}
	w.cfg.Clock = armed
	w.cloud.set("g", StatusRunning, "10.0.0.1")
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error)
	looks := func(d time.Duration) int { // how many looks in a time
		w.cloud.took()
		for end := w.clock.Now().Add(d); w.clock.Now().Before(end); {
			for !w.clock.HasWaiters() {
				runtime.Gosched()
			}
			w.clock.Step(10 * time.Millisecond)
		}
		n := 0
		for _, c := range w.cloud.took() {
			if strings.HasPrefix(c, "ContainerGroupStatus") {
				n++
			}
		}
		return n
	}
	go func() { done <- w.Run(ctx) }()
	looks(20 * time.Second)
	if n := looks(30 * time.Second); n < 9 || n > 11 {
		t.Errorf("%d looks in 30 calm seconds, want about 10", n)
	}
	before := armed.armed.Load()
	w.Hurry()
	for armed.armed.Load() == before {
		runtime.Gosched()
	}
	if n := looks(3 * time.Second); n < 9 || n > 12 {
		t.Errorf("%d looks in 3 hurried seconds, want about 10", n)
	}
	looks(20 * time.Second)
	w.cloud.set("g", StatusTerminating, "10.0.0.1")
	looks(4 * time.Second)
	if n := looks(30 * time.Second); n < 90 || n > 105 {
		t.Errorf("%d looks in 30 s while a group ends, want about 100", n)
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestPaceBacksOff(t *testing.T) {
	p := pace{fast: 300 * time.Millisecond, slow: 3 * time.Second}
	now := time.Unix(0, 0)
	var last time.Duration
	for range 20 {
		p.looked(now, true, errors.New("x"))
		p.hurry(now)
		d := p.due().Sub(now)
		if d < last || d > errorSlow {
			t.Fatalf("pause %v after %v", d, last)
		}
		last = d
	}
	if last != errorSlow {
		t.Errorf("pause %v after many failures, want %v", last, errorSlow)
	}
	p.looked(now, true, nil)
	if d := p.due().Sub(now); d != p.fast {
		t.Errorf("pause %v after a success", d)
	}
}
