package eci_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/ebb-node/ebb/eci"
	"github.com/ebb-node/ebb/mockcloud"
	"github.com/ebb-node/ebb/mockcloud/rpc"
	"github.com/ebb-node/ebb/mockcloud/runtime/simulated"
)

// patience bounds how long a test waits for what must come.
const patience = 20 * time.Second

// observed is a Watch that runs against the mock cloud.
type observed struct {
	*eci.Watch
	t       *testing.T
	changes chan eci.Group
	gone    chan string
	errs    chan error
}

func watch(s *scenario) *observed {
	o := &observed{t: s.T, changes: make(chan eci.Group, 10000), gone: make(chan string, 1000), errs: make(chan error, 1000)}
	o.Watch = eci.NewWatch(s.Client, eci.WatchConfig{
		Tags: []eci.KeyValue{{Key: "node", Value: "ebb"}}, Fast: 5 * time.Millisecond, Slow: 10 * time.Millisecond,
		OnChange: func(g eci.Group) { o.changes <- g },
		OnGone:   func(id string) { o.gone <- id },
		OnError:  func(err error) { o.errs <- err },
	})
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { _ = o.Run(ctx); close(done) }()
	s.Cleanup(func() { cancel(); <-done })
	select {
	case <-o.Synced():
	case <-time.After(patience):
		s.Fatal("the watch does not sync")
	}
	return o
}

// until takes changes until every id has been told in the wanted state, and
// returns how often each was told.
func (o *observed) until(ids []string, wanted func(eci.Group) bool) map[string]int {
	o.t.Helper()
	missing := map[string]bool{}
	for _, id := range ids {
		missing[id] = true
	}
	told := map[string]int{}
	for len(missing) > 0 {
		select {
		case g := <-o.changes:
			told[g.ID]++
			if wanted(g) {
				delete(missing, g.ID)
			}
		case err := <-o.errs:
			o.t.Fatal(err)
		case <-time.After(patience):
			o.t.Fatalf("%d groups never came", len(missing))
		}
	}
	return told
}

func isRunning(g eci.Group) bool {
	return g.Status == eci.StatusRunning && g.IntranetIP != "" && g.ENIID != "" && g.Containers[0].Ready && g.Containers[0].ImageID != ""
}

func TestWatchManyGroups(t *testing.T) {
	s := newScenario(t, mockcloud.Config{
		Frozen: true, QuotasLifted: true,
		Latencies: mockcloud.Latencies{Schedule: time.Second, Simulated: simulated.Latencies{Pull: time.Second}},
	}, unlimited)
	o := watch(s)
	var ids []string
	for i := range 60 {
		id := s.create(fmt.Sprint("g", i))
		o.Add(eci.Group{ID: id, Name: fmt.Sprint("g", i), Tags: []eci.KeyValue{{Key: "uid", Value: fmt.Sprint("uid-g", i)}}})
		ids = append(ids, id)
	}
	s.cloud.ResetCalls()
	for range 5 {
		s.cloud.Advance(500 * time.Millisecond)
	}
	told := o.until(ids, isRunning)
	for id, n := range told {
		if n > 4 { // scheduling, pending, running, and a look between two of them
			t.Errorf("%s was told %d times", id, n)
		}
	}
	// Three batches of 20 hold all first addresses, if one look sees them all;
	// looks that see a part need more, but never one per group.
	if n := len(s.cloud.Calls("DescribeContainerGroups")); n > 12 {
		t.Errorf("%d describe calls for 60 groups", n)
	}

	// In calm times looking costs one call each, and nothing else.
	s.cloud.ResetCalls()
	for len(s.cloud.Calls("DescribeContainerGroupStatus")) < 10 {
		time.Sleep(time.Millisecond)
	}
	if n := len(s.cloud.Calls("")); n != len(s.cloud.Calls("DescribeContainerGroupStatus")) {
		t.Errorf("%d calls, of which %d status calls", n, len(s.cloud.Calls("DescribeContainerGroupStatus")))
	}
	if len(o.changes) > 0 {
		t.Errorf("told %+v in calm times", <-o.changes)
	}

	for _, id := range ids {
		if err := s.Delete(ctx, id, false, ""); err != nil {
			t.Fatal(err)
		}
		o.Ending(id)
	}
	s.cloud.Advance(time.Minute)
	for range ids {
		select {
		case <-o.gone:
		case <-time.After(patience):
			t.Fatal("a group is never gone")
		}
	}
}

