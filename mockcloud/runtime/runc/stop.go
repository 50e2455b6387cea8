package runc

import (
	"context"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// defaultGrace is how long a container may take to end where nobody says: the
// default of terminationGracePeriodSeconds.
// https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination
const defaultGrace = 30 * time.Second

// terminate ends a run: hook, signal, and SIGKILL once kill is done.
func (c *container) terminate(kill context.Context, r *run, why string) {
	c.set(normal(eventKilling, "%s", why), nil)
	if c.spec.PreStop != nil && kill.Err() == nil {
		c.preStop(kill, r)
	}
	if kill.Err() == nil {
		c.signal(r, r.stopSignal)
	}
	select {
	case <-r.child.done:
	case <-kill.Done():
		c.signal(r, unix.SIGKILL)
		<-r.child.done
	}
}

// preStop runs the hook before the end, as long as the run lasts.
func (c *container) preStop(kill context.Context, r *run) {
	ctx, cancel := context.WithCancel(kill)
	defer cancel()
	go func() {
		select {
		case <-r.child.done:
			cancel()
		case <-ctx.Done():
		}
	}()
	if err := c.handle(ctx, r, *c.spec.PreStop); err != nil && ctx.Err() == nil {
		c.set(warning(eventPreStop, "PreStopHook of container %s failed: %v", c.spec.Name, err), nil)
	}
}

func (c *container) signal(r *run, s unix.Signal) {
	if err := r.child.signal(s); err != nil {
		c.group.log.WithError(err).Warn("Can't signal a container")
	}
}

// parseSignal understands an image's stop signal: a number or a name with or
// without "SIG".
func parseSignal(s string) unix.Signal {
	if n, err := strconv.Atoi(s); err == nil && n > 0 {
		return unix.Signal(n)
	}
	s = strings.ToUpper(s)
	if signal := unix.SignalNum("SIG" + strings.TrimPrefix(s, "SIG")); signal != 0 {
		return signal
	}
	return unix.SIGTERM
}

// killStrays ends what a run left behind: in process namespaces of their own
// there is nothing, in a shared one processes outlive the first.
func (c *container) killStrays(r *run) {
	if !c.group.spec.ShareProcesses {
		return
	}
	killAll(func() []int {
		return processesOf(func(p process) bool { return p.mountNS() == r.mountNS })
	})
}
