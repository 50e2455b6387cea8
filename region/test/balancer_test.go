package test

import (
	"net/http"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/ebb-node/ebb/region/internal/load"
)

// TestLoadBalancerAnswersOnTheHost asks the host's port for a Knative Service,
// as a browser on the host would.
func TestLoadBalancerAnswersOnTheHost(t *testing.T) {
	shop := ksvc{Name: "hosted", Target: "host"}
	shop.apply(t)
	target := at(t, shop.host(), "/")
	answering(t, target, "Hello host!")
	target.URL = region.loadBalancer()
	report := load.Start(t.Context(), http.DefaultClient, target, load.Shape{InFlight: 1, Requests: 1}).Wait()
	lossless(t, "asked at "+target.URL, report)
}

// runningPod is a web server on port 80.
func runningPod(t *testing.T) *corev1.Pod {
	t.Helper()
	region.kubectl(t, "run", "balanced", "--image=nginx")
	t.Cleanup(func() { _, _ = region.tryKubectl("delete", "pod", "balanced", "--wait=false") })
	region.kubectl(t, "wait", "--for=condition=Ready", "pod/balanced", "--timeout=60s")
	pod, err := region.kube.CoreV1().Pods("default").Get(t.Context(), "balanced", metav1.GetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return pod
}

// loadBalancer is the URL that the region told when it came up.
func (r *testRegion) loadBalancer() string {
	for _, line := range r.lines() {
		if url := strings.TrimSpace(line); strings.HasPrefix(url, "http://127.0.0.1:") {
			return url
		}
	}
	return ""
}
