package node

import (
	"context"
	"errors"
	"io"
	"testing"
	"time"

	"github.com/sirupsen/logrus"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes/fake"
	"k8s.io/client-go/tools/record"
	"k8s.io/utils/clock"
)

// start runs a controller until the test ends.
func start(t *testing.T, kube *fake.Clientset) *Controller {
	t.Helper()
	log := logrus.New()
	log.SetOutput(io.Discard)
	c := &Controller{
		Spec: testSpec(), Health: NewHealth(clock.RealClock{}), Kube: kube,
		Recorder: record.NewFakeRecorder(100), Log: log, Clock: clock.RealClock{},
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { c.Run(ctx); close(done) }()
	t.Cleanup(func() { cancel(); <-done })
	return c
}

// ready waits until the node's Ready condition has a status.
func ready(t *testing.T, kube *fake.Clientset, want corev1.ConditionStatus) *corev1.Node {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		node, err := kube.CoreV1().Nodes().Get(context.Background(), "ebb", metav1.GetOptions{})
		if err != nil {
			continue
		}
		for _, c := range node.Status.Conditions {
			if c.Type == corev1.NodeReady && c.Status == want {
				return node
			}
		}
	}
	t.Fatalf("the node is not there with Ready=%s", want)
	return nil
}

func TestTheNodeIsRegisteredAndFollowsTheCloud(t *testing.T) {
	kube := fake.NewClientset()
	c := start(t, kube)
	ready(t, kube, corev1.ConditionFalse)
	c.Health.Observe(nil)
	node := ready(t, kube, corev1.ConditionTrue)
	if len(node.Spec.Taints) != 1 {
		t.Errorf("taints %v", node.Spec.Taints)
	}
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		_, err := kube.CoordinationV1().Leases(corev1.NamespaceNodeLease).Get(context.Background(), "ebb", metav1.GetOptions{})
		if err == nil {
			break
		}
		if time.Now().After(end) {
			t.Fatal("the node has no lease")
		}
	}
	events := c.Recorder.(*record.FakeRecorder).Events
	c.Health.Observe(errors.New("no route to host"))
	for {
		select {
		case e := <-events:
			if e == "Warning CloudError no route to host" {
				return
			}
		case <-time.After(20 * time.Second):
			t.Fatal("no event tells of the cloud")
		}
	}
}

func TestADeletedNodeComesBack(t *testing.T) {
	kube := fake.NewClientset()
	c := start(t, kube)
	c.Health.Observe(nil)
	ready(t, kube, corev1.ConditionTrue)
	if err := kube.CoreV1().Nodes().Delete(context.Background(), "ebb", metav1.DeleteOptions{}); err != nil {
		t.Fatal(err)
	}
	c.Health.changed() // rather than waiting for the next heartbeat
	ready(t, kube, corev1.ConditionTrue)
}

func TestTaintsOfANodeThatExistsAreChanged(t *testing.T) {
	spec := testSpec()
	spec.Taints = []corev1.Taint{{Key: "maintenance", Effect: corev1.TaintEffectNoSchedule}}
	kube := fake.NewClientset(spec.Object())
	start(t, kube)
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		node := ready(t, kube, corev1.ConditionFalse)
		if len(node.Spec.Taints) == 2 {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("taints %v", node.Spec.Taints)
		}
	}
}
