package test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// TestWorkloads runs the workloads of the Kubernetes documentation to their
// end: https://kubernetes.io/docs/concepts/workloads/controllers/.
func TestWorkloads(t *testing.T) {
	region.kubectl(t, "apply", "-f", "testdata/workloads.yaml")
	t.Cleanup(func() { _, _ = region.tryKubectl("delete", "--wait=false", "-f", "testdata/workloads.yaml") })
	batch := region.kube.BatchV1()

	t.Run("Deployment", func(t *testing.T) {
		region.kubectl(t, "rollout", "status", "deployment/nginx-deployment", "--timeout=60s")
		region.kubectl(t, "set", "image", "deployment/nginx-deployment", "nginx=nginx:1.16.1")
		region.kubectl(t, "rollout", "status", "deployment/nginx-deployment", "--timeout=60s")
	})
	t.Run("StatefulSet", func(t *testing.T) {
		region.kubectl(t, "rollout", "status", "statefulset/web", "--timeout=60s")
		names := region.kubectl(t, "get", "pods", "-l", "app=nginx-stateful", "-o", "jsonpath={.items[*].metadata.name}")
		if names != "web-0 web-1 web-2" {
			t.Errorf("pods of the StatefulSet: %q", names)
		}
		said := region.kubectl(t, "exec", "web-1", "--", "sh", "-c", "hostname; nslookup web-0.nginx.default.svc.cluster.local")
		if !strings.HasPrefix(said, "web-1\n") || !strings.Contains(said, "Address") {
			t.Errorf("a pod of the StatefulSet knows its name and its sibling's: %q", said)
		}
	})
	t.Run("Job", func(t *testing.T) {
		eventually(t, time.Minute, func(ctx context.Context) error {
			job, err := batch.Jobs("default").Get(ctx, "pi", metav1.GetOptions{})
			if err == nil && job.Status.Succeeded != 1 {
				err = fmt.Errorf("job pi: %+v", job.Status)
			}
			return err
		})
		if log := region.kubectl(t, "logs", "job/pi"); !strings.HasPrefix(log, "3.14159265358979") {
			t.Errorf("log of job pi: %q", log)
		}
	})
	t.Run("CronJob", func(t *testing.T) {
		// Its schedule is every minute; a job made from it need not wait.
		region.kubectl(t, "create", "job", "hello-now", "--from=cronjob/hello")
		region.kubectl(t, "wait", "--for=condition=complete", "job/hello-now", "--timeout=60s")
		if log := region.kubectl(t, "logs", "job/hello-now"); !strings.Contains(log, "Hello from the Kubernetes cluster") {
			t.Errorf("log of job hello-now: %q", log)
		}
		eventually(t, 100*time.Second, func(ctx context.Context) error {
			cron, err := batch.CronJobs("default").Get(ctx, "hello", metav1.GetOptions{})
			if err == nil && cron.Status.LastSuccessfulTime == nil {
				err = fmt.Errorf("cron job hello has not succeeded by itself: %+v", cron.Status)
			}
			return err
		})
	})
}
