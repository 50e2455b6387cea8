package simulated

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	testclock "k8s.io/utils/clock/testing"

	"github.com/ebb-node/ebb/mockcloud/clock"
	"github.com/ebb-node/ebb/mockcloud/runtime"
)

var epoch = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// stage is a runtime on a clock that stands still.
func stage(t *testing.T, c Config) (*Runtime, *clock.Clock) {
	t.Helper()
	k := clock.New(testclock.NewFakeClock(epoch), 0)
	r := New(k, c)
	t.Cleanup(func() { r.Close() })
	return r, k
}

// play starts a group and answers what is told of it.
func play(t *testing.T, r *Runtime, g runtime.Group) *[]runtime.Status {
	t.Helper()
	var told []runtime.Status
	if err := r.Start(g, func(s runtime.Status) { told = append(told, s) }); err != nil {
		t.Fatal(err)
	}
	return &told
}

func last(told *[]runtime.Status) runtime.Status { return (*told)[len(*told)-1] }

func app(command ...string) runtime.Container {
	return runtime.Container{Name: "app", Image: "x", Command: command}
}

func TestInitContainersRunInOrder(t *testing.T) {
	r, k := stage(t, Config{Latencies: Latencies{Pull: time.Second, Start: time.Second}})
	told := play(t, r, runtime.Group{
		ID: "g",
		InitContainers: []runtime.Container{
			{Name: "one", Image: "x", Command: []string{"/exit", "0", "1s"}},
			{Name: "two", Image: "x"},
		},
		Containers: []runtime.Container{app()},
	})
	k.Advance(time.Minute)
	var order []string
	for _, s := range *told {
		if s.Event != nil {
			order = append(order, s.Event.Message)
		}
	}
	want := []string{"Pulling images", "Successfully pulled images", "Started container one", "Started container two", "Started container app"}
	if diff := cmp.Diff(want, order); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
	s := last(told)
	if s.Phase != runtime.Running || !s.Containers[0].Ready {
		t.Errorf("status %+v", s)
	}
	if at := s.Containers[0].Current.StartedAt.Sub(epoch); at != 5*time.Second {
		t.Errorf("the app started after %v, want pull 1 s + start 1 s + run 1 s + start 1 s + start 1 s", at)
	}
}

func TestEnds(t *testing.T) {
	second := app("/exit", "4")
	second.Name = "second"
	tests := []struct {
		name       string
		policy     string
		containers []runtime.Container
		phase      runtime.Phase
	}{
		{"all succeed", "Never", []runtime.Container{app("/exit", "0"), app("/echo", "x")}, runtime.Succeeded},
		{"one fails", "Never", []runtime.Container{app("/exit", "0"), second}, runtime.Failed},
		{"one goes on", "Never", []runtime.Container{app(), second}, runtime.Running},
		{"success is not repeated", "OnFailure", []runtime.Container{app("/exit", "0")}, runtime.Succeeded},
		{"failure is", "OnFailure", []runtime.Container{app("/exit", "1")}, runtime.Running},
		{"everything is", "Always", []runtime.Container{app("/exit", "0")}, runtime.Running},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r, k := stage(t, Config{})
			told := play(t, r, runtime.Group{ID: "g", RestartPolicy: test.policy, Containers: test.containers})
			k.Advance(time.Hour)
			if got := last(told).Phase; got != test.phase {
				t.Errorf("phase %s, want %s", got, test.phase)
			}
		})
	}
}

func TestStop(t *testing.T) {
	for _, test := range []struct {
		grace     time.Duration
		code      int
		phase     runtime.Phase
		endsAfter time.Duration
	}{
		{10 * time.Second, 0, runtime.Succeeded, 5 * time.Second},
		{2 * time.Second, 137, runtime.Failed, 2 * time.Second},
	} {
		r, k := stage(t, Config{Latencies: Latencies{Stop: 5 * time.Second}})
		told := play(t, r, runtime.Group{ID: "g", RestartPolicy: "Always", Containers: []runtime.Container{app()}})
		k.Advance(time.Minute)
		r.Stop("g", test.grace)
		r.Stop("g", test.grace)
		k.Advance(time.Minute)
		s := last(told)
		end := s.Containers[0].Current
		if s.Phase != test.phase || end.ExitCode != test.code || end.FinishedAt.Sub(epoch) != time.Minute+test.endsAfter {
			t.Errorf("grace %v: %s, %+v", test.grace, s.Phase, end)
		}
	}
}

func TestNothingIsToldAfterRemove(t *testing.T) {
	r, k := stage(t, Config{Latencies: Latencies{Pull: time.Second}})
	told := play(t, r, runtime.Group{ID: "g", Containers: []runtime.Container{app()}})
	n := len(*told)
	if err := r.Remove("g"); err != nil {
		t.Fatal(err)
	}
	k.Advance(time.Hour)
	if len(*told) != n {
		t.Errorf("told after Remove: %+v", (*told)[n:])
	}
	if err := r.Remove("g"); err != nil {
		t.Errorf("second Remove: %v", err)
	}
	if _, err := r.Usage("g"); !errors.Is(err, runtime.ErrNotFound) {
		t.Errorf("Usage after Remove: %v", err)
	}
	if err := r.Start(runtime.Group{ID: "g"}, func(runtime.Status) {}); err != nil {
		t.Errorf("the id cannot be used again: %v", err)
	}
	if err := r.Start(runtime.Group{ID: "g"}, func(runtime.Status) {}); err == nil {
		t.Error("the same id started twice")
	}
}

