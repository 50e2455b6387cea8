package kubelet

import (
	"context"
	"io"

	corev1 "k8s.io/api/core/v1"

	"github.com/ebb-node/ebb/eci"
)

// Cloud is what the server needs of ECI. *eci.Client has it.
type Cloud interface {
	Log(ctx context.Context, id, container string, options eci.LogOptions) (string, error)
	Follow(ctx context.Context, id, container string, options eci.LogOptions, w io.Writer, ended func() bool) error
	Exec(ctx context.Context, request eci.ExecRequest, streams eci.ExecStreams) (exitCode int, err error)
	Metrics(ctx context.Context, ids []string) (map[string][]eci.MetricRecord, error)
}

// Pods finds the pods of the node. Its errors are those of virtual-kubelet's
// errdefs.
type Pods interface {
	// Lookup returns a pod with its current status, and its container group:
	// "" while there is none.
	Lookup(namespace, name string) (pod *corev1.Pod, groupID string, err error)
	// GetPods returns the pods that have a container group which is to stay.
	GetPods(ctx context.Context) ([]*corev1.Pod, error)
	// Bound returns all pods that are bound to the node.
	Bound() ([]*corev1.Pod, error)
}
