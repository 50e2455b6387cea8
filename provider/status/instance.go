package status

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/ebb-node/ebb/eci"
)

// Conditions that ECI's own node writes too.
// https://help.aliyun.com/en/eci/user-guide/eci-custom-condition
const (
	ContainerInstanceCreated corev1.PodConditionType = "ContainerInstanceCreated"
	ContainerInstanceExpired corev1.PodConditionType = "ContainerInstanceExpired"
)

// reasonCreating is ECI's reason for an instance that is being made.
const reasonCreating = "Creating"

// setInstanceConditions sets ECI's own conditions.
func setInstanceConditions(s *corev1.PodStatus, group *eci.Group, facts Facts) {
	switch group.Status {
	case eci.StatusScheduling, "":
		setCondition(s, ContainerInstanceCreated, false, reasonCreating, "", facts)
	case eci.StatusScheduleFailed:
		reason, message := scheduleFailure(group)
		setCondition(s, ContainerInstanceCreated, false, reason, message, facts)
	default:
		setCondition(s, ContainerInstanceCreated, true, "", "", facts)
	}
	if e := eventOf(group, eventSpotRelease); e != nil {
		setCondition(s, ContainerInstanceExpired, true, e.Reason, e.Message, facts)
	} else if group.Status == eci.StatusExpired {
		setCondition(s, ContainerInstanceExpired, true, s.Reason, s.Message, facts)
	}
}
