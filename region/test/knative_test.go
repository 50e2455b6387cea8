package test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/ebb-node/ebb/region/internal/cloudadmin"
	"github.com/ebb-node/ebb/region/internal/cluster"
	"github.com/ebb-node/ebb/region/internal/knative"
	"github.com/ebb-node/ebb/region/internal/load"
)

// shortWindows let a revision go to zero soon: 6 s is the shortest stable
// window that Knative takes.
var shortWindows = []string{
	"--knative-autoscaler=stable-window=6s",
	"--knative-autoscaler=scale-to-zero-grace-period=6s",
}

// TestKnativeRunsOnTheVirtualNode looks at Knative's own components.
func TestKnativeRunsOnTheVirtualNode(t *testing.T) {
	components, err := knative.Components(t.Context(), region.kube)
	if err != nil {
		t.Fatal(err)
	}
	var ready []string
	for _, c := range components {
		if c.Ready {
			ready = append(ready, c.Name)
		}
	}
	if want := []string{"activator", "autoscaler", "controller", "webhook"}; !slices.Equal(ready, want) {
		t.Errorf("ready are %v, want %v: %+v", ready, want, components)
	}
	pods, err := region.kube.CoreV1().Pods(knative.Namespace).List(t.Context(), metav1.ListOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for _, pod := range pods.Items {
		if pod.Spec.NodeName != cluster.NodeName || !strings.HasPrefix(pod.Annotations["k8s.aliyun.com/eci-instance-id"], "eci-") {
			t.Errorf("pod %s is on node %q with the annotations %v", pod.Name, pod.Spec.NodeName, pod.Annotations)
		}
	}
	said := region.kubectl(t, "get", "deployments", "-n", knative.Namespace, "-o", "jsonpath={..image}")
	for _, image := range strings.Fields(said) {
		if !strings.HasPrefix(image, cluster.Registry+"/knative.dev/serving/cmd/") {
			t.Errorf("a component has the image %s", image)
		}
	}
}

// TestRevisionComesAndGoes takes a revision from nothing to a pod, to zero,
// and back, without any gateway: requests go to the revision's own Service,
// which leads to the activator.
func TestRevisionComesAndGoes(t *testing.T) {
	const revision = "tide-first"
	region.kubectl(t, "apply", "-f", "testdata/tide.yaml")
	t.Cleanup(func() { _, _ = region.tryKubectl("delete", "--wait=false", "-f", "testdata/tide.yaml") })
	eventually(t, time.Minute, func(context.Context) error { return revisionReady(revision) })

	pods := podsOfRevision(t, revision)
	if len(pods) != 1 || pods[0] != "queue-proxy=true user-container=true" {
		t.Errorf("the revision's pods are %q, want one with two ready containers", pods)
	}
	if took, err := ask(t, revision); err != nil {
		t.Error(err)
	} else {
		t.Logf("a warm answer takes %v", took)
	}

	eventually(t, time.Minute, func(ctx context.Context) error { return atZero(ctx, revision) })
	before := created(t)
	if took, err := ask(t, revision); err != nil {
		t.Error(err)
	} else {
		t.Logf("a cold answer takes %v", took)
	}
	// The activator may have found the last pod while it was leaving; then the
	// new one comes after the answer.
	eventually(t, 10*time.Second, func(context.Context) error {
		if n := created(t) - before; n != 1 {
			return fmt.Errorf("the cold start created %d container groups, want 1", n)
		}
		return nil
	})
}

// ask sends one request to a revision's Service; the host name tells the
// activator which revision is meant.
func ask(t *testing.T, revision string) (time.Duration, error) {
	t.Helper()
	service, err := region.kube.CoreV1().Services("default").Get(t.Context(), revision, metav1.GetOptions{})
	if err != nil {
		return 0, err
	}
	target := load.Target{
		URL:  "http://" + service.Spec.ClusterIP,
		Host: revision + ".default.svc." + cluster.DNSDomain,
	}
	report := load.For(t.Context(), time.Millisecond, region.HTTP(), target, load.Shape{InFlight: 1})
	if report.Answers["Hello tide!"] == 0 || report.Failed > 0 {
		err = fmt.Errorf("revision %s answers %v: %s", revision, report.Answers, &report)
	}
	return report.Quantile(1), err
}

// revisionReady is nil when a revision is.
func revisionReady(revision string) error {
	shown, err := region.tryKubectl("get", "revision", revision, "-o", `jsonpath={.status.conditions[?(@.type=="Ready")].status} {.status.conditions}`)
	if err == nil && !strings.HasPrefix(shown, "True ") {
		err = fmt.Errorf("revision %s is not ready: %s", revision, shown)
	}
	return err
}

// podsOfRevision tells for each pod which of its containers are ready.
func podsOfRevision(t *testing.T, revision string) []string {
	t.Helper()
	list, err := region.kube.CoreV1().Pods("default").List(t.Context(), metav1.ListOptions{LabelSelector: "serving.knative.dev/revision=" + revision})
	if err != nil {
		t.Fatal(err)
	}
	var pods []string
	for _, pod := range list.Items {
		var containers []string
		for _, status := range pod.Status.ContainerStatuses {
			containers = append(containers, fmt.Sprintf("%s=%t", status.Name, status.Ready))
		}
		slices.Sort(containers)
		pods = append(pods, strings.Join(containers, " "))
	}
	return pods
}

// atZero is nil when a revision has no pod and wants none.
func atZero(ctx context.Context, revision string) error {
	deployment, err := region.kube.AppsV1().Deployments("default").Get(ctx, revision+"-deployment", metav1.GetOptions{})
	if err != nil {
		return err
	}
	if *deployment.Spec.Replicas != 0 || deployment.Status.ReadyReplicas != 0 {
		return fmt.Errorf("deployment %s wants %d pods and has %d ready", deployment.Name, *deployment.Spec.Replicas, deployment.Status.ReadyReplicas)
	}
	return nil
}

// created is how many container groups were created so far.
func created(t *testing.T) int {
	t.Helper()
	counts, err := cloudadmin.CallCounts(t.Context(), region.Client)
	if err != nil {
		t.Fatal(err)
	}
	return counts["CreateContainerGroup"]
}
