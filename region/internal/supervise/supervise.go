// Package supervise runs the processes of the region and knows when one ends.
package supervise

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"time"
)

// restartDelay keeps a process that dies at once from spinning.
const restartDelay = 200 * time.Millisecond

// Process is what to run.
type Process struct {
	Name string
	Path string
	Args []string
	Env  []string // in addition to this process's own
	Log  string   // file that takes both outputs
	// Restart starts the process again when it ends, as a Deployment would.
	// Without it the end of the process is the end of the region.
	Restart bool
}

// Group is a set of processes that live and end together.
type Group struct {
	mu      sync.Mutex
	running map[string]*running
	failed  chan error
	closing bool
	wg      sync.WaitGroup
}

type running struct {
	Process
	cmd      *exec.Cmd
	restarts int
}

// NewGroup makes an empty group.
func NewGroup() *Group {
	return &Group{running: map[string]*running{}, failed: make(chan error, 1)}
}

// Failed delivers the first end of a process that should not have ended.
func (g *Group) Failed() <-chan error { return g.failed }

// Start runs a process.
func (g *Group) Start(p Process) error {
	r := &running{Process: p}
	if err := g.launch(r); err != nil {
		return err
	}
	g.wg.Add(1)
	go g.watch(r)
	return nil
}

func (g *Group) launch(r *running) error {
	log, err := os.OpenFile(r.Log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	defer log.Close()
	cmd := exec.Command(r.Path, r.Args...)
	cmd.Env = append(os.Environ(), r.Env...)
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}

	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closing {
		return fmt.Errorf("%s: the region is closing", r.Name)
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("%s: %w", r.Name, err)
	}
	r.cmd = cmd
	g.running[r.Name] = r
	return nil
}

func (g *Group) watch(r *running) {
	defer g.wg.Done()
	for {
		err := r.cmd.Wait()
		if g.isClosing() {
			return
		}
		if !r.Restart {
			g.fail(fmt.Errorf("%s ended (%v); its last words are in %s", r.Name, err, r.Log))
			return
		}
		time.Sleep(restartDelay)
		r.restarts++
		if err := g.launch(r); err != nil {
			if !g.isClosing() {
				g.fail(err)
			}
			return
		}
	}
}

func (g *Group) fail(err error) {
	select {
	case g.failed <- err:
	default:
	}
}

func (g *Group) isClosing() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.closing
}

// Signal sends a signal to a process by its name.
func (g *Group) Signal(name string, signal syscall.Signal) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	r := g.running[name]
	if r == nil {
		return fmt.Errorf("no component %q in this region", name)
	}
	return r.cmd.Process.Signal(signal)
}

// PIDs answers the process id of each component.
func (g *Group) PIDs() map[string]int {
	g.mu.Lock()
	defer g.mu.Unlock()
	pids := make(map[string]int, len(g.running))
	for name, r := range g.running {
		pids[name] = r.cmd.Process.Pid
	}
	return pids
}

// Close ends the named processes with SIGTERM, one after the other, and then
// kills the rest, which keeps nothing worth an orderly end. A named process
// that is still there when ctx is over is killed too.
func (g *Group) Close(ctx context.Context, inOrder ...string) {
	g.mu.Lock()
	g.closing = true
	g.mu.Unlock()
	for _, name := range inOrder {
		_ = g.Signal(name, syscall.SIGTERM)
		g.waitGone(ctx, name)
	}
	for name := range g.PIDs() {
		_ = g.Signal(name, syscall.SIGKILL)
	}
	g.wg.Wait()
}

// waitGone polls, since the owner of the process collects it elsewhere.
func (g *Group) waitGone(ctx context.Context, name string) {
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for g.Signal(name, 0) == nil {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
