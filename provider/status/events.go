package status

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/ebb-node/ebb/eci"
)

// eventSpotRelease announces that a spot instance will be reclaimed.
// https://help.aliyun.com/zh/eci/user-guide/custom-events-of-elastic-container-instance
const eventSpotRelease = "SpotToBeReleased"

// reasonFailedScheduling stands for a schedule failure that no event explains.
const reasonFailedScheduling = "FailedScheduling"

// eventOf returns the last event with a reason, or nil.
func eventOf(group *eci.Group, reason string) *eci.Event {
	return lastEvent(group, func(e *eci.Event) bool { return e.Reason == reason })
}

// lastWarning returns the last event of type Warning, or nil.
func lastWarning(group *eci.Group) *eci.Event {
	return lastEvent(group, func(e *eci.Event) bool { return e.Type == corev1.EventTypeWarning })
}

func lastEvent(group *eci.Group, match func(*eci.Event) bool) *eci.Event {
	var last *eci.Event
	for i := range group.Events {
		e := &group.Events[i]
		if match(e) && (last == nil || !e.LastTimestamp.Before(last.LastTimestamp)) {
			last = e
		}
	}
	return last
}

// scheduleFailure says why a group could not be scheduled.
func scheduleFailure(group *eci.Group) (reason, message string) {
	if e := lastWarning(group); e != nil {
		return e.Reason, e.Message
	}
	return reasonFailedScheduling, "container group " + group.ID + " could not be scheduled"
}
