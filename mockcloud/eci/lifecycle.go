package eci

import (
	"time"

	"github.com/ebb-node/ebb/mockcloud/runtime"
)

// effect is what the Service must do after a change of state.
type effect int

const (
	nothing effect = iota
	run            // start the group in the runtime
	stop           // stop it at once
	rerun          // remove it from the runtime and start it again
	forget         // remove it from runtime and cloud
)

// The functions in this file are the state machine. They change the group and
// answer what follows; they touch nothing else.

// schedule ends Scheduling.
func (g *group) schedule(now time.Time) effect {
	if g.status != scheduling {
		return nothing
	}
	if g.noStock {
		g.finish(now, scheduleFailed, "NoStock", "The resource is out of stock.")
		g.addEvent(now, "Warning", "NoStock", "ContainerGroup.NoStock: the resource is out of stock.")
		return nothing
	}
	g.began = now
	g.move(now, pending)
	return run
}

// pendingTooLong ends a group that does not get to run.
func (g *group) pendingTooLong(now time.Time) effect {
	if g.status != pending {
		return nothing
	}
	g.finish(now, failed, "PendingTimeout", "The group was pending longer than MaxPendingMinute.")
	return stop
}

// cannotRun ends a group that the runtime refuses.
func (g *group) cannotRun(now time.Time, err error) effect {
	g.finish(now, failed, "RuntimeError", err.Error())
	g.addEvent(now, "Warning", "Failed", err.Error())
	return nothing
}

// observe takes over what the runtime tells.
func (g *group) observe(now time.Time, s runtime.Status) effect {
	g.containers, g.initContainers = s.Containers, s.InitContainers
	g.changed = now
	if ready := g.allReady(); ready != g.wasReady {
		g.wasReady, g.ready = ready, now
	}
	if s.Event != nil {
		g.addEvent(now, s.Event.Type, s.Event.Reason, s.Event.Message)
	}
	ended := s.Phase == runtime.Succeeded || s.Phase == runtime.Failed
	switch g.status {
	case terminating:
		if ended {
			return forget
		}
	case restarting:
		if g.rerunning {
			g.follow(now, s)
		} else if ended {
			return rerun
		}
	case pending, running:
		g.follow(now, s)
	}
	return nothing
}

// follow moves a pending or running group along with its runtime.
func (g *group) follow(now time.Time, s runtime.Status) {
	switch s.Phase {
	case runtime.Running:
		g.move(now, running)
	case runtime.Succeeded:
		g.finish(now, succeeded, s.Reason, s.Message)
	case runtime.Failed:
		g.finish(now, failed, s.Reason, s.Message)
	}
}

// terminate begins a deletion.
func (g *group) terminate(now time.Time) effect {
	switch {
	case g.status == terminating:
		return nothing
	case g.final() || !g.started():
		return forget
	}
	g.move(now, terminating)
	return stop
}

// restart stops a pending or running group, to run again.
func (g *group) restart(now time.Time) effect {
	g.rerunning = false
	g.move(now, restarting)
	return stop
}

// restarted lets the group run again.
func (g *group) restarted() effect {
	if g.status != restarting {
		return nothing
	}
	g.rerunning = true
	return run
}

// announceReclaim warns of the end of a spot group
// (https://help.aliyun.com/zh/eci/user-guide/custom-events-of-elastic-container-instance).
func (g *group) announceReclaim(now time.Time) {
	g.reclaimed, g.changed = true, now
	g.addEvent(now, "Warning", "SpotToBeReleased", "Spot ECI will be released in 3 minutes")
}

// reclaim takes a spot group away.
func (g *group) reclaim(now time.Time) effect {
	if g.final() || g.status == terminating {
		return nothing
	}
	started := g.started()
	g.finish(now, expired, "BidFailed", "The spot instance was released.")
	if started {
		return stop
	}
	return nothing
}

func (g *group) move(now time.Time, status string) {
	if g.status != status {
		g.status, g.changed = status, now
	}
}

func (g *group) finish(now time.Time, status, reason, message string) {
	g.move(now, status)
	g.reason, g.message, g.ended = reason, message, now
}
