package runc

import (
	"time"

	"k8s.io/utils/clock"
)

// watchDeadline fails the group that runs for too long.
func (g *group) watchDeadline() {
	if g.sleep(g.spec.ActiveDeadline) {
		g.end(defaultGrace, reasonDeadline, "The group was active longer than "+g.spec.ActiveDeadline.String())
	}
}

// end stops the group, and kills what is left of it after the grace. A second
// call can only shorten the grace.
func (g *group) end(grace time.Duration, reason, message string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	until := g.now().Add(grace)
	if g.stopping.Err() != nil && !until.Before(g.until) {
		return
	}
	if g.stopping.Err() == nil && reason != "" {
		g.report.fail(reason, message)
	}
	if g.deadline != nil {
		g.deadline.Stop()
	}
	g.until, g.deadline = until, g.rt.config.Clock.NewTimer(grace)
	if grace <= 0 {
		g.kill()
	}
	go g.killAt(g.deadline)
	g.stop()
}

func (g *group) killAt(deadline clock.Timer) {
	select {
	case <-deadline.C():
		g.kill()
	case <-g.done:
		deadline.Stop()
	case <-g.killing.Done():
		deadline.Stop()
	}
}
