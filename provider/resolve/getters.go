package resolve

import (
	"context"

	corev1 "k8s.io/api/core/v1"
)

// Getters read single objects by name. Their errors are those of the
// Kubernetes API (apierrors.IsNotFound tells a missing object).
type Getters struct {
	ConfigMap func(ctx context.Context, namespace, name string) (*corev1.ConfigMap, error)
	Secret    func(ctx context.Context, namespace, name string) (*corev1.Secret, error)

	// ServiceAccountToken issues a token that is bound to pod, for audience
	// ("" is the API server's own), valid for expirationSeconds.
	ServiceAccountToken func(ctx context.Context, namespace, serviceAccount string, pod *corev1.Pod,
		audience string, expirationSeconds int64) (string, error)

	// Services returns the services of one namespace.
	Services func(namespace string) ([]*corev1.Service, error)

	PersistentVolumeClaim func(ctx context.Context, namespace, name string) (*corev1.PersistentVolumeClaim, error)
	PersistentVolume      func(ctx context.Context, name string) (*corev1.PersistentVolume, error)
}

// NodeFacts are what a pod can learn about the node.
type NodeFacts struct {
	// HostIP is the address of the node, for status.hostIP.
	HostIP string
	// Size returns how large the instance of a pod will be: what a
	// resourceFieldRef to a limit that is not set shows.
	Size func(pod *corev1.Pod) corev1.ResourceList
	// APIServerHost and APIServerPort, when set, replace the address of the
	// service default/kubernetes in KUBERNETES_SERVICE_*: container groups
	// may not reach cluster addresses.
	APIServerHost string
	APIServerPort int32
}
