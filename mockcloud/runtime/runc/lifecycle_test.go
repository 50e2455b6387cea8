package runc

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ebb-node/ebb/mockcloud/runtime"
)

func TestGroupRunsToItsEnd(t *testing.T) {
	b := newBench(t)
	g := b.group("g1", b.app("good", "print=hello", "printerr=oops"), b.app("bad", "exit=3"))
	g.Containers[0].TerminationMessagePath = "/dev/last"
	g.Containers[0].Args = append(g.Containers[0].Args, "write=/dev/last:all sold")
	g.Containers[1].TerminationMessagePolicy = lastWordsOfLogs
	g.Containers[1].Args = []string{"printerr=no beans", "exit=3"}
	w := b.start(g)
	end := w.until("final", func(s runtime.Status) bool { return final(s.Phase) })
	if end.Phase != runtime.Failed {
		t.Errorf("phase %s", end.Phase)
	}
	type outcome struct {
		Reason, Message string
		Code, Signal    int
	}
	want := []outcome{{reasonCompleted, "all sold", 0, 0}, {reasonError, "no beans\n", 3, 0}}
	var got []outcome
	for _, c := range end.Containers {
		s := c.Current
		got = append(got, outcome{s.Reason, s.Message, s.ExitCode, s.Signal})
		if s.FinishedAt.Before(s.StartedAt) || s.StartedAt.IsZero() || s.ContainerID == "" || !strings.Contains(c.ImageID, "/app@sha256:") {
			t.Errorf("%+v", c)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	lines, err := b.rt.Logs("g1", "good", runtime.LogOptions{})
	if err != nil || len(lines) != 2 {
		t.Fatalf("%d lines, %v", len(lines), err)
	}
	for _, line := range lines {
		if want := map[bool]string{false: "hello\n", true: "oops\n"}[line.Stderr]; string(line.Text) != want || line.Time.IsZero() {
			t.Errorf("%+v", line)
		}
	}
	for _, reason := range []string{eventPulled, eventCreated, eventStarted} {
		if !slices.Contains(w.events(), reason) {
			t.Errorf("no event %s in %v", reason, w.events())
		}
	}
}

func TestRemoveLeavesNothing(t *testing.T) {
	b := newBench(t)
	inside(b, b.group("first", b.app("main", "exit=0")))
	before := remains(b.rt.config)
	g := b.group("g1", b.app("main", "wait"), b.app("side", "leave", "stubborn"))
	g.Volumes = []runtime.Volume{{Name: "v"}, {Name: "m", Memory: true}}
	g.Containers[0].Mounts = []runtime.Mount{{Volume: "m", Path: "/m"}, {Volume: "v", Path: "/v", SubPath: "a/b"}}
	w := b.start(g)
	w.until("both running", func(s runtime.Status) bool { return s.Phase == runtime.Running })
	if during := remains(b.rt.config); len(during) < len(before)+8 {
		t.Errorf("nothing to be seen of a group that runs: %v", during)
	}
	if err := b.rt.Remove("g1"); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, remains(b.rt.config)); diff != "" {
		t.Error(diff)
	}
	if exists(b.rt.config.StateDir + "/groups/g1") {
		t.Error("files are left")
	}
	if err := b.rt.Remove("g1"); err != nil {
		t.Errorf("second removal: %v", err)
	}
	if _, err := b.rt.Logs("g1", "main", runtime.LogOptions{}); err == nil {
		t.Error("logs of a group that is gone")
	}
}

func TestRemoveAtAnyMoment(t *testing.T) {
	b := newBench(t)
	inside(b, b.group("first", b.app("main", "exit=0")))
	before := remains(b.rt.config)
	for delay := range 12 {
		g := b.group("g1", b.app("main", "wait"))
		w := &watcher{TB: t, changed: make(chan struct{}, 1)}
		if err := b.rt.Start(g, w.observe); err != nil {
			t.Fatal(err)
		}
		<-time.After(time.Duration(delay) * 5 * time.Millisecond) // the moment, not a synchronisation
		if err := b.rt.Remove("g1"); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(before, remains(b.rt.config)); diff != "" {
			t.Fatalf("removed after %d ms: %s", delay*5, diff)
		}
	}
}

func TestStop(t *testing.T) {
	b := newBench(t)
	g := b.group("g1", b.app("polite", "wait"), b.app("stubborn", "stubborn"))
	g.RestartPolicy = restartAlways
	w := b.start(g)
	w.until("running", func(s runtime.Status) bool { return s.Phase == runtime.Running })
	w.untilLog(b, "g1", "polite", "waiting")
	w.untilLog(b, "g1", "stubborn", "stubborn")
	began := time.Now()
	b.rt.Stop("g1", 300*time.Millisecond)
	end := w.until("final", func(s runtime.Status) bool { return final(s.Phase) })
	if took := time.Since(began); took < 300*time.Millisecond {
		t.Errorf("killed after %s, before the grace was over", took)
	}
	polite, stubborn := end.Containers[0].Current, end.Containers[1].Current
	if polite.ExitCode != 0 || stubborn.ExitCode != 137 || stubborn.Signal != 9 || end.Phase != runtime.Failed {
		t.Errorf("%s", describe([]runtime.Status{end}))
	}
	if polite.FinishedAt.Sub(began) > 250*time.Millisecond {
		t.Errorf("the polite container ended only after %s", polite.FinishedAt.Sub(began))
	}
	if log := b.log("g1", "polite"); log != "waiting\nterminated\n" {
		t.Errorf("log %q", log)
	}
}

func TestStopOfWhatDoesNotRunYet(t *testing.T) {
	b := newBench(t)
	g := b.group("g1", b.app("main"))
	g.Containers[0].Image = b.hub.address + "/missing:1"
	w := b.start(g)
	w.until("waiting", func(s runtime.Status) bool { return s.Containers[0].Current.Reason == reasonPullBackOff })
	b.rt.Stop("g1", time.Minute)
	end := w.until("final", func(s runtime.Status) bool { return final(s.Phase) })
	if s := end.Containers[0].Current; end.Phase != runtime.Failed || s.State != terminated || s.Reason != reasonUnknown {
		t.Errorf("%s", describe([]runtime.Status{end}))
	}
}

func TestActiveDeadline(t *testing.T) {
	b := newBench(t)
	g := b.group("g1", b.app("main", "wait"))
	g.ActiveDeadline = 400 * time.Millisecond
	end := b.finish(g)
	if end.Phase != runtime.Failed || end.Reason != reasonDeadline || end.Message == "" {
		t.Errorf("%s", describe([]runtime.Status{end}))
	}
}

func TestRestartOnFailure(t *testing.T) {
	b := newBench(t)
	g := b.group("g1", b.app("main", "print=run", "first=/v/1:5", "first=/v/2:6", "print=good"))
	g.RestartPolicy = restartOnFailure
	g.Volumes = []runtime.Volume{{Name: "v"}}
	g.Containers[0].Mounts = []runtime.Mount{{Volume: "v", Path: "/v"}}
	w := b.start(g)
	loop := w.until("in back-off", func(s runtime.Status) bool { return s.Containers[0].Current.Reason == reasonCrashLoop })
	if c := loop.Containers[0]; c.Previous.ExitCode != 6 || c.RestartCount != 1 || loop.Phase != runtime.Running {
		t.Errorf("in back-off: %s", describe([]runtime.Status{loop}))
	}
	end := w.until("final", func(s runtime.Status) bool { return final(s.Phase) })
	c := end.Containers[0]
	if end.Phase != runtime.Succeeded || c.RestartCount != 2 || c.Previous.ExitCode != 6 || c.Current.Reason != reasonCompleted {
		t.Errorf("%s", describe([]runtime.Status{end}))
	}
	previous, err := b.rt.Logs("g1", "main", runtime.LogOptions{Previous: true})
	if now := b.log("g1", "main"); err != nil || textOf(previous) != "run\n" || now != "run\ngood\n" {
		t.Errorf("previous log %q, log %q, %v", textOf(previous), now, err)
	}
	if !slices.Contains(w.events(), eventBackOff) {
		t.Errorf("events %v", w.events())
	}
}

func TestRestartAlways(t *testing.T) {
	b := newBench(t)
	g := b.group("g1", b.app("main", "write=upper:x", "exit=0"))
	g.RestartPolicy = restartAlways
	w := b.start(g)
	again := w.until("restarted", func(s runtime.Status) bool { return s.Containers[0].RestartCount == 2 })
	if again.Phase != runtime.Running {
		t.Errorf("phase %s", again.Phase)
	}
}

func TestInitContainers(t *testing.T) {
	b := newBench(t)
	g := b.group("g1", b.app("main", "cat=/v/one", "cat=/v/two"))
	g.RestartPolicy = restartOnFailure
	g.InitContainers = []runtime.Container{
		b.app("one", "first=/v/tried:4", "write=/v/one:1"),
		b.app("two", "cat=/v/one", "write=/v/two:2"),
	}
	g.Volumes = []runtime.Volume{{Name: "v"}}
	for _, list := range [][]runtime.Container{g.InitContainers, g.Containers} {
		for i := range list {
			list[i].Mounts = []runtime.Mount{{Volume: "v", Path: "/v"}}
		}
	}
	w := b.start(g)
	end := w.until("final", func(s runtime.Status) bool { return final(s.Phase) })
	if end.Phase != runtime.Succeeded || b.log("g1", "main") != "12" || end.InitContainers[0].RestartCount != 1 || !end.InitContainers[1].Ready {
		t.Errorf("log %q, %s", b.log("g1", "main"), describe([]runtime.Status{end}))
	}
	for _, s := range w.history() {
		one, two, main := s.InitContainers[0].Current, s.InitContainers[1].Current, s.Containers[0].Current
		if (two.State == running && one.ExitCode+len(one.State) != len(terminated)) || (main.State == running && two.State != terminated) {
			t.Errorf("out of order: %s", describe([]runtime.Status{s}))
		}
		if main.State == waiting && main.Reason != reasonInitializing {
			t.Errorf("before it starts, the container waits for %q", main.Reason)
		}
	}
}

func TestInitContainerThatFails(t *testing.T) {
	b := newBench(t)
	g := b.group("g1", b.app("main", "print=never"))
	g.InitContainers = []runtime.Container{b.app("one", "exit=4"), b.app("two")}
	end := b.finish(g)
	if end.Phase != runtime.Failed || end.InitContainers[0].Current.ExitCode != 4 || end.Containers[0].Current.State != waiting {
		t.Errorf("%s", describe([]runtime.Status{end}))
	}
}

func TestStartErrors(t *testing.T) {
	b := newBench(t)
	g := b.group("g1", b.app("main"))
	g.Containers[0].Command = []string{"/no/such/program"}
	end := b.finish(g)
	s := end.Containers[0].Current
	if s.ExitCode != exitNotStarted || s.Reason != reasonStart || !strings.Contains(s.Message, "/no/such/program") {
		t.Errorf("%s", describe([]runtime.Status{end}))
	}
	bad := b.group("g2", b.app("main"))
	bad.Containers[0].RunAsNonRoot = true
	w := b.start(bad)
	w.until("refused", func(s runtime.Status) bool {
		c := s.Containers[0].Current
		return c.Reason == reasonConfig && strings.Contains(c.Message, "RunAsNonRoot")
	})
	if err := b.rt.Start(bad, w.observe); err == nil {
		t.Error("an id was used twice")
	}
}
