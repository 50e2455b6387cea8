package eci

import (
	"time"

	"github.com/ebb-node/ebb/mockcloud/runtime"
)

// perform does what a change of state calls for. The lock is not held: the
// runtime may call back.
func (s *Service) perform(g *group, e effect, grace time.Duration) {
	switch e {
	case run:
		s.start(g)
	case stop:
		s.runtime.Stop(g.id, grace)
	case rerun:
		s.do(func() { s.startAgain(g) })
	case forget:
		s.forget(g)
	}
}

// change changes a group under the lock and performs what follows.
func (s *Service) change(g *group, grace time.Duration, f func(now time.Time) effect) {
	s.mu.Lock()
	if g.forgotten || s.closed {
		s.mu.Unlock()
		return
	}
	wasFinal := g.final()
	e := f(s.clock.Now())
	if g.final() && !wasFinal {
		s.ageLater(g)
	}
	s.mu.Unlock()
	s.perform(g, e, grace)
}

// start hands a group to the runtime. A deletion or the like may come while
// the runtime accepts it, and is then made up for.
func (s *Service) start(g *group) {
	err := s.runtime.Start(g.runtimeGroup(), func(status runtime.Status) {
		s.change(g, 0, func(now time.Time) effect { return g.observe(now, status) })
	})
	if err != nil {
		s.change(g, 0, func(now time.Time) effect { return g.cannotRun(now, err) })
		return
	}
	s.mu.Lock()
	g.inRuntime = true
	forgotten, status := g.forgotten, g.status
	s.mu.Unlock()
	switch {
	case forgotten:
		s.do(func() { s.free(g) })
	case status == terminating:
		s.runtime.Stop(g.id, g.grace())
	case status == failed || status == expired:
		s.runtime.Stop(g.id, 0)
	}
}

func (s *Service) startAgain(g *group) {
	s.remove(g)
	s.change(g, 0, func(time.Time) effect { return g.restarted() })
}

// forget takes a group out of the cloud; its address is free once the runtime
// has let go of it.
func (s *Service) forget(g *group) {
	s.mu.Lock()
	already := g.forgotten
	g.forgotten = true
	s.groups.remove(g)
	g.pendingTimer.Stop()
	// A group that the runtime is just accepting is freed by start.
	starting := g.started() && !g.inRuntime
	s.mu.Unlock()
	if !already && !starting {
		s.do(func() { s.free(g) })
	}
}

func (s *Service) free(g *group) {
	s.remove(g)
	s.mu.Lock()
	defer s.mu.Unlock()
	g.subnet.release(g.ip)
}

func (s *Service) remove(g *group) {
	if err := s.runtime.Remove(g.id); err != nil && s.config.Log != nil {
		s.config.Log.WithError(err).WithField("group", g.id).Error("runtime could not remove the group")
	}
}

// do runs what may take its time: the runtime removes processes and networks.
func (s *Service) do(f func()) {
	s.background.Go(f)
}

// ageLater looks for what has aged when this group's time is over.
func (s *Service) ageLater(g *group) {
	after := retention
	if g.status == scheduleFailed {
		after = scheduleFailedRetention
	}
	s.clock.AfterFunc(after, s.age)
}

func (s *Service) age() {
	s.mu.Lock()
	aged := s.groups.aged(s.clock.Now())
	s.mu.Unlock()
	for _, g := range aged {
		s.forget(g)
	}
}

// grace is the time between SIGTERM and SIGKILL.
func (g *group) grace() time.Duration {
	return time.Duration(valueOr(g.request.TerminationGracePeriodSeconds, defaultGrace)) * time.Second
}
