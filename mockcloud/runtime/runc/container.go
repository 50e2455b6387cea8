package runc

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/ebb-node/ebb/mockcloud/runtime"
)

// container is one container of a group through all of its runs.
type container struct {
	group *group
	spec  runtime.Container
	init  bool
	index int

	mu       sync.Mutex
	current  *run          // nil while it does not run
	attempts int           // runs begun
	spent    time.Duration // CPU of the runs before
}

// loop runs the container, again and again if the policy says so, until it is
// over or the group stops. It answers whether it ended well.
func (c *container) loop() bool {
	again := restarts{backOff: backOff{base: c.group.rt.config.BackOff}}
	for attempt := 0; ; attempt++ {
		state, err := c.runOnce(attempt)
		if err != nil {
			return false
		}
		if c.group.stopping.Err() != nil || !shouldRestart(c.group.spec.RestartPolicy, c.init, state.ExitCode) {
			return state.ExitCode == 0
		}
		if delay := again.delay(state.FinishedAt.Sub(state.StartedAt)); delay > 0 {
			c.crashLoop(delay)
			if !c.group.sleep(delay) {
				return false
			}
		}
		c.discard(attempt)
	}
}

// runOnce runs the container to its end. What stands in the way of its start
// is reported and tried again. An error means that the group stops before the
// container ran.
func (c *container) runOnce(attempt int) (runtime.ContainerState, error) {
	retry := backOff{base: c.group.rt.config.BackOff}
	for {
		r, err := c.begin(attempt)
		var obstacle *waitError
		switch {
		case err == nil:
			return c.follow(r), nil
		case c.group.stopping.Err() != nil:
			return runtime.ContainerState{}, err
		case !errors.As(err, &obstacle):
			return c.stillborn(attempt, err), nil
		}
		c.wait(obstacle)
		if !c.group.sleep(retry.delay()) {
			return runtime.ContainerState{}, err
		}
	}
}

// wait reports why the container can't be started now.
func (c *container) wait(obstacle *waitError) {
	c.set(warning(eventFailed, "%v", obstacle.err), func(s *runtime.ContainerStatus) {
		supersede(s, runtime.ContainerState{State: waiting, Reason: obstacle.reason, Message: obstacle.Error()})
	})
	if obstacle.reason != reasonPull {
		return
	}
	c.set(normal(eventBackOff, "Back-off pulling image %q", c.spec.Image), func(s *runtime.ContainerStatus) {
		s.Current.Reason = reasonPullBackOff
		s.Current.Message = fmt.Sprintf("Back-off pulling image %q: %v", c.spec.Image, obstacle.err)
	})
}

// crashLoop reports that the container waits for its restart.
func (c *container) crashLoop(delay time.Duration) {
	event := warning(eventBackOff, "Back-off restarting failed container %s", c.spec.Name)
	c.set(event, func(s *runtime.ContainerStatus) {
		supersede(s, runtime.ContainerState{State: waiting, Reason: reasonCrashLoop,
			Message: fmt.Sprintf("back-off %s restarting failed container %s", delay, c.spec.Name)})
	})
}

// stillborn reports a run that could not be started.
func (c *container) stillborn(attempt int, err error) runtime.ContainerState {
	now := c.group.now()
	state := runtime.ContainerState{
		State: terminated, Reason: reasonStart, Message: err.Error(), ExitCode: exitNotStarted,
		StartedAt: now, FinishedAt: now, ContainerID: c.runID(attempt),
	}
	c.set(warning(eventFailed, "Error: container %s: %v", c.spec.Name, err), func(s *runtime.ContainerStatus) {
		supersede(s, state)
		s.RestartCount = attempt
	})
	return state
}

// exitNotStarted is the exit code that container engines give to a container
// that could not be started.
const exitNotStarted = 128

// set changes the container's part of the group's status.
func (c *container) set(event *runtime.Event, change func(*runtime.ContainerStatus)) {
	c.group.report.update(event, func(s *runtime.Status) {
		if change == nil {
			return
		}
		if c.init {
			change(&s.InitContainers[c.index])
		} else {
			change(&s.Containers[c.index])
		}
	})
}

// supersede makes a state the current one, and keeps the end of the run
// before as the previous one.
func supersede(s *runtime.ContainerStatus, state runtime.ContainerState) {
	if s.Current.State == terminated {
		s.Previous = s.Current
	}
	s.Current = state
	s.Ready, s.Started = false, false
}
