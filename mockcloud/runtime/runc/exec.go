package runc

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"github.com/ebb-node/ebb/mockcloud/runtime"
)

// lastOutput is how long output may still come once a command has ended: a
// process that it left behind may hold its streams open for ever.
const lastOutput = time.Second

// exec runs a command in a run of the container, kills it when ctx is done,
// and answers its exit code.
func (c *container) exec(ctx context.Context, r *run, e runtime.Exec) (int, error) {
	if len(e.Command) == 0 {
		return 0, fmt.Errorf("container %s: the command to execute is empty", c.spec.Name)
	}
	ctx, end, err := c.group.beginExec(ctx)
	if err != nil {
		return 0, err
	}
	defer end()
	dir, err := os.MkdirTemp(c.group.path("exec"), "")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(dir)
	if err := r.writeProcess(dir, e); err != nil {
		return 0, err
	}
	d := detached{dir: dir, args: []string{"exec", "--process", "process.json", r.id}, tty: e.TTY}
	if e.TTY {
		return c.execTerminal(ctx, d, e)
	}
	return c.execPipes(ctx, d, e)
}

// beginExec lets the removal of a group interrupt and await its commands.
func (g *group) beginExec(ctx context.Context) (context.Context, func(), error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.removed {
		return nil, nil, fmt.Errorf("group %s: %w", g.spec.ID, runtime.ErrNotRunning)
	}
	g.execs.Add(1)
	ctx, cancel := context.WithCancel(ctx)
	detach := context.AfterFunc(g.killing, cancel)
	return ctx, func() { detach(); cancel(); g.execs.Done() }, nil
}

// writeProcess describes the command to runc: a process as the container's
// first one, but for what it runs.
func (r *run) writeProcess(dir string, e runtime.Exec) error {
	process := r.process
	process.Args, process.Terminal = e.Command, e.TTY
	if e.TTY {
		process.Env = lastOfEach(append([]string{"TERM=xterm"}, slices.Clone(process.Env)...))
	}
	b, err := json.Marshal(process)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "process.json"), b, 0o600)
}

// execTerminal runs a command on a terminal.
func (c *container) execTerminal(ctx context.Context, d detached, e runtime.Exec) (int, error) {
	child, tty, err := c.group.start(d)
	if err != nil {
		return 0, execError(c.spec.Name, e, err)
	}
	defer tty.Close()
	done := make(chan struct{})
	defer close(done)
	go resizeUntil(done, tty, e.Resize)
	if e.Stdin != nil {
		go func() { _, _ = io.Copy(tty, e.Stdin) }()
	}
	var output sync.WaitGroup
	copyOutput(&output, e.Stdout, terminal{tty})
	return c.waitExec(ctx, child, &output, tty)
}

func resizeUntil(done <-chan struct{}, tty *os.File, sizes <-chan runtime.Size) {
	for {
		select {
		case <-done:
			return
		case size, ok := <-sizes:
			if !ok {
				return
			}
			_ = resize(tty, size) // the command may be over
		}
	}
}

// execPipes runs a command on pipes.
func (c *container) execPipes(ctx context.Context, d detached, e runtime.Exec) (int, error) {
	var pipes pipes
	defer pipes.close()
	d.stdin, d.stdout, d.stderr = pipes.input(e.Stdin), pipes.output(e.Stdout), pipes.output(e.Stderr)
	if pipes.err != nil {
		return 0, pipes.err
	}
	child, _, err := c.group.start(d)
	pipes.handedOver()
	if err != nil {
		return 0, execError(c.spec.Name, e, err)
	}
	var output sync.WaitGroup
	pipes.copy(&output)
	return c.waitExec(ctx, child, &output, pipes.ours...)
}

// waitExec waits for a command and the output that is still on its way.
func (c *container) waitExec(ctx context.Context, child *child, output *sync.WaitGroup, ours ...*os.File) (int, error) {
	defer child.pidfd.Close()
	select {
	case <-child.done:
	case <-ctx.Done():
		// runc starts each command as the leader of a process group.
		_ = unix.Kill(-child.pid, unix.SIGKILL)
		_ = child.signal(unix.SIGKILL)
		<-child.done
	}
	drained := make(chan struct{})
	go func() { output.Wait(); close(drained) }()
	select {
	case <-drained:
	case <-time.After(lastOutput):
	}
	for _, f := range ours {
		f.Close()
	}
	<-drained
	if err := ctx.Err(); err != nil {
		return 0, fmt.Errorf("container %s: command interrupted: %w", c.spec.Name, err)
	}
	code, _ := child.exit()
	return code, nil
}

func execError(container string, e runtime.Exec, err error) error {
	return fmt.Errorf("container %s: can't execute %q: %w", container, e.Command[0], err)
}
