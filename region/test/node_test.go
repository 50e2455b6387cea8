package test

import (
	"context"
	"fmt"
	"slices"
	"syscall"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/ebb-node/ebb/region/internal/cluster"
)

// TestNodeComesBack deletes the node, as an impatient administrator would.
func TestNodeComesBack(t *testing.T) {
	nodes := region.kube.CoreV1().Nodes()
	before, err := nodes.Get(t.Context(), cluster.NodeName, metav1.GetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if err := nodes.Delete(t.Context(), cluster.NodeName, metav1.DeleteOptions{}); err != nil {
		t.Fatal(err)
	}
	eventually(t, 30*time.Second, func(ctx context.Context) error {
		after, err := nodes.Get(ctx, cluster.NodeName, metav1.GetOptions{})
		if err == nil && after.UID == before.UID {
			err = fmt.Errorf("the old node is still there")
		}
		if err == nil {
			err = usable(after)
		}
		return err
	})
}

// TestNodeKeepsItsTaints gives the node a taint that ebb was told not to set,
// and lets ebb start anew.
func TestNodeKeepsItsTaints(t *testing.T) {
	region.kubectl(t, "taint", "node", cluster.NodeName, "virtual-kubelet.io/provider=alibabacloud:NoSchedule")
	if err := region.Signal(t.Context(), "ebb", syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	eventually(t, 30*time.Second, func(ctx context.Context) error {
		node, err := region.kube.CoreV1().Nodes().Get(ctx, cluster.NodeName, metav1.GetOptions{})
		if err == nil {
			err = usable(node)
		}
		return err
	})
}

// usable tells why a node takes no pods.
func usable(node *corev1.Node) error {
	if len(node.Spec.Taints) > 0 {
		return fmt.Errorf("the node has taints: %v", node.Spec.Taints)
	}
	ready := slices.ContainsFunc(node.Status.Conditions, func(c corev1.NodeCondition) bool {
		return c.Type == corev1.NodeReady && c.Status == corev1.ConditionTrue
	})
	if !ready {
		return fmt.Errorf("the node is not ready: %v", node.Status.Conditions)
	}
	return nil
}
