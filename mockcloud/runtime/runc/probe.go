package runc

import (
	"context"
	"time"

	"github.com/ebb-node/ebb/mockcloud/runtime"
)

const (
	// eager is how often a container that was never ready is asked, so that a
	// start takes no longer than the application needs.
	eager = 50 * time.Millisecond
	// eagerExec is the same for commands: starting one costs 40 ms of a
	// processor (measured).
	eagerExec = 250 * time.Millisecond
)

// probeDefaults fills in what a probe leaves out, as Kubernetes does.
// https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/
func probeDefaults(p runtime.Probe) runtime.Probe {
	if p.Period <= 0 {
		p.Period = 10 * time.Second
	}
	if p.Timeout <= 0 {
		p.Timeout = time.Second
	}
	p.SuccessThreshold = max(1, p.SuccessThreshold)
	if p.FailureThreshold <= 0 {
		p.FailureThreshold = 3
	}
	return p
}

// verdict turns the outcomes of a probe into a state that changes only after
// enough equal outcomes in a row.
type verdict struct {
	probe     runtime.Probe
	good      bool // the state
	everGood  bool
	successes int
	failures  int
}

// observe counts an outcome and says whether the state has changed.
func (v *verdict) observe(success bool) (changed bool) {
	before := v.good
	if success {
		v.successes, v.failures = v.successes+1, 0
		v.good = v.good || v.successes >= v.probe.SuccessThreshold
	} else {
		v.successes, v.failures = 0, v.failures+1
		v.good = v.good && v.failures < v.probe.FailureThreshold
	}
	v.everGood = v.everGood || v.good
	return v.good != before
}

// interval is the time until the next outcome is wanted.
func (v *verdict) interval() time.Duration {
	switch {
	case v.everGood:
		return v.probe.Period
	case v.probe.Exec != nil:
		return min(eagerExec, v.probe.Period)
	default:
		return min(eager, v.probe.Period)
	}
}

// watchReadiness keeps a container's readiness until ctx is done: also while
// the container is being stopped, for those who wait until it drains.
func (c *container) watchReadiness(ctx context.Context, r *run) {
	v := verdict{probe: probeDefaults(*c.spec.Readiness)}
	c.watch(ctx, r, "Readiness", &v, func() bool {
		c.set(nil, func(s *runtime.ContainerStatus) {
			if s.Current.State == running && s.Current.ContainerID == r.id {
				s.Ready = v.good
			}
		})
		return true
	})
}

// watchLiveness has a container killed that is no longer alive.
func (c *container) watchLiveness(ctx context.Context, r *run) {
	v := verdict{probe: probeDefaults(*c.spec.Liveness), good: true, everGood: true}
	c.watch(ctx, r, "Liveness", &v, func() bool {
		if v.good {
			return true
		}
		why := "Container " + c.spec.Name + " failed liveness probe"
		if c.group.spec.RestartPolicy != restartNever {
			why += ", will be restarted"
		}
		r.fail(why)
		return false
	})
}

// watch probes until ctx is done or changed answers false.
func (c *container) watch(ctx context.Context, r *run, kind string, v *verdict, changed func() bool) {
	if !sleep(ctx, c.group.rt.config.Clock, v.probe.InitialDelay) {
		return
	}
	var told time.Time
	for {
		err := c.probe(ctx, r, v.probe)
		if ctx.Err() != nil || (kind == "Liveness" && c.group.stopping.Err() != nil) {
			return
		}
		if now := c.group.now(); err != nil && now.Sub(told) >= v.probe.Period {
			told = now
			c.set(warning(eventUnhealthy, "%s probe of container %s failed: %v", kind, c.spec.Name, err), nil)
		}
		if v.observe(err == nil) && !changed() {
			return
		}
		if !sleep(ctx, c.group.rt.config.Clock, v.interval()) {
			return
		}
	}
}

func (c *container) probe(ctx context.Context, r *run, p runtime.Probe) error {
	ctx, cancel := context.WithTimeout(ctx, p.Timeout)
	defer cancel()
	return c.handle(ctx, r, p.Handler)
}
