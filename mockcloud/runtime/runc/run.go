package runc

import (
	"context"
	"fmt"
	"os"
	"time"

	specs "github.com/opencontainers/runtime-spec/specs-go"
	"golang.org/x/sys/unix"

	"github.com/ebb-node/ebb/mockcloud/runtime"
)

// run is one run of a container, from its start to its end.
type run struct {
	attempt    int
	id         string
	process    specs.Process // pattern for what is executed in it
	child      *child
	logs       *logFile
	stdin      *os.File // what the container reads; nobody writes to it
	mountNS    string
	stopSignal unix.Signal
	startedAt  time.Time
	failed     chan string // why it must be killed: a probe or hook
}

// begin starts a run.
func (c *container) begin(attempt int) (*run, error) {
	img, err := c.image(c.group.stopping)
	if err != nil {
		return nil, err
	}
	c.set(nil, func(s *runtime.ContainerStatus) { s.ImageID = img.id })
	c.group.limits.RLock()
	defer c.group.limits.RUnlock()
	spec, err := c.bundle(attempt, img)
	if err != nil {
		return nil, err
	}
	c.set(normal(eventCreated, "Created container %s", c.spec.Name), nil)
	r := &run{
		attempt: attempt, id: c.runID(attempt), process: *spec.Process,
		stopSignal: parseSignal(img.config.StopSignal), failed: make(chan string, 1),
	}
	if r.logs, err = openLog(c.logDir(), attempt, c.group.rt.config.Clock); err != nil {
		return nil, err
	}
	c.mu.Lock()
	c.attempts = attempt + 1
	c.mu.Unlock()
	if err := c.start(r); err != nil {
		r.close()
		return nil, err
	}
	c.setCurrent(r)
	return r, nil
}

func (c *container) logDir() string { return c.group.path("logs", c.spec.Name) }

// start starts the run's process with its streams.
func (c *container) start(r *run) error {
	d := detached{dir: c.runDir(r.attempt), args: []string{"run", r.id}, tty: c.spec.TTY}
	if !c.spec.TTY {
		var err error
		if d.stdout, d.stderr, err = r.logs.logPipes(); err != nil {
			return err
		}
		defer d.stdout.Close()
		defer d.stderr.Close()
		if c.spec.Stdin {
			if d.stdin, r.stdin, err = os.Pipe(); err != nil {
				return err
			}
			defer d.stdin.Close()
		}
	}
	child, tty, err := c.group.start(d)
	if err != nil {
		return err
	}
	if tty != nil {
		r.logs.copy(terminal{tty}, logStdout)
	}
	r.child = child
	r.mountNS, _ = os.Readlink(fmt.Sprintf("/proc/%d/ns/mnt", child.pid))
	r.startedAt = c.group.now()
	return nil
}

// close frees what a run holds in this process.
func (r *run) close() {
	if r.stdin != nil {
		r.stdin.Close()
	}
	r.logs.finish()
	if r.child != nil {
		r.child.pidfd.Close()
	}
}

// follow accompanies a run to its end.
func (c *container) follow(r *run) runtime.ContainerState {
	c.set(normal(eventStarted, "Started container %s", c.spec.Name), func(s *runtime.ContainerStatus) {
		supersede(s, runtime.ContainerState{State: running, StartedAt: r.startedAt, ContainerID: r.id})
		s.RestartCount = r.attempt
	})
	alive, stopProbes := context.WithCancel(c.group.killing)
	go c.accompany(alive, r)
	select {
	case <-r.child.done:
	case <-c.group.stopping.Done():
		c.terminate(c.group.killing, r, "Stopping container "+c.spec.Name)
	case why := <-r.failed:
		kill, cancel := context.WithTimeout(c.group.killing, defaultGrace)
		c.terminate(kill, r, why)
		cancel()
	}
	stopProbes()
	return c.bury(r)
}

// accompany runs the hook after the start and then the probes.
func (c *container) accompany(ctx context.Context, r *run) {
	if c.spec.PostStart != nil {
		if err := c.handle(ctx, r, *c.spec.PostStart); err != nil {
			c.set(warning(eventPostStart, "PostStartHook of container %s failed: %v", c.spec.Name, err), nil)
			r.fail("FailedPostStartHook")
			return
		}
	}
	c.set(nil, func(s *runtime.ContainerStatus) {
		if s.Current.State == running {
			s.Started = true
			s.Ready = !c.init && c.spec.Readiness == nil
		}
	})
	if c.spec.Readiness != nil {
		go c.watchReadiness(ctx, r)
	}
	if c.spec.Liveness != nil {
		go c.watchLiveness(ctx, r)
	}
}

// fail says why the run must be killed; the first reason counts.
func (r *run) fail(why string) {
	select {
	case r.failed <- why:
	default:
	}
}

// bury reports the end of a run and frees what it held.
func (c *container) bury(r *run) runtime.ContainerState {
	c.killStrays(r)
	finished := c.group.now()
	c.setCurrent(nil)
	r.close()
	code, signal := r.child.exit()
	state := runtime.ContainerState{
		State: terminated, Reason: endReason(code, c.group.rt.cgroups.oomKills(c.cgroup(r.attempt))),
		ExitCode: code, Signal: signal, StartedAt: r.startedAt, FinishedAt: finished, ContainerID: r.id,
	}
	state.Message = c.lastWords(r, code)
	c.set(nil, func(s *runtime.ContainerStatus) {
		supersede(s, state)
		s.Ready = c.init && code == 0
	})
	return state
}

// endReason is why a container ended.
func endReason(code, oomKills int) string {
	switch {
	case code == 0:
		return reasonCompleted
	case oomKills > 0:
		return reasonOOM
	default:
		return reasonError
	}
}

// setCurrent says what runs now, and keeps count of the CPU used so far.
func (c *container) setCurrent(r *run) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if r == nil && c.current != nil {
		if used, err := c.measure(c.current); err == nil {
			c.spent += used.CPU
		}
	}
	c.current = r
}
