package provider

import (
	"context"

	"github.com/virtual-kubelet/virtual-kubelet/errdefs"
	"github.com/virtual-kubelet/virtual-kubelet/node"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/apimachinery/pkg/labels"
)

var (
	_ node.PodLifecycleHandler = (*Provider)(nil)
	_ node.PodNotifier         = (*Provider)(nil)
)

// CreatePod takes note of a pod and returns at once; its container group is
// made by a worker, which keeps at it. It never fails: the pod controller
// would turn an error that passes into a Failed pod.
func (p *Provider) CreatePod(_ context.Context, pod *corev1.Pod) error {
	p.see(pod)
	return nil
}

// UpdatePod takes note of a changed pod. The image of a running container
// cannot be changed in a container group; an event says so, once per change.
func (p *Provider) UpdatePod(_ context.Context, pod *corev1.Pod) error {
	r, ok := p.registry.get(pod.UID)
	if ok && r.pod != nil && sameContainers(r.pod, pod) {
		return nil // labels, annotations, tolerations
	}
	p.Recorder.Event(pod, corev1.EventTypeWarning, reasonUpdate,
		"spec: an ECI container group cannot be changed while it runs; delete the pod to have it made anew")
	p.see(pod)
	return nil
}

// DeletePod takes note of a pod that is to end. What is deleted is decided by
// the pod's UID, so that a pod of the same name is not touched.
func (p *Provider) DeletePod(_ context.Context, pod *corev1.Pod) error {
	p.see(pod)
	return nil
}

// see stores a pod as it is now and has it looked at.
func (p *Provider) see(pod *corev1.Pod) {
	p.registry.change(pod.UID, func(r *record) { r.pod = pod })
	p.syncs.Add(pod.UID)
}

// GetPod returns the pod that the API server has under the name, if the
// provider takes care of that very one. Labels and the like are current; the
// containers are those that the group was made of.
func (p *Provider) GetPod(_ context.Context, namespace, name string) (*corev1.Pod, error) {
	current, err := p.Pods.Pods(namespace).Get(name)
	if err != nil {
		return nil, errdefs.NotFoundf("pod %s/%s is not on this node", namespace, name)
	}
	r, ok := p.registry.get(current.UID)
	if !ok || r.pod == nil {
		return nil, errdefs.NotFoundf("pod %s/%s (%s) is not known yet", namespace, name, current.UID)
	}
	known := current.DeepCopy()
	if !sameContainers(current, r.pod) {
		r.pod.Spec.DeepCopyInto(&known.Spec)
	}
	return known, nil
}

// sameContainers reports whether two states of a pod ask for the same group.
func sameContainers(a, b *corev1.Pod) bool {
	return equality.Semantic.DeepEqual(a.Spec.Containers, b.Spec.Containers) &&
		equality.Semantic.DeepEqual(a.Spec.InitContainers, b.Spec.InitContainers)
}

// GetPodStatus returns the status that the provider would show of a pod.
func (p *Provider) GetPodStatus(ctx context.Context, namespace, name string) (*corev1.PodStatus, error) {
	pod, err := p.GetPod(ctx, namespace, name)
	if err != nil {
		return nil, err
	}
	r, _ := p.registry.get(pod.UID)
	status := p.statusOf(&r)
	return &status, nil
}

// GetPods returns the pods that have a container group which is to stay.
func (p *Provider) GetPods(context.Context) ([]*corev1.Pod, error) {
	var out []*corev1.Pod
	for _, r := range p.registry.all() {
		if r.pod == nil || r.gone || r.groupID == "" || r.deleting() || r.vanished {
			continue
		}
		pod := r.pod.DeepCopy()
		pod.Status = p.statusOf(&r)
		out = append(out, pod)
	}
	return out, nil
}

// NotifyPods registers where changed pods are reported.
func (p *Provider) NotifyPods(_ context.Context, notify func(*corev1.Pod)) {
	p.notifyMu.Lock()
	defer p.notifyMu.Unlock()
	p.notify = notify
}

// Lookup returns a pod that the API server has under the name, with its
// status, and its container group.
func (p *Provider) Lookup(namespace, name string) (*corev1.Pod, string, error) {
	pod, err := p.GetPod(context.Background(), namespace, name)
	if err != nil {
		return nil, "", err
	}
	r, _ := p.registry.get(pod.UID)
	pod.Status = p.statusOf(&r)
	return pod, r.groupID, nil
}

// Bound returns all pods that are bound to the node.
func (p *Provider) Bound() ([]*corev1.Pod, error) { return p.Pods.List(labels.Everything()) }
