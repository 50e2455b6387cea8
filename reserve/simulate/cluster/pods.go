package cluster

import (
	"fmt"
	"slices"
	"time"
)

// pod is one pod of either Deployment.
type pod struct {
	name     string
	reserve  bool
	created  time.Time
	takes    time.Duration // from its start to readyAt; below 0: for ever
	readyAt  time.Time     // zero: not in sight
	attached bool
	detached time.Time
	counted  bool
	deleting time.Time // zero: it is not

	ended, restarted, expiring bool
	refused                    string

	requests []*request
	busy     time.Duration // requests in flight, added up
	told     time.Duration // of that, what statistics have told of
	asked    []time.Time   // of the last statistics with a request
	idleFor  time.Duration // since it was detached
}

func (p *pod) alive() bool { return !p.ended && p.deleting.IsZero() }

func (p *pod) ready(now time.Time) bool {
	return p.alive() && !p.readyAt.IsZero() && !now.Before(p.readyAt)
}

// running reports whether a pod costs money.
func (p *pod) running() bool { return !p.ended && p.refused == "" }

// start makes a pod.
func (c *Cluster) start(reserve bool) {
	c.made++
	p := &pod{name: fmt.Sprintf("standard-%d", c.made), created: c.now, attached: true, reserve: reserve}
	took := c.StandardStart
	if reserve {
		p.name, took = fmt.Sprintf("reserve-%d", c.made), c.ReserveStart
		p.refused, p.restarted = c.Faults.Refused, c.Faults.Restarting
		c.Sums.Reserves++
	}
	p.takes = took(c.Rand)
	c.pods = append(c.pods, p)
	c.run(p)
}

// run lets a pod become ready in time, unless something keeps it from it.
func (c *Cluster) run(p *pod) {
	stopped := p.refused != "" || c.Faults.StandardBroken && !p.reserve
	if p.readyAt.IsZero() && p.takes >= 0 && !stopped {
		p.readyAt = c.now.Add(p.takes)
	}
}

// scale brings a Deployment to its number of pods, as a ReplicaSet does: pods that
// have ended do not count, and of those that run the not ready ones go first, then
// those with a deletion cost, which detached pods have.
func (c *Cluster) scale(reserve bool, replicas int) {
	var has []*pod
	for _, p := range c.pods {
		if p.reserve == reserve && p.alive() {
			has = append(has, p)
		}
	}
	for range replicas - len(has) {
		c.start(reserve)
	}
	if len(has) <= replicas {
		return
	}
	slices.SortStableFunc(has, func(a, b *pod) int { return c.rank(a) - c.rank(b) })
	for _, p := range has[:len(has)-replicas] {
		p.deleting = c.now
	}
}

func (c *Cluster) rank(p *pod) int {
	switch {
	case !p.ready(c.now):
		return 0
	case !p.attached:
		return 1
	}
	return 2
}

// sweep removes pods that were deleted and have finished their requests, or may
// not go on with them.
func (c *Cluster) sweep() {
	c.pods = slices.DeleteFunc(c.pods, func(p *pod) bool {
		if p.alive() || p.ended && p.deleting.IsZero() {
			return false
		}
		if c.drains(p) {
			return false
		}
		c.Sums.Lost += len(p.requests)
		return true
	})
}

// drains reports whether a deleted pod still has something to do, or waits for more.
func (c *Cluster) drains(p *pod) bool {
	switch {
	case p.ended, p.readyAt.IsZero(), p.deleting.Before(p.readyAt):
		return false
	case len(p.requests) > 0:
		return c.now.Before(p.deleting.Add(c.DrainBound))
	}
	return c.now.Before(p.deleting.Add(c.Linger))
}
