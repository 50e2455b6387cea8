package reserve_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// lookalike makes a copy of a revision's standard Deployment whose pods have both
// labels of standard pods: what a reserve must not be.
func lookalike(t *testing.T, s *tide) {
	t.Helper()
	deployments := region.Kube.AppsV1().Deployments("default")
	d, err := deployments.Get(t.Context(), s.standard(), metav1.GetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	d.ObjectMeta = metav1.ObjectMeta{Name: s.revision + "-lookalike"}
	d.Spec.Selector = &metav1.LabelSelector{MatchLabels: map[string]string{"lookalike": s.revision}}
	d.Spec.Template.Labels["lookalike"] = s.revision
	one := int32(1)
	d.Spec.Replicas = &one
	if _, err := deployments.Create(t.Context(), d, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = region.TryKubectl("delete", "deployment", d.Name, "--wait=false") })
}

// TestBothLabels is the negative control: a pod that the autoscaler counts pins
// the last standard pod for good, and one without the label lets it go. If this
// fails, Knative has changed, and with it what the reserve's labels are for.
func TestBothLabels(t *testing.T) {
	t.Parallel()
	s := serve(t, "pinned", with(shortWindow, "knative.aliyun.com/reserve-instance", "disable"))
	probes := s.steadily(t, "/", 5)
	lookalike(t, s)
	s.await(t, time.Minute, "beside its lookalike", func() error {
		if pods := strings.Fields(seen.now(podsOf + s.uid)); len(pods) != 2 {
			return fmt.Errorf("ready are %v", pods)
		}
		return nil
	})
	probes.Stop()
	from := time.Now()
	linger(t, time.Minute) // ten windows
	if changes := seen.since(s.standard()+"/replicas", from); len(changes) > 0 || seen.now(s.standard()+"/replicas") == "0" {
		t.Errorf("the standard pod was not pinned: %v", changes)
	}
	pod := podNames(t, "lookalike="+s.revision)[0]
	region.Kubectl(t, "label", "pod", pod, "serving.knative.dev/revision-")
	from = time.Now()
	s.await(t, time.Minute, "at zero beside an uncounted pod", func() error {
		if n := seen.now(s.standard() + "/replicas"); n != "0" {
			return fmt.Errorf("%s standard pods are wanted", n)
		}
		return nil
	})
	t.Logf("pinned for a minute; let go %v after the label was taken off", time.Since(from).Round(100*time.Millisecond))
}
