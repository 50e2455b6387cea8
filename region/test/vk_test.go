package test

import (
	"testing"
	"time"

	vke2e "github.com/virtual-kubelet/virtual-kubelet/test/e2e"

	"github.com/ebb-node/ebb/region/internal/cluster"
)

// TestVirtualKubelet runs virtual-kubelet's own end-to-end suite.
func TestVirtualKubelet(t *testing.T) {
	vke2e.NewEndToEndTestSuite(vke2e.EndToEndTestSuiteConfig{
		Kubeconfig:   region.Kubeconfig(),
		Namespace:    "default",
		NodeName:     cluster.NodeName,
		WatchTimeout: 20 * time.Second,
	}).Run(t)
}
