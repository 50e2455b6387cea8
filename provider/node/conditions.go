package node

import (
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// ConditionCloudReachable tells whether ECI answers and accepts ebb.
const ConditionCloudReachable corev1.NodeConditionType = "CloudReachable"

// patience is how long the cloud may fail before the node takes no new pods:
// the time after which the control plane gives up on a silent kubelet
// (node-monitor-grace-period,
// https://kubernetes.io/docs/reference/command-line-tools-reference/kube-controller-manager/).
const patience = 50 * time.Second

// conditions are the node's. NetworkUnavailable is the one that stands for a
// cloud which does not answer any more: the control plane answers it with a
// taint that keeps new pods away and evicts none, which not being Ready would.
func conditions(s State, now time.Time) []corev1.NodeCondition {
	ready := condition(corev1.NodeReady, true, "KubeletReady", "ebb is ready", s)
	network := condition(corev1.NodeNetworkUnavailable, false, "RouteCreated", "pods have addresses of their own in the VPC", s)
	cloud := condition(ConditionCloudReachable, true, "CloudReachable", "ECI answers", s)
	if s.Reason != "" {
		cloud = condition(ConditionCloudReachable, false, s.Reason, s.Message, s)
		switch {
		case !s.Worked:
			ready = condition(corev1.NodeReady, false, s.Reason, s.Message, s)
		case now.Sub(s.Since) >= patience:
			network = condition(corev1.NodeNetworkUnavailable, true, s.Reason, s.Message, s)
		}
	}
	return []corev1.NodeCondition{
		ready, network, cloud,
		condition(corev1.NodeMemoryPressure, false, "KubeletHasSufficientMemory", "every pod has a machine of its own", s),
		condition(corev1.NodeDiskPressure, false, "KubeletHasNoDiskPressure", "every pod has a machine of its own", s),
		condition(corev1.NodePIDPressure, false, "KubeletHasSufficientPID", "every pod has a machine of its own", s),
	}
}

func condition(kind corev1.NodeConditionType, value bool, reason, message string, s State) corev1.NodeCondition {
	status := corev1.ConditionFalse
	if value {
		status = corev1.ConditionTrue
	}
	return corev1.NodeCondition{
		Type: kind, Status: status, Reason: reason, Message: message, LastTransitionTime: metav1.NewTime(s.Since),
	}
}
