package simulated

import (
	"sync"
	"time"

	"github.com/ebb-node/ebb/mockcloud/clock"
	"github.com/ebb-node/ebb/mockcloud/runtime"
)

// group is one timeline. Its fields are guarded by mu; changes go through
// update, which tells the observer of them in order.
type group struct {
	runtime *Runtime
	spec    runtime.Group
	observe func(runtime.Status)

	mu       sync.Mutex
	init     []*container
	app      []*container
	phase    runtime.Phase
	reason   string
	message  string
	stopping bool
	removed  bool
	timers   []*clock.Timer
	limit    float64   // vCPU, zero: none
	settled  time.Time // usage is accounted up to here

	telling bool
	outbox  []runtime.Status
}

func newGroup(r *Runtime, spec runtime.Group, observe func(runtime.Status)) *group {
	g := &group{runtime: r, spec: spec, observe: observe, phase: runtime.Pending, settled: r.clock.Now()}
	for _, c := range spec.InitContainers {
		g.init = append(g.init, newContainer(g, c, true))
	}
	for _, c := range spec.Containers {
		g.app = append(g.app, newContainer(g, c, false))
	}
	return g
}

// update changes the group and then tells what was said meanwhile. Only one
// caller tells at a time; the others leave their words to it.
func (g *group) update(change func()) {
	g.mu.Lock()
	if !g.removed {
		g.settle()
		change()
	}
	if g.telling {
		g.mu.Unlock()
		return
	}
	g.telling = true
	for len(g.outbox) > 0 && !g.removed {
		next := g.outbox[0]
		g.outbox = g.outbox[1:]
		g.mu.Unlock()
		g.observe(next)
		g.mu.Lock()
	}
	g.telling = false
	g.mu.Unlock()
}

// later runs a step of the timeline when d has passed.
func (g *group) later(d time.Duration, step func()) {
	g.timers = append(g.timers, g.runtime.clock.AfterFunc(d, func() { g.update(step) }))
}

// begin is the first step: pull the images.
func (g *group) begin() {
	for _, c := range append(append([]*container{}, g.init...), g.app...) {
		c.state = runtime.ContainerState{State: "Waiting", Reason: "ContainerCreating"}
	}
	g.say("Normal", "Pulling", "Pulling images")
	if g.spec.ActiveDeadline > 0 {
		g.later(g.spec.ActiveDeadline, g.deadline)
	}
	g.later(g.runtime.config.Latencies.Pull, g.pulled)
}

func (g *group) pulled() {
	if g.over() || g.stopping {
		return
	}
	failed := false
	for _, c := range append(append([]*container{}, g.init...), g.app...) {
		if !pullable(c.spec.Image) {
			c.state = runtime.ContainerState{State: "Waiting", Reason: "ImagePullBackOff",
				Message: "Back-off pulling image " + c.spec.Image}
			failed = true
		}
	}
	if failed {
		g.say("Warning", "Failed", "Failed to pull image")
		return
	}
	g.say("Normal", "Pulled", "Successfully pulled images")
	g.nextInit()
}

// nextInit starts the first init container that has not succeeded, or else
// all app containers.
func (g *group) nextInit() {
	for _, c := range g.init {
		if c.state.State != "Terminated" || c.state.ExitCode != 0 {
			g.later(g.runtime.config.Latencies.Start, c.start)
			return
		}
	}
	for _, c := range g.app {
		g.later(g.runtime.config.Latencies.Start, c.start)
	}
}

// stop ends every container with SIGTERM.
func (g *group) stop(grace time.Duration) {
	if g.over() || g.stopping {
		return
	}
	g.stopping = true
	latency, code, signal := g.runtime.config.Latencies.Stop, 0, 0
	if latency > grace {
		latency, code, signal = grace, 137, 9
	}
	g.later(latency, func() {
		for _, c := range append(append([]*container{}, g.init...), g.app...) {
			c.kill(code, signal)
		}
		g.finish()
	})
}

func (g *group) deadline() {
	if g.over() {
		return
	}
	for _, c := range append(append([]*container{}, g.init...), g.app...) {
		c.kill(137, 9)
	}
	g.end(runtime.Failed, "DeadlineExceeded", "Pod was active on the node longer than the specified deadline")
}

// finish ends the group when no container will run again.
func (g *group) finish() {
	if g.over() {
		return
	}
	phase := runtime.Succeeded
	for _, c := range g.app {
		if c.state.State != "Terminated" {
			if !g.stopping {
				return
			}
			phase = runtime.Failed
		} else if c.state.ExitCode != 0 {
			phase = runtime.Failed
		}
	}
	g.end(phase, "", "")
}

func (g *group) end(phase runtime.Phase, reason, message string) {
	g.phase, g.reason, g.message = phase, reason, message
	g.cancel()
	g.tell(nil)
}

func (g *group) over() bool { return g.phase == runtime.Succeeded || g.phase == runtime.Failed }

// remove ends the timeline without a word.
func (g *group) remove() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.removed = true
	g.outbox = nil
	g.cancel()
}

func (g *group) cancel() {
	for _, t := range g.timers {
		t.Stop()
	}
	g.timers = nil
}

// say tells the observer an event along with the state.
func (g *group) say(kind, reason, message string) {
	g.tell(&runtime.Event{Type: kind, Reason: reason, Message: message})
}

func (g *group) tell(e *runtime.Event) {
	s := runtime.Status{Phase: g.phase, Reason: g.reason, Message: g.message, Event: e}
	for _, c := range g.init {
		s.InitContainers = append(s.InitContainers, c.status())
	}
	for _, c := range g.app {
		s.Containers = append(s.Containers, c.status())
	}
	g.outbox = append(g.outbox, s)
}
