package node

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

// reconcileTaints brings a node that exists already to the taints of its spec;
// those that others put there stay. virtual-kubelet itself never changes them.
func (c *Controller) reconcileTaints(ctx context.Context) error {
	node, err := c.Kube.CoreV1().Nodes().Get(ctx, c.Spec.Name, metav1.GetOptions{})
	if apierrors.IsNotFound(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read node %s: %w", c.Spec.Name, err)
	}
	taints := mergeTaints(node.Spec.Taints, c.Spec.Taints)
	if slices.EqualFunc(taints, node.Spec.Taints, func(a, b corev1.Taint) bool { return a.MatchTaint(&b) && a.Value == b.Value }) {
		return nil
	}
	patch, err := json.Marshal(map[string]any{
		"metadata": map[string]any{"resourceVersion": node.ResourceVersion},
		"spec":     map[string]any{"taints": taints},
	})
	if err != nil {
		return fmt.Errorf("taints of node %s: %w", c.Spec.Name, err)
	}
	_, err = c.Kube.CoreV1().Nodes().Patch(ctx, c.Spec.Name, types.MergePatchType, patch, metav1.PatchOptions{})
	if err != nil {
		return fmt.Errorf("change the taints of node %s: %w", c.Spec.Name, err)
	}
	return nil
}

// mergeTaints is what a node has, with the wanted ones, and without the default
// one unless it is wanted.
func mergeTaints(has, want []corev1.Taint) []corev1.Taint {
	standard := DefaultTaint()
	out := slices.DeleteFunc(slices.Clone(has), func(t corev1.Taint) bool {
		return t.MatchTaint(&standard) || slices.ContainsFunc(want, func(w corev1.Taint) bool { return w.MatchTaint(&t) })
	})
	return append(out, want...)
}
