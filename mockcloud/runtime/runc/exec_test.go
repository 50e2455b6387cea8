package runc

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ebb-node/ebb/mockcloud/runtime"
)

// waiting starts a group whose one container waits.
func waitingGroup(b *bench) *watcher {
	b.Helper()
	w := b.start(b.group("g", b.app("main", "wait")))
	w.running()
	return w
}

func TestExec(t *testing.T) {
	b := newBench(t)
	waitingGroup(b)
	var stdout, stderr bytes.Buffer
	code, err := b.rt.Exec(t.Context(), "g", "main", runtime.Exec{
		Command: []string{"/app", "stdin", "printerr=to stderr", "env=FROM_IMAGE", "exit=42"},
		Stdin:   strings.NewReader("through\n"), Stdout: &stdout, Stderr: &stderr,
	})
	if code != 42 || err != nil || stdout.String() != "through\nimage\n" || stderr.String() != "to stderr\n" {
		t.Errorf("code %d, %v, stdout %q, stderr %q", code, err, &stdout, &stderr)
	}
	if code, err = b.rt.Exec(t.Context(), "g", "main", runtime.Exec{Command: []string{"/app", "print=unheard"}}); code != 0 || err != nil {
		t.Errorf("without streams: %d, %v", code, err)
	}
	onlyTheContainer(t)
}

func TestExecErrors(t *testing.T) {
	b := newBench(t)
	w := waitingGroup(b)
	for _, command := range [][]string{nil, {"/no/such/program"}} {
		if _, err := b.rt.Exec(t.Context(), "g", "main", runtime.Exec{Command: command}); err == nil {
			t.Errorf("%q ran", command)
		}
	}
	if _, err := b.rt.Exec(t.Context(), "g", "other", runtime.Exec{}); !errors.Is(err, runtime.ErrNotFound) {
		t.Error(err)
	}
	if _, err := b.rt.Logs("other", "main", runtime.LogOptions{}); !errors.Is(err, runtime.ErrNotFound) {
		t.Error(err)
	}
	b.rt.Stop("g", 0)
	w.until("final", func(s runtime.Status) bool { return final(s.Phase) })
	if _, err := b.rt.Exec(t.Context(), "g", "main", runtime.Exec{Command: []string{"/app"}}); !errors.Is(err, runtime.ErrNotRunning) {
		t.Error(err)
	}
}

func TestExecOnATerminal(t *testing.T) {
	b := newBench(t)
	waitingGroup(b)
	sizes := make(chan runtime.Size, 1)
	sizes <- runtime.Size{Width: 132, Height: 43}
	var stdout bytes.Buffer
	code, err := b.rt.Exec(t.Context(), "g", "main", runtime.Exec{
		Command: []string{"/app", "tty", "winch", "env=TERM", "printerr=err", "line", "exit=7"},
		TTY:     true, Stdin: strings.NewReader("latte\n"), Stdout: &stdout, Resize: sizes,
	})
	if code != 7 || err != nil {
		t.Errorf("code %d, %v", code, err)
	}
	// The terminal itself echoes the input, whenever it comes.
	got := strings.Replace(stdout.String(), "latte\r\n", "", 1)
	if diff := cmp.Diff("tty true\r\nsize 132 43\r\nxterm\r\nerr\r\nread latte\r\n", got); diff != "" {
		t.Error(diff)
	}
	onlyTheContainer(t)
}

func TestExecIsInterrupted(t *testing.T) {
	b := newBench(t)
	waitingGroup(b)
	for _, tty := range []bool{false, true} {
		ctx, cancel := context.WithCancel(t.Context())
		started := &trigger{do: cancel}
		_, err := b.rt.Exec(ctx, "g", "main", runtime.Exec{Command: []string{"/app", "print=started", "stubborn"}, TTY: tty, Stdout: started})
		if !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		onlyTheContainer(t)
	}
}

func TestExecEndsWithItsGroup(t *testing.T) {
	b := newBench(t)
	waitingGroup(b)
	reader, writer := io.Pipe()
	defer writer.Close()
	result := make(chan error, 1)
	started := make(chan struct{})
	go func() {
		_, err := b.rt.Exec(context.Background(), "g", "main", runtime.Exec{
			Command: []string{"/app", "print=started", "stubborn"}, Stdin: reader,
			Stdout: &trigger{do: func() { close(started) }},
		})
		result <- err
	}()
	<-started
	if err := b.rt.Remove("g"); err != nil {
		t.Fatal(err)
	}
	select {
	case <-result:
	case <-time.After(patience):
		t.Fatal("the command outlived its group")
	}
}

// A command that leaves a process behind, which holds its streams open, ends.
func TestExecThatLeavesAProcess(t *testing.T) {
	b := newBench(t)
	waitingGroup(b)
	code, output := b.exec("g", "main", runtime.Exec{Command: []string{"/app", "leave-with-streams", "print=over"}})
	if code != 0 || !strings.HasSuffix(output, "over\n") {
		t.Errorf("code %d, %q", code, output)
	}
}

// onlyTheContainer checks that of all commands nothing is left.
func onlyTheContainer(t *testing.T) {
	t.Helper()
	if left := remainingProcesses(); len(left) != 1 {
		t.Errorf("processes: %q", left)
	}
}

// trigger does something at the first thing that is written to it.
type trigger struct{ do func() }

func (t *trigger) Write(p []byte) (int, error) {
	if t.do != nil {
		t.do()
		t.do = nil
	}
	return len(p), nil
}

// TestExecWhileTheContainerEnds leaves no process that nobody waits for.
func TestExecWhileTheContainerEnds(t *testing.T) {
	b := newBench(t)
	for i := range 5 {
		w := b.start(b.group("g", b.app("main", "wait")))
		w.running()
		var execs sync.WaitGroup
		for range 4 {
			execs.Go(func() { // it may be too late, or be ended with the container
				_, _ = b.rt.Exec(context.Background(), "g", "main", runtime.Exec{Command: []string{"/app", "print=x"}})
			})
		}
		<-time.After(time.Duration(i) * 4 * time.Millisecond) // the moment, not a synchronisation
		if err := b.rt.Remove("g"); err != nil {
			t.Fatal(err)
		}
		execs.Wait()
		if left := remainingProcesses(); len(left) != 0 {
			t.Fatalf("left: %q", left)
		}
	}
}
