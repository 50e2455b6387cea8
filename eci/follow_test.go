package eci

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ebb-node/ebb/alicloud"
	clocktesting "k8s.io/utils/clock/testing"
)

// logCloud answers DescribeContainerLog, one step of a script per call.
type logCloud struct {
	mu    sync.Mutex
	steps []func() (string, error)
	asked []map[string]string
}

func (l *logCloud) Region() string { return "cn-test" }

func (l *logCloud) Call(_ context.Context, r alicloud.Request, out any) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.asked = append(l.asked, r.Params)
	step := l.steps[min(len(l.asked), len(l.steps))-1]
	content, err := step()
	if err != nil {
		return err
	}
	answer, _ := json.Marshal(map[string]string{"Content": content, "ContainerName": "app"})
	return json.Unmarshal(answer, out)
}

func (l *logCloud) questions() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.asked)
}

func says(content string) func() (string, error) {
	return func() (string, error) { return content, nil }
}
func fails(class alicloud.Class) func() (string, error) {
	return func() (string, error) { return "", &alicloud.Error{Class: class, Code: "X"} }
}

// follow runs Follow over a script, with the container done after so many
// questions, and moves the clock while it waits.
func follow(t *testing.T, o LogOptions, doneAfter int, steps ...func() (string, error)) (string, *logCloud, error) {
	t.Helper()
	fake := clocktesting.NewFakeClock(time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC))
	cloud := &logCloud{steps: steps}
	c := &Client{cloud: cloud, clock: fake}
	var out bytes.Buffer
	done := make(chan error, 1)
	go func() {
		done <- c.Follow(context.Background(), "eci-1", "app", o, &out, func() bool { return cloud.questions() >= doneAfter })
	}()
	for {
		select {
		case err := <-done:
			return out.String(), cloud, err
		default:
			if fake.HasWaiters() {
				fake.Step(followSlow)
			}
			runtime.Gosched()
		}
	}
}

const second = "2026-03-01T00:00:01Z "

func TestFollowUntilTheContainerIsDone(t *testing.T) {
	got, cloud, err := follow(t, LogOptions{}, 3,
		says(second+"a\n"), says(second+"a\n"+second+"b\n"), fails(alicloud.ClassService), says(second+"a\n"+second+"b\n"+second+"last words\n"))
	if err != nil || got != "a\nb\nlast words\n" {
		t.Fatalf("got %q, %v", got, err)
	}
	if cloud.asked[0]["StartTime"] != "" || cloud.asked[0]["Timestamps"] != "true" || cloud.asked[0]["Tail"] != "2000" {
		t.Errorf("first question %v", cloud.asked[0])
	}
	if got := cloud.asked[1]["StartTime"]; got != "2026-03-01T00:00:00Z" {
		t.Errorf("the second question starts at %q, want a second before the last line", got)
	}
}

func TestFollowOptions(t *testing.T) {
	since := time.Date(2026, 2, 1, 0, 0, 0, 5, time.UTC)
	got, cloud, err := follow(t, LogOptions{Tail: 1, Since: since, Previous: true, Timestamps: true}, 0, says(second+"a\n"+second+"b\n"))
	if err != nil || got != second+"b\n" {
		t.Fatalf("got %q, %v", got, err)
	}
	if p := cloud.asked[0]; p["StartTime"] != "2026-02-01T00:00:00Z" || p["LastTime"] != "true" || p["Tail"] != "2000" {
		t.Errorf("question %v", p)
	}
	got, _, err = follow(t, LogOptions{LimitBytes: 5}, 99, says(second+"abc\n"), says(second+"abc\n"+second+"def\n"))
	if err != nil || got != "abc\nd" {
		t.Errorf("limited: got %q, %v", got, err)
	}
}

func TestFollowErrors(t *testing.T) {
	_, _, err := follow(t, LogOptions{}, 99, says(second+"a\n"), fails(alicloud.ClassNotFound))
	if !IsNotFound(err) || !strings.Contains(err.Error(), "log of container app in eci-1") {
		t.Errorf("got %v", err)
	}
	fake := clocktesting.NewFakeClock(time.Now())
	c := &Client{cloud: &logCloud{steps: []func() (string, error){says("")}}, clock: fake}
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		for !fake.HasWaiters() {
			runtime.Gosched()
		}
		cancel()
	}()
	if err := c.Follow(ctx, "eci-1", "app", LogOptions{}, &bytes.Buffer{}, func() bool { return false }); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestFollowersShareTheQuota(t *testing.T) {
	c := &Client{}
	for n, want := range map[int64]time.Duration{0: 0, 1: 240 * time.Millisecond, 100: 24 * time.Second} {
		c.followers.Store(n)
		if got := c.fairPause().Round(time.Millisecond); got != want {
			t.Errorf("%d followers pause %v, want %v", n, got, want)
		}
	}
}
