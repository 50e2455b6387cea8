package provider_test

import (
	"testing"

	corev1 "k8s.io/api/core/v1"

	"github.com/ebb-node/ebb/mockcloud"
)

func TestAPodBecomesAGroupAndBack(t *testing.T) {
	w := newWorld(t, mockcloud.Config{})
	n := w.start(nodeOptions{})
	pod := w.pod("latte", nil)

	got := w.running(pod)
	if got.Status.PodIP == "" || got.Status.HostIP != hostIP {
		t.Errorf("podIP %q, hostIP %q", got.Status.PodIP, got.Status.HostIP)
	}
	groups := n.groups()
	if len(groups) != 1 {
		t.Fatalf("%d groups, want 1", len(groups))
	}
	if id := got.Annotations["k8s.aliyun.com/eci-instance-id"]; id != groups[0].ID {
		t.Errorf("eci-instance-id %q, want %q", id, groups[0].ID)
	}

	w.delete(pod, 30)
	w.absent(pod)
	n.settled(0)
	if got := w.creates(); got != 1 {
		t.Errorf("%d creates, want 1", got)
	}
}

func TestManyPodsComeAndGo(t *testing.T) {
	w := newWorld(t, mockcloud.Config{})
	n := w.start(nodeOptions{})
	var pods []*corev1.Pod
	for _, name := range []string{"a", "b", "c", "d", "e", "f", "g", "h", "i", "j"} {
		pods = append(pods, w.pod(name, nil))
	}
	for _, pod := range pods {
		w.running(pod)
	}
	n.settled(len(pods))
	for _, pod := range pods {
		w.delete(pod, 1)
	}
	for _, pod := range pods {
		w.absent(pod)
	}
	n.settled(0)
}
