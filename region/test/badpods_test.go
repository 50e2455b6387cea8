package test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// TestPodsThatAskForTheImpossible get an Event that names the field, and never
// run as something that they are not.
func TestPodsThatAskForTheImpossible(t *testing.T) {
	for _, test := range []struct {
		name   string
		change func(*corev1.Pod)
		event  string // in the event's message
	}{
		{"host-network", func(p *corev1.Pod) { p.Spec.HostNetwork = true }, "spec.hostNetwork"},
		{"volume", func(p *corev1.Pod) {
			p.Spec.Volumes = []corev1.Volume{{Name: "iscsi", VolumeSource: corev1.VolumeSource{
				ISCSI: &corev1.ISCSIVolumeSource{TargetPortal: "10.0.0.1:3260", IQN: "iqn.2001-04.com.example:storage.disk1"}}}}
		}, "spec.volumes[0]"},
		{"annotation", func(p *corev1.Pod) {
			p.Annotations = map[string]string{"k8s.aliyun.com/eci-use-specs": "2-4"}
		}, "k8s.aliyun.com/eci-use-specs"},
	} {
		t.Run(test.name, func(t *testing.T) {
			pods := region.kube.CoreV1().Pods("default")
			pod := &corev1.Pod{
				ObjectMeta: metav1.ObjectMeta{GenerateName: "bad-" + test.name + "-"},
				Spec: corev1.PodSpec{
					RestartPolicy: corev1.RestartPolicyNever,
					Containers:    []corev1.Container{{Name: "main", Image: "busybox", Command: []string{"sleep", "60"}}},
				},
			}
			test.change(pod)
			pod, err := pods.Create(t.Context(), pod, metav1.CreateOptions{})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() {
				_ = pods.Delete(context.Background(), pod.Name, *metav1.NewDeleteOptions(0))
			})
			eventually(t, 10*time.Second, func(ctx context.Context) error { return hasWarning(ctx, pod, test.event) })
			now, err := pods.Get(t.Context(), pod.Name, metav1.GetOptions{})
			if err != nil {
				t.Fatal(err)
			}
			if now.Status.Phase == corev1.PodRunning || now.Status.Phase == corev1.PodSucceeded {
				t.Errorf("the pod is %s", now.Status.Phase)
			}
		})
	}
}

func hasWarning(ctx context.Context, pod *corev1.Pod, text string) error {
	events, err := region.kube.CoreV1().Events(pod.Namespace).List(ctx, metav1.ListOptions{
		FieldSelector: "involvedObject.uid=" + string(pod.UID)})
	if err != nil {
		return err
	}
	var said []string
	for _, event := range events.Items {
		if event.Type == corev1.EventTypeWarning && strings.Contains(event.Message, text) {
			return nil
		}
		said = append(said, event.Type+" "+event.Reason+": "+event.Message)
	}
	return fmt.Errorf("no warning with %q; events: %q", text, said)
}
