package provider

import (
	"context"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/tools/cache"
)

// recheck is how often a pod whose deletion is under way is looked at without
// news: long enough to cost nothing, short enough for a person who waits.
const recheck = 15 * time.Second

// sync looks at a pod as a whole and does what it needs next.
func (p *Provider) sync(ctx context.Context, uid types.UID) time.Duration {
	r, ok := p.refresh(ctx, uid)
	if !ok {
		return recheck
	}
	if len(r.surplus) > 0 {
		if again := p.shed(ctx, &r); again > 0 {
			return again
		}
	}
	switch {
	case r.creating:
		return 0 // the create looks again when it is done
	case r.gone:
		return p.release(ctx, &r)
	case r.pod == nil:
		return 0 // a group without a pod: the orphan sweep's
	case r.deleting():
		return p.terminate(ctx, &r)
	case r.wantsGroup() && r.wait == nil: // else the next try has its time
		p.creates.Add(uid)
		return 0
	case r.lost():
		return p.replace(ctx, &r)
	}
	p.statuses.Add(uid)
	return 0
}

// refresh brings a record's pod up to date. Only what the API server says
// itself makes a pod count as gone; false means that it could not be asked.
func (p *Provider) refresh(ctx context.Context, uid types.UID) (record, bool) {
	r, ok := p.registry.get(uid)
	if !ok || r.pod == nil || r.gone {
		return r, ok
	}
	pod, err := p.Pods.Pods(r.pod.Namespace).Get(r.pod.Name)
	if err != nil || pod.UID != uid {
		pod, err = p.Kube.CoreV1().Pods(r.pod.Namespace).Get(ctx, r.pod.Name, metav1.GetOptions{})
	}
	switch {
	case apierrors.IsNotFound(err), err == nil && pod.UID != uid:
		return p.registry.change(uid, func(r *record) { r.gone = true }), true
	case err != nil:
		p.logFor(&r).WithError(err).Warn("cannot read the pod, will look again")
		return r, false
	}
	return p.registry.change(uid, func(r *record) { r.update(pod) }), true
}

// update takes over the pod object as it is now, except for containers that
// were changed: the group is made of those that it was made of.
func (r *record) update(pod *corev1.Pod) {
	if r.pod != nil && !sameContainers(pod, r.pod) {
		changed := pod.DeepCopy()
		r.pod.Spec.DeepCopyInto(&changed.Spec)
		pod = changed
	}
	r.pod = pod
}

// PodHandler is an informer's event handler; it learns of pod objects that
// were removed, of readiness gates that others passed, and of ephemeral
// containers. Everything else comes by way of the pod controller.
func (p *Provider) PodHandler() cache.ResourceEventHandler {
	return cache.ResourceEventHandlerFuncs{UpdateFunc: func(old, obj any) {
		before, _ := old.(*corev1.Pod)
		if pod, ok := obj.(*corev1.Pod); ok {
			p.refuseDebug(before, pod)
			p.updated(pod)
		}
	}, DeleteFunc: func(obj any) {
		if late, ok := obj.(cache.DeletedFinalStateUnknown); ok {
			// The removal itself was missed: refresh asks the API server.
			if pod, ok := late.Obj.(*corev1.Pod); ok {
				p.syncs.Add(pod.UID)
			}
			return
		}
		if pod, ok := obj.(*corev1.Pod); ok {
			p.removed(pod)
		}
	}}
}

// refuseDebug says that ephemeral containers, which kubectl debug adds, never
// start. The pod controller does not compare them.
func (p *Provider) refuseDebug(before, pod *corev1.Pod) {
	if before == nil || before.UID != pod.UID || len(pod.Spec.EphemeralContainers) <= len(before.Spec.EphemeralContainers) {
		return
	}
	p.Recorder.Event(pod, corev1.EventTypeWarning, reasonUpdate,
		"spec.ephemeralContainers: ECI cannot add a container to a container group, so kubectl debug is not possible; use kubectl exec")
}

// updated takes note of what changed in a pod object.
func (p *Provider) updated(pod *corev1.Pod) {
	_, known := p.registry.changeKnown(pod.UID, func(r *record) {
		if r.pod != nil && !r.gone {
			r.update(pod)
		}
	})
	if known && len(pod.Spec.ReadinessGates) > 0 {
		p.statuses.Add(pod.UID)
	}
}

// removed takes note of a pod object that exists no more.
func (p *Provider) removed(pod *corev1.Pod) {
	if _, known := p.registry.changeKnown(pod.UID, func(r *record) { r.pod, r.gone = pod, true }); known {
		p.syncs.Add(pod.UID)
	}
}
