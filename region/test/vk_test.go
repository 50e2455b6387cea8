package test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	vke2e "github.com/virtual-kubelet/virtual-kubelet/test/e2e"

	"github.com/ebb-node/ebb/region/internal/cluster"
	"github.com/ebb-node/ebb/region/internal/images"
)

// TestVirtualKubelet runs virtual-kubelet's own end-to-end suite.
func TestVirtualKubelet(t *testing.T) {
	standInForKubeletPod(t)
	vke2e.NewEndToEndTestSuite(vke2e.EndToEndTestSuiteConfig{
		Kubeconfig:   region.Kubeconfig(),
		Namespace:    "default",
		NodeName:     cluster.NodeName,
		WatchTimeout: 20 * time.Second,
	}).Run(t)
}

// standInForKubeletPod runs a pod that the suite takes for the virtual kubelet
// itself: it expects that one in a pod which is named like the node.
func standInForKubeletPod(t *testing.T) {
	t.Helper()
	program := filepath.Join(t.TempDir(), "kubeletproxy")
	build := exec.Command("go", "build", "-o", program, "./kubeletproxy")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if output, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, output)
	}
	err := images.Push(cluster.Registry, images.Image{
		Names:      []string{"test/kubeletproxy:latest"},
		Programs:   []images.Program{{Host: program, Path: "/kubeletproxy"}},
		Entrypoint: []string{"/kubeletproxy"},
	}, region.HTTP().Transport)
	if err != nil {
		t.Fatal(err)
	}
	region.kubectl(t, "apply", "-f", "testdata/kubeletproxy.yaml")
	t.Cleanup(func() { region.kubectl(t, "delete", "-f", "testdata/kubeletproxy.yaml") })
	region.kubectl(t, "wait", "--for=condition=Ready", "pod/ebb", "--timeout=30s")
}
