package provider

import (
	"context"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// cut ends a deleted pod of which nothing runs any more: it writes the final
// status and removes the object, under the condition that it is still this
// very pod. The pod controller alone would wait for the whole grace period.
func (p *Provider) cut(ctx context.Context, r *record) time.Duration {
	if r.cut {
		return 0 // a finalizer holds the object
	}
	if !r.finished() {
		final := r.pod.DeepCopy()
		final.Status = p.finalStatus(r)
		if err := p.writeStatus(ctx, final); err != nil {
			return p.objectFailed(ctx, r, "write the final status", err)
		}
	}
	options := metav1.NewDeleteOptions(0)
	options.Preconditions = metav1.NewUIDPreconditions(string(r.uid))
	err := p.Kube.CoreV1().Pods(r.pod.Namespace).Delete(ctx, r.pod.Name, *options)
	switch {
	case apierrors.IsNotFound(err), apierrors.IsConflict(err):
		p.removed(r.pod)
	case err != nil:
		return p.objectFailed(ctx, r, "delete the pod", err)
	}
	p.registry.changeKnown(r.uid, func(r *record) { r.cut = true })
	return 0
}

// objectFailed answers when to repeat a write to the API server.
func (p *Provider) objectFailed(ctx context.Context, r *record, what string, err error) time.Duration {
	if ctx.Err() != nil {
		return 0
	}
	after, _ := p.registry.changeKnown(r.uid, func(r *record) { r.stopFailures++ })
	p.logFor(r).WithError(err).Warnf("cannot %s, will try again", what)
	return backoff(paceFast, after.stopFailures)
}

// writeStatus writes a pod's status and the annotations that tell of its group
// to the API server. A pod that exists no more is no error.
func (p *Provider) writeStatus(ctx context.Context, pod *corev1.Pod) error {
	_, err := p.PodClient().Pods(pod.Namespace).UpdateStatus(ctx, pod, metav1.UpdateOptions{})
	return err
}
