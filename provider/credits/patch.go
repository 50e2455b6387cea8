package credits

import (
	"context"
	"encoding/json"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

// annotate writes annotations of a pod. It patches the status subresource, the
// only one of pods that the node may change; the UID makes the API server refuse
// the patch with a conflict when the name belongs to another pod by now.
func (s *Sampler) annotate(ctx context.Context, pod *corev1.Pod, values map[string]string) error {
	patch, err := json.Marshal(map[string]any{"metadata": map[string]any{"uid": pod.UID, "annotations": values}})
	if err != nil {
		return fmt.Errorf("pod %s/%s: encode annotations: %w", pod.Namespace, pod.Name, err)
	}
	_, err = s.Kube.CoreV1().Pods(pod.Namespace).Patch(
		ctx, pod.Name, types.StrategicMergePatchType, patch, metav1.PatchOptions{}, "status")
	return err
}
