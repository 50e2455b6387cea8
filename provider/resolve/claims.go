package resolve

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// claim finds the persistent volume that a claim of the pod's namespace is
// bound to. A claim that is missing or unbound makes the pod wait.
func (r *resolver) claim(field, volume, name string) *corev1.PersistentVolumeClaim {
	c, err := r.get.PersistentVolumeClaim(r.ctx, r.pod.Namespace, name)
	if err != nil {
		r.wait(field, ReasonClaimNotReady, fmt.Errorf("reading persistent volume claim %q: %w", name, err))
		return nil
	}
	if c.Status.Phase != corev1.ClaimBound || c.Spec.VolumeName == "" {
		r.wait(field, ReasonClaimNotReady, fmt.Errorf("persistent volume claim %q is not bound", name))
		return nil
	}
	if c.Spec.VolumeMode != nil && *c.Spec.VolumeMode == corev1.PersistentVolumeBlock {
		r.refuse(field, fmt.Sprintf("persistent volume claim %q has volumeMode Block", name), "ECI mounts file systems only")
		return nil
	}
	pv, err := r.get.PersistentVolume(r.ctx, c.Spec.VolumeName)
	if err != nil {
		r.wait(field, ReasonClaimNotReady, fmt.Errorf("reading persistent volume %q: %w", c.Spec.VolumeName, err))
		return nil
	}
	r.out.Claims[volume] = pv
	r.persistentVolumeSecret(field, volume, pv)
	return c
}

// ephemeral finds the claim that the control plane makes for a generic
// ephemeral volume; it has to belong to this pod.
// https://kubernetes.io/docs/concepts/storage/ephemeral-volumes/#persistentvolumeclaim-naming
func (r *resolver) ephemeral(field, volume string) {
	name := r.pod.Name + "-" + volume
	if c := r.claim(field, volume, name); c != nil && !metav1.IsControlledBy(c, r.pod) {
		delete(r.out.Claims, volume)
		r.refuse(field, fmt.Sprintf("persistent volume claim %q exists and does not belong to the pod", name), "delete or rename it")
	}
}

// persistentVolumeSecret fetches the credentials that a volume names.
func (r *resolver) persistentVolumeSecret(field, volume string, pv *corev1.PersistentVolume) {
	var ref *corev1.SecretReference
	switch {
	case pv.Spec.CSI != nil:
		ref = pv.Spec.CSI.NodePublishSecretRef
	case pv.Spec.FlexVolume != nil:
		ref = pv.Spec.FlexVolume.SecretRef
	}
	if ref == nil {
		return
	}
	namespace := ref.Namespace
	if namespace == "" {
		namespace = r.pod.Namespace
	}
	r.volumeSecret(field, volume, namespace, ref.Name)
}

// volumeSecret fetches the credentials of a volume. They are mandatory.
func (r *resolver) volumeSecret(field, volume, namespace, name string) {
	if namespace == r.pod.Namespace {
		if o, ok := r.object(field, objectName{kindSecret, name}, nil); ok {
			r.out.VolumeSecrets[volume] = o.text
		}
		return
	}
	s, err := r.get.Secret(r.ctx, namespace, name)
	if err != nil {
		r.wait(field, ReasonFailedToReadMandatorySecret, fmt.Errorf("reading secret %s/%s: %w", namespace, name, err))
		return
	}
	text := make(map[string]string, len(s.Data))
	for k, v := range s.Data {
		text[k] = string(v)
	}
	r.out.VolumeSecrets[volume] = text
}