func TestUsageFollowsLoadAndLimit(t *testing.T) {
	r, k := stage(t, Config{Load: Load{CPU: 1, Memory: 100}})
	other := app()
	other.Name, other.Env = "other", []string{"MOCK_CPU=3", "MOCK_MEMORY=50"}
	play(t, r, runtime.Group{ID: "g", Containers: []runtime.Container{app(), other}})
	k.Advance(0)
	check := func(what string, app, other time.Duration) {
		t.Helper()
		u, err := r.Usage("g")
		if err != nil {
			t.Fatal(err)
		}
		if got := u.Containers["app"].CPU; got != app {
			t.Errorf("%s: app used %v, want %v", what, got, app)
		}
		if got := u.Containers["other"].CPU; got != other || u.CPU != app+other {
			t.Errorf("%s: other used %v, want %v; all %v", what, got, other, u.CPU)
		}
	}
	k.Advance(10 * time.Second)
	check("no limit", 10*time.Second, 30*time.Second)
	if err := r.SetCPULimit("g", 2); err != nil {
		t.Fatal(err)
	}
	k.Advance(10 * time.Second)
	check("half of what is wanted", 15*time.Second, 45*time.Second)
	r.SetCPULimit("g", 0)
	if err := r.SetLoad("g", "other", Load{}); err != nil {
		t.Fatal(err)
	}
	k.Advance(10 * time.Second)
	check("other rests", 25*time.Second, 45*time.Second)
	u, _ := r.Usage("g")
	if u.Memory.WorkingSet != 100 {
		t.Errorf("memory %+v", u.Memory)
	}
	if err := r.SetCPULimit("none", 1); !errors.Is(err, runtime.ErrNotFound) {
		t.Errorf("limit of an unknown group: %v", err)
	}
}

func TestExecWords(t *testing.T) {
	r, k := stage(t, Config{})
	c := app()
	c.Env = []string{"A=1", "B="}
	play(t, r, runtime.Group{ID: "g", Containers: []runtime.Container{c}})
	k.Advance(0)
	tests := []struct {
		command []string
		stdin   string
		out     string
		code    int
	}{
		{[]string{"/bin/echo", "a", "b"}, "", "a b\n", 0},
		{[]string{"sh", "-c", "echo a b"}, "", "a b\n", 0},
		{[]string{"cat"}, "typed", "typed", 0},
		{[]string{"env"}, "", "A=1\nB=\n", 0},
		{[]string{"exit", "9"}, "", "", 9},
		{[]string{"sleep", "long"}, "", "", 1},
		{[]string{"rm", "-rf"}, "", "rm: not simulated\n", 127},
	}
	for _, test := range tests {
		var out bytes.Buffer
		code, err := r.Exec(context.Background(), "g", "app",
			runtime.Exec{Command: test.command, Stdin: strings.NewReader(test.stdin), Stdout: &out})
		if err != nil || code != test.code || out.String() != test.out {
			t.Errorf("%v: %q, %d, %v", test.command, out.String(), code, err)
		}
	}
	if _, err := r.Exec(context.Background(), "g", "none", runtime.Exec{}); !errors.Is(err, runtime.ErrNotFound) {
		t.Errorf("unknown container: %v", err)
	}
	r.Stop("g", time.Second)
	k.Advance(time.Second)
	if _, err := r.Exec(context.Background(), "g", "app", runtime.Exec{}); !errors.Is(err, runtime.ErrNotRunning) {
		t.Errorf("stopped container: %v", err)
	}
}

func TestSleepEndsInTheCloudsTime(t *testing.T) {
	k := clock.New(nil, 3600)
	defer k.Close()
	r := New(k, Config{})
	defer r.Close()
	started := make(chan struct{}, 1)
	err := r.Start(runtime.Group{ID: "g", Containers: []runtime.Container{app()}}, func(s runtime.Status) {
		if s.Phase == runtime.Running {
			started <- struct{}{}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	<-started
	begin := k.Now()
	code, err := r.Exec(context.Background(), "g", "app", runtime.Exec{Command: []string{"sleep", "60"}})
	if took := k.Now().Sub(begin); code != 0 || err != nil || took < time.Minute {
		t.Errorf("sleep 60 took %v: %d, %v", took, code, err)
	}
}

func TestObserversAreCalledInOrderAndOneAtATime(t *testing.T) {
	k := clock.New(nil, 1)
	defer k.Close()
	r := New(k, Config{})
	defer r.Close()
	var all sync.WaitGroup
	for i := range 200 {
		all.Add(1)
		id := fmt.Sprint("g", i)
		inside, before := &atomic.Int32{}, runtime.Pending
		err := r.Start(runtime.Group{ID: id, Containers: []runtime.Container{app()}}, func(s runtime.Status) {
			if inside.Add(1) != 1 {
				t.Error("two calls at a time")
			}
			defer inside.Add(-1)
			switch {
			case before == runtime.Running && s.Phase == runtime.Pending:
				t.Error("a running group became pending")
			case s.Phase == runtime.Running && before != s.Phase:
				go r.Stop(id, time.Second) // while this one is told
			case s.Phase == runtime.Succeeded:
				all.Done()
			}
			before = s.Phase
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	all.Wait()
}
