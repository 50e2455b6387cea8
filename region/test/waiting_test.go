package test

import (
	"context"
	"fmt"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// TestPodWaitsForItsConfigMap creates a pod before what it names. The pod says
// what it waits for, again and again in one event, and then runs.
func TestPodWaitsForItsConfigMap(t *testing.T) {
	region.kubectl(t, "apply", "-f", "testdata/waiting.yaml")
	t.Cleanup(func() {
		_, _ = region.tryKubectl("delete", "--wait=false", "-f", "testdata/waiting.yaml", "configmap/late")
	})
	eventually(t, 30*time.Second, func(ctx context.Context) error {
		events, err := region.kube.CoreV1().Events("default").List(ctx, metav1.ListOptions{FieldSelector: "involvedObject.name=waiting"})
		if err != nil {
			return err
		}
		for _, event := range events.Items {
			if event.Reason == "MandatoryConfigMapNotFound" && event.Count >= 2 {
				return nil
			}
		}
		return fmt.Errorf("no repeated event: %+v", events.Items)
	})
	region.kubectl(t, "create", "configmap", "late", "--from-literal=word=here")
	region.kubectl(t, "wait", "--for=condition=Ready", "pod/waiting", "--timeout=60s")
	if said := region.kubectl(t, "exec", "waiting", "--", "sh", "-c", "echo $WORD"); said != "here\n" {
		t.Errorf("the pod has the word %q", said)
	}
}

// TestPodWithAStaticVolume mounts a claim of a NAS volume, which becomes an
// NFS volume of the container group.
func TestPodWithAStaticVolume(t *testing.T) {
	region.kubectl(t, "apply", "-f", "testdata/static-volume.yaml")
	t.Cleanup(func() { _, _ = region.tryKubectl("delete", "--wait=false", "-f", "testdata/static-volume.yaml") })
	region.kubectl(t, "wait", "--for=condition=Ready", "pod/archive", "--timeout=60s")
	said := region.kubectl(t, "exec", "archive", "--", "sh", "-c", "echo kept > /data/file && cat /data/file")
	if said != "kept\n" {
		t.Errorf("the volume says %q", said)
	}
}
