package provider

import (
	"slices"

	corev1 "k8s.io/api/core/v1"

	"github.com/ebb-node/ebb/eci"
	"github.com/ebb-node/ebb/provider/status"
)

// ownConditions are those that package status decides about; all others belong
// to other controllers and are taken from the API server.
var ownConditions = []corev1.PodConditionType{
	corev1.PodScheduled, corev1.PodReadyToStartContainers, corev1.PodInitialized, corev1.ContainersReady, corev1.PodReady,
	status.ContainerInstanceCreated, status.ContainerInstanceExpired,
}

// statusOf is what a pod's status should be now.
func (p *Provider) statusOf(r *record) corev1.PodStatus {
	pod, facts := p.lastShown(r), p.facts(r)
	switch {
	case r.group == nil && r.finished():
		return pod.Status // its group has aged out of the cloud
	case r.vanished && r.ran() && r.stop == stopNone:
		return status.Vanished(pod, r.groupID, facts)
	case r.group != nil:
		return status.PodStatus(pod, *r.group, facts)
	case r.wait == nil:
		return status.Waiting(pod, "", "", facts)
	case r.wait.fail && r.wait.code != "":
		return status.ScheduleFailed(pod, r.wait.code, r.wait.message, facts)
	case r.wait.fail:
		return status.Refused(pod, r.wait.reason, r.wait.message, facts)
	}
	return status.Waiting(pod, r.wait.reason, r.wait.message, facts)
}

// finalStatus is the status of a deleted pod of which nothing runs any more.
func (p *Provider) finalStatus(r *record) corev1.PodStatus {
	pod, facts := p.lastShown(r), p.facts(r)
	if r.groupID == "" && !r.ran() {
		reason, message := "", ""
		if r.wait != nil {
			reason, message = r.wait.reason, r.wait.message
		}
		return status.Refused(pod, reason, message, facts)
	}
	if r.group == nil || !r.group.Status.Final() && !allTerminated(r.group) {
		return status.Failed(pod, "", "", facts)
	}
	group := *r.group
	if !group.Status.Final() {
		group.Status = endOf(&group)
	}
	return status.PodStatus(pod, group, facts)
}

// endOf is how a group ended whose containers have all ended.
func endOf(group *eci.Group) eci.Status {
	failed := func(c eci.ContainerStatus) bool { return c.Current.ExitCode != 0 || c.Current.Signal != 0 }
	if slices.ContainsFunc(group.Containers, failed) {
		return eci.StatusFailed
	}
	return eci.StatusSucceeded
}

func (p *Provider) facts(r *record) status.Facts {
	return status.Facts{HostIP: p.HostIP, FailFast: r.failsFast(), Now: p.Clock.Now()}
}

// lastShown is the pod with the status that was reported last, which the next
// one continues: it may be ahead of what the informer has seen. Conditions of
// others are as the informer has them.
func (p *Provider) lastShown(r *record) *corev1.Pod {
	pod := r.pod.DeepCopy()
	if r.shown == nil {
		return pod
	}
	current := pod.Status.Conditions
	r.shown.DeepCopyInto(&pod.Status)
	others := slices.DeleteFunc(current, func(c corev1.PodCondition) bool { return slices.Contains(ownConditions, c.Type) })
	own := slices.DeleteFunc(pod.Status.Conditions, func(c corev1.PodCondition) bool { return !slices.Contains(ownConditions, c.Type) })
	pod.Status.Conditions = append(own, others...)
	return pod
}