// A watch that starts anew finds what runs already, whoever made it, and what
// ends by itself.
func TestWatchAdopts(t *testing.T) {
	s := newScenario(t, mockcloud.Config{Frozen: true})
	ids := s.createMany("g", 3)
	ending := s.create("job", func(r *eci.CreateRequest) {
		r.RestartPolicy = "Never"
		r.Containers[0].Command = []string{"/exit", "3", "60s"}
	})
	s.create("other", func(r *eci.CreateRequest) { r.Tags = nil })
	s.cloud.Advance(time.Second)
	o := watch(s)
	o.until(append(ids, ending), isRunning)
	// The watch asks for the last seconds: the cloud must not leap over them.
	s.cloud.Advance(57 * time.Second)
	s.cloud.Advance(4 * time.Second)
	o.until([]string{ending}, func(g eci.Group) bool {
		c := g.Containers[0].Current
		return g.Status == eci.StatusFailed && c.State == "Terminated" && c.ExitCode == 3 && !g.FailedTime.IsZero()
	})
	if got := len(o.List()); got != 4 {
		t.Errorf("%d groups are known, want those with the tag", got)
	}
}

func TestWatchOutlivesFailures(t *testing.T) {
	s := newScenario(t, mockcloud.Config{Frozen: true})
	o := watch(s)
	s.fault(rpc.Fault{Action: "DescribeContainerGroupStatus", Code: "NoPermission", Status: 403, Times: 3})
	for range 3 {
		if err := <-o.errs; !eci.IsPermission(err) {
			t.Errorf("got %v", err)
		}
	}
	id := s.create("web")
	s.cloud.Advance(time.Second)
	o.until([]string{id}, isRunning)
}

func TestExecInTheCloud(t *testing.T) {
	for name, plain := range map[string]bool{"channel": false, "plain": true} {
		t.Run(name, func(t *testing.T) {
			s := newScenario(t, mockcloud.Config{Frozen: true, PlainExec: plain})
			id := s.create("web")
			s.cloud.Advance(time.Second)
			run := func(r eci.ExecRequest, in string) (string, int, error) {
				r.ContainerGroupID, r.Container = id, "app"
				var out bytes.Buffer
				streams := eci.ExecStreams{Stdout: &out}
				if r.Stdin {
					streams.Stdin = strings.NewReader(in)
				}
				code, err := s.Exec(ctx, r, streams)
				return out.String(), code, err
			}
			out, code, err := run(eci.ExecRequest{Command: []string{"echo", "hi", "there"}, TTY: true}, "")
			if out != "hi there\n" {
				t.Errorf("output %q", out)
			}
			if plain != errors.Is(err, eci.ErrExitCodeUnknown) || !plain && (code != 0 || err != nil) {
				t.Errorf("code %d, %v", code, err)
			}
			if plain {
				return // the simulated containers have no shell to ask for the code
			}
			if out, code, err := run(eci.ExecRequest{Command: []string{"cat"}, Stdin: true}, "some\ninput"); out != "some\ninput" || code != 0 || err != nil {
				t.Errorf("cat: %q %d %v", out, code, err)
			}
			if _, code, err := run(eci.ExecRequest{Command: []string{"exit", "42"}}, ""); code != 42 || err != nil {
				t.Errorf("exit: %d %v", code, err)
			}
			if _, _, err := run(eci.ExecRequest{Command: make([]string, 21)}, ""); err == nil || !strings.Contains(err.Error(), "ValueExceeded") {
				t.Errorf("long command: %v", err)
			}
			if n := len(s.cloud.Calls("ExecContainerCommand")); n != 4 {
				t.Errorf("%d calls, want one per command once the framing is known", n)
			}
		})
	}
}

func TestExecSizeInTheCloud(t *testing.T) {
	s := newScenario(t, mockcloud.Config{Frozen: true})
	id := s.create("web")
	s.cloud.Advance(time.Second)
	sizes := make(chan eci.TerminalSize)
	stdin, typed := io.Pipe()
	screen, painted := io.Pipe()
	done := make(chan error, 1)
	go func() {
		code, err := s.Exec(ctx, eci.ExecRequest{ContainerGroupID: id, Container: "app", Command: []string{"size"}, TTY: true, Stdin: true},
			eci.ExecStreams{Stdin: stdin, Stdout: painted, Resize: sizes})
		done <- errors.Join(err, painted.Close())
		if code != 0 {
			t.Errorf("code %d", code)
		}
	}()
	line := make([]byte, 16)
	for _, size := range []eci.TerminalSize{{Width: 80, Height: 24}, {Width: 132, Height: 50}} {
		sizes <- size
		n, err := screen.Read(line)
		if want := fmt.Sprintf("%dx%d\n", size.Width, size.Height); err != nil || string(line[:n]) != want {
			t.Errorf("the terminal has %q, %v; want %q", line[:n], err, want)
		}
	}
	typed.Close()
	if err := <-done; err != nil {
		t.Error(err)
	}
}
