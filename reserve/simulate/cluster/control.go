package cluster

import (
	"slices"
	"time"

	"github.com/ebb-node/ebb/reserve/decide"
)

const (
	// idleReads is how long a detached pod has to be seen without a request.
	idleReads = 3 * time.Second
	// askedReads is how many statistics with a request are remembered.
	askedReads = 4
)

// Observe is what ebb sees.
func (c *Cluster) Observe(replicas int) decide.Observation {
	o := decide.Observation{
		Now: c.now, Replicas: replicas, DrainBound: c.DrainBound,
		Scaler:     decide.Scaler{Activity: c.activity, Since: c.since, TimedOut: c.timedOut, Desired: c.told()},
		Standard:   decide.Standard{Replicas: c.replicas},
		Gate:       decide.Gate{Closed: c.gateClosed, Holds: c.gateHolds || c.Knative.Retention >= gateHold},
		Reserve:    decide.Reserve{Exists: c.exists, Replicas: c.reserves},
		Memory:     c.memory,
		Unreported: c.now.Sub(c.unreported),
	}
	for _, p := range c.pods {
		switch {
		case p.reserve:
			o.Pods = append(o.Pods, c.seen(p))
		case p.ready(c.now):
			o.Standard.Ready++
		}
	}
	return o
}

// told is the scale that the autoscaler says it wants: of an active revision it says
// one while it is active for less than the stable window (serving
// pkg/reconciler/autoscaling/kpa/scaler.go).
func (c *Cluster) told() int {
	if c.activity == decide.Serving {
		return max(1, c.desired)
	}
	return c.desired
}

func (c *Cluster) seen(p *pod) decide.Pod {
	out := decide.Pod{
		Name: p.name, Created: p.created, Attached: p.attached, DetachedAt: p.detached, Deleting: !p.deleting.IsZero(),
		Ready: p.ready(c.now), Since: p.created, Counted: p.counted, Ended: p.ended, Refused: p.refused,
		Restarted: p.restarted && p.ready(c.now), Expiring: p.expiring, Idle: p.idleFor >= idleReads, Busy: len(p.requests) > 0,
		Asked: slices.Clone(p.asked),
	}
	if out.Ready {
		out.Since = p.readyAt
	}
	out.CreditsLow = c.CreditsLow != nil && c.CreditsLow(p.name)
	return out
}

// Apply does what was decided.
func (c *Cluster) Apply(d decide.Decision) {
	c.exists, c.reserves = d.Exists, d.Replicas
	if d.Start && c.replicas == 0 {
		c.replicas = 1
	}
	if c.gateClosed != d.CloseGate {
		c.gateClosed, c.gateSince = d.CloseGate, c.now
	}
	if d.State != c.memory.State {
		c.memory.State, c.memory.Since = d.State, c.now
	}
	c.memory.Failure = d.Failure
	for _, p := range c.pods {
		if p.reserve && p.alive() {
			c.change(p, &d)
		}
	}
}

func (c *Cluster) change(p *pod, d *decide.Decision) {
	if slices.Contains(d.Detach, p.name) && p.attached {
		p.attached, p.detached = false, c.now
	}
	if slices.Contains(d.Delete, p.name) {
		p.deleting = c.now
	}
	if p.attached {
		p.counted = d.Count == p.name
	}
}

// Reserve is a reserve pod that runs.
type Reserve struct {
	Name    string
	Created time.Time
	// Busy is how long requests were in flight on it, added up.
	Busy time.Duration
}

// Reserves are the reserve pods that run, those that end included.
func (c *Cluster) Reserves() []Reserve {
	var out []Reserve
	for _, p := range c.pods {
		if p.reserve && p.running() {
			out = append(out, Reserve{Name: p.name, Created: p.created, Busy: p.busy})
		}
	}
	return out
}

// Running is the number of standard and of reserve pods that cost money.
func (c *Cluster) Running() (standard, reserve int) {
	reserve = c.count(func(p *pod) bool { return p.reserve && p.running() })
	return c.count((*pod).running) - reserve, reserve
}

// Memory is what was decided last.
func (c *Cluster) Memory() decide.Memory { return c.memory }

// EndReserve ends a ready reserve pod without notice, with all that it has; it
// reports whether there was one.
func (c *Cluster) EndReserve() bool { return c.mark(c.end) }

// RestartReserve restarts the container of a ready reserve pod; it reports whether
// there was one.
func (c *Cluster) RestartReserve() bool {
	return c.mark(func(p *pod) { p.restarted = true })
}

// ExpireReserve announces that a ready reserve pod will be reclaimed; it reports
// whether there was one.
func (c *Cluster) ExpireReserve() bool {
	return c.mark(func(p *pod) { p.expiring = true })
}

// Reclaim ends the pods of which that was announced.
func (c *Cluster) Reclaim() {
	for _, p := range c.pods {
		if p.expiring {
			c.end(p)
		}
	}
}

func (c *Cluster) end(p *pod) {
	c.Sums.Lost += len(p.requests)
	p.requests, p.ended = nil, true
}

func (c *Cluster) mark(change func(*pod)) bool {
	for _, p := range c.pods {
		if p.reserve && p.ready(c.now) && p.attached {
			change(p)
			return true
		}
	}
	return false
}
