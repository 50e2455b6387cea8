package simulated

import (
	"crypto/sha256"
	"fmt"
	"strconv"
	"time"

	"github.com/ebb-node/ebb/mockcloud/runtime"
)

// The back-off between restarts of a container is Kubernetes' own
// (https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#restart-policy):
// 10 s, doubled up to 5 minutes, and forgotten after 10 minutes of running.
const (
	firstBackOff = 10 * time.Second
	maxBackOff   = 5 * time.Minute
	calmPeriod   = 10 * time.Minute
)

// container is one container's part of the timeline; the group's lock guards
// it.
type container struct {
	group  *group
	spec   runtime.Container
	init   bool
	script script

	state    runtime.ContainerState
	previous runtime.ContainerState
	ready    bool
	restarts int
	failures int // since the last calm period
	run      int // counts starts, so that steps of an earlier run do nothing

	logs    []runtime.LogLine
	oldLogs []runtime.LogLine

	cpu time.Duration // used so far
}

func newContainer(g *group, spec runtime.Container, init bool) *container {
	return &container{group: g, spec: spec, init: init, script: readScript(spec, init, g.runtime.config.Load)}
}

func (c *container) start() {
	g := c.group
	if g.over() || g.stopping {
		return
	}
	c.run++
	run := c.run
	now := g.runtime.clock.Now()
	c.state = runtime.ContainerState{State: "Running", StartedAt: now, ContainerID: c.id()}
	c.logs = nil
	c.log("simulated container " + c.spec.Name + " of " + c.spec.Image + " started")
	for _, line := range c.script.log {
		c.log(line)
	}
	if !c.init {
		g.phase = runtime.Running
	}
	c.setReady(run)
	g.say("Normal", "Started", "Started container "+c.spec.Name)
	if c.script.ends {
		g.later(c.script.after, func() {
			if c.run == run {
				c.exit(c.script.code)
			}
		})
	}
}

// setReady makes the container ready, now or in time.
func (c *container) setReady(run int) {
	if c.init {
		return
	}
	delay := c.group.runtime.config.Latencies.Ready
	if c.spec.Readiness != nil {
		delay += c.spec.Readiness.InitialDelay
	}
	if delay == 0 {
		c.ready = true
		return
	}
	c.group.later(delay, func() {
		if c.run == run && c.state.State == "Running" {
			c.ready = true
			c.group.tell(nil)
		}
	})
}

// exit ends a run and decides what follows.
func (c *container) exit(code int) {
	g := c.group
	if g.over() || c.state.State != "Running" {
		return
	}
	calm := g.runtime.clock.Now().Sub(c.state.StartedAt) >= calmPeriod
	c.terminate(code, 0)
	switch {
	case g.stopping:
		g.tell(nil)
	case c.init && code == 0:
		g.tell(nil)
		g.nextInit()
	case c.restartsAfter(code):
		c.backOff(calm)
	case c.init:
		g.end(runtime.Failed, "", "init container "+c.spec.Name+" ended with "+strconv.Itoa(code))
	default:
		g.tell(nil)
		g.finish()
	}
}

func (c *container) restartsAfter(code int) bool {
	switch c.group.spec.RestartPolicy {
	case "Never":
		return false
	case "OnFailure":
		return code != 0
	}
	return !c.init || code != 0
}

func (c *container) backOff(calm bool) {
	if calm {
		c.failures = 0
	}
	wait := min(firstBackOff<<min(c.failures, 10), maxBackOff)
	c.failures++
	c.restarts++
	c.previous, c.oldLogs = c.state, c.logs
	c.state = runtime.ContainerState{State: "Waiting", Reason: "CrashLoopBackOff",
		Message: fmt.Sprintf("back-off %s restarting failed container %s", wait, c.spec.Name)}
	c.group.say("Warning", "BackOff", "Back-off restarting failed container "+c.spec.Name)
	c.group.later(wait, c.start)
}

// kill ends a run for good.
func (c *container) kill(code, signal int) {
	if c.state.State == "Running" {
		c.terminate(code, signal)
	}
}

func (c *container) terminate(code, signal int) {
	reason := "Completed"
	if code != 0 {
		reason = "Error"
	}
	c.ready = false
	c.state.State, c.state.Reason = "Terminated", reason
	c.state.ExitCode, c.state.Signal = code, signal
	c.state.FinishedAt = c.group.runtime.clock.Now()
	c.log("ended with " + strconv.Itoa(code))
}

func (c *container) status() runtime.ContainerStatus {
	return runtime.ContainerStatus{
		Name: c.spec.Name, ImageID: imageID(c.spec.Image),
		Ready: c.ready, Started: c.state.State == "Running", RestartCount: c.restarts,
		Current: c.state, Previous: c.previous,
	}
}

func (c *container) log(line string) {
	c.logs = append(c.logs, runtime.LogLine{Time: c.group.runtime.clock.Now(), Text: []byte(line + "\n")})
}

func (c *container) id() string {
	return fmt.Sprintf("%x", sha256.Sum256(fmt.Appendf(nil, "%s/%s/%d", c.group.spec.ID, c.spec.Name, c.run)))
}

// imageID is a digest of the image's name: there is no content to digest.
func imageID(image string) string {
	return fmt.Sprintf("sha256:%x", sha256.Sum256([]byte(image)))
}
