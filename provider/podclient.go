package provider

import (
	"context"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	corev1client "k8s.io/client-go/kubernetes/typed/core/v1"
)

// PodClient is the client that the pod controller gets. It differs from the
// ordinary one in two calls.
//
// UpdateStatus is a patch of the status and of the provider's annotations,
// bound to the pod's UID. The controller would put the whole object as the
// provider saw it some time ago, and so undo labels that changed since.
//
// Delete hands the pod to the provider. The controller would remove the object
// when the grace period is over or no container is known to run, whether or
// not the container group is still there.
func (p *Provider) PodClient() corev1client.PodsGetter {
	return &podClient{PodsGetter: p.Kube.CoreV1(), provider: p}
}

type podClient struct {
	corev1client.PodsGetter
	provider *Provider
}

func (c *podClient) Pods(namespace string) corev1client.PodInterface {
	return &pods{PodInterface: c.PodsGetter.Pods(namespace), namespace: namespace, provider: c.provider}
}

type pods struct {
	corev1client.PodInterface
	namespace string
	provider  *Provider
}

// UpdateStatus writes what the provider says of a pod.
func (p *pods) UpdateStatus(ctx context.Context, pod *corev1.Pod, _ metav1.UpdateOptions) (*corev1.Pod, error) {
	patch, err := statusPatch(pod)
	if err != nil {
		return nil, err
	}
	out, err := p.Patch(ctx, pod.Name, types.StrategicMergePatchType, patch, metav1.PatchOptions{}, "status")
	if apierrors.IsNotFound(err) || apierrors.IsConflict(err) {
		return pod, nil // it is another pod's name now
	}
	return out, err
}

// Delete has the provider look at the pod, which removes the object when it is
// time.
func (p *pods) Delete(_ context.Context, name string, _ metav1.DeleteOptions) error {
	pod, err := p.provider.Pods.Pods(p.namespace).Get(name)
	if err != nil {
		return err
	}
	p.provider.see(pod)
	return nil
}
