package runc

import "github.com/ebb-node/ebb/mockcloud/runtime"

// States of a container.
const (
	waiting    = "Waiting"
	running    = "Running"
	terminated = "Terminated"
)

// Restart policies.
const (
	restartAlways    = "Always"
	restartOnFailure = "OnFailure"
	restartNever     = "Never"
)

// shouldRestart decides what follows the end of a container.
func shouldRestart(policy string, init bool, exitCode int) bool {
	switch {
	case exitCode == 0:
		return policy == restartAlways && !init
	default:
		return policy != restartNever
	}
}

// census counts containers by what they do. A container that waits for a
// restart counts as what it was before.
type census struct {
	new, running, succeeded, failed int
}

func count(containers []runtime.ContainerStatus) census {
	var c census
	for _, container := range containers {
		state := container.Current
		if state.State == waiting && container.Previous.State == terminated {
			state = container.Previous
		}
		switch {
		case state.State == running:
			c.running++
		case state.State != terminated:
			c.new++
		case state.ExitCode == 0:
			c.succeeded++
		default:
			c.failed++
		}
	}
	return c
}

// phaseOf computes a group's phase from its containers as a kubelet does.
// ended says that nothing will be started any more.
func phaseOf(policy string, ended bool, init, containers []runtime.ContainerStatus) runtime.Phase {
	apps, inits := count(containers), count(init)
	switch {
	case ended && apps.running+inits.running == 0:
		if apps.new+apps.failed+inits.failed+inits.new > 0 {
			return runtime.Failed
		}
		return runtime.Succeeded
	case inits.failed > 0 && policy == restartNever:
		return runtime.Failed
	case inits.new+inits.running+inits.failed > 0 || apps.new > 0:
		return runtime.Pending
	case apps.running > 0 || policy == restartAlways:
		return runtime.Running
	case apps.failed == 0:
		return runtime.Succeeded
	case policy == restartNever:
		return runtime.Failed
	default:
		return runtime.Running
	}
}

// final says that nothing follows a phase.
func final(p runtime.Phase) bool {
	return p == runtime.Succeeded || p == runtime.Failed
}
