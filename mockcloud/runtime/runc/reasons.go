package runc

import (
	"fmt"

	"github.com/ebb-node/ebb/mockcloud/runtime"
)

// Why a container waits or ended: a kubelet's own words, which users and
// tools know.
const (
	reasonCreating     = "ContainerCreating"
	reasonInitializing = "PodInitializing"
	reasonConfig       = "CreateContainerConfigError"
	reasonCreate       = "CreateContainerError"
	reasonPull         = "ErrImagePull"
	reasonPullBackOff  = "ImagePullBackOff"
	reasonNeverPull    = "ErrImageNeverPull"
	reasonImageName    = "InvalidImageName"
	reasonCrashLoop    = "CrashLoopBackOff"
	reasonCompleted    = "Completed"
	reasonError        = "Error"
	reasonOOM          = "OOMKilled"
	reasonStart        = "StartError"
	reasonUnknown      = "ContainerStatusUnknown"
	reasonDeadline     = "DeadlineExceeded"
)

// Reasons of events.
const (
	eventPulling   = "Pulling"
	eventPulled    = "Pulled"
	eventCreated   = "Created"
	eventStarted   = "Started"
	eventUnhealthy = "Unhealthy"
	eventKilling   = "Killing"
	eventBackOff   = "BackOff"
	eventFailed    = "Failed"
	eventPostStart = "FailedPostStartHook"
	eventPreStop   = "FailedPreStopHook"
)

func normal(reason, format string, args ...any) *runtime.Event {
	return &runtime.Event{Type: "Normal", Reason: reason, Message: fmt.Sprintf(format, args...)}
}

func warning(reason, format string, args ...any) *runtime.Event {
	return &runtime.Event{Type: "Warning", Reason: reason, Message: fmt.Sprintf(format, args...)}
}

// waitError is why a container can't be started now; it is tried again.
type waitError struct {
	reason string
	err    error
}

func (e *waitError) Error() string { return e.err.Error() }
func (e *waitError) Unwrap() error { return e.err }

func configError(format string, args ...any) error {
	return &waitError{reasonConfig, fmt.Errorf(format, args...)}
}
