package test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/utils/ptr"

	"github.com/ebb-node/ebb/region/internal/cloudadmin"
	"github.com/ebb-node/ebb/region/internal/load"
)

// slbWrites are the actions that change a load balancer.
func slbWrites(t *testing.T) int {
	t.Helper()
	counts, err := cloudadmin.CallCounts(t.Context(), region.Client)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for action, calls := range counts {
		if strings.Contains(action, "ContainerGroup") || strings.HasPrefix(action, "Describe") || strings.HasPrefix(action, "Exec") {
			continue
		}
		n += calls
	}
	return n
}

// TestWritesOfAChange counts what changes of a service's pods cost.
func TestWritesOfAChange(t *testing.T) {
	pods := workers(t, 31)
	host := rawIngress(t, "crowd", "")
	slice(t, "crowd", pods[:1])
	target := at(t, host, "/")
	answering(t, target, "Hello crowd!")
	// Longer than two full read-backs; what tests before have left behind goes
	// meanwhile.
	quietFor(t, 12*time.Second)
	for _, change := range []struct {
		what string
		pods int
		most int
	}{{"one pod more", 2, 2}, {"one pod less", 1, 2}, {"thirty pods more", 31, 6}, {"thirty pods less", 1, 6}} {
		before := slbWrites(t)
		slice(t, "crowd", pods[:change.pods])
		quiet(t)
		n := slbWrites(t) - before
		t.Logf("%s: %d writes", change.what, n)
		if n == 0 || n > change.most {
			t.Errorf("%s: %d writes, want 1 to %d", change.what, n, change.most)
		}
	}
	answering(t, target, "Hello crowd!")
}

// quiet waits until the load balancers have followed a change.
func quiet(t *testing.T) { t.Helper(); quietFor(t, 4*time.Second) }

// quietFor waits until the load balancers were not written to for a while.
func quietFor(t *testing.T, d time.Duration) {
	t.Helper()
	last, since := slbWrites(t), time.Now()
	eventually(t, 2*time.Minute, func(context.Context) error {
		if n := slbWrites(t); n != last {
			last, since = n, time.Now()
		}
		if still := time.Since(since); still < d {
			return fmt.Errorf("no write for %v only, want %v", still, d)
		}
		return nil
	})
}

// workers are running pods of the coffee shop's program.
func workers(t *testing.T, n int32) []corev1.Pod {
	t.Helper()
	applyText(t, fmt.Sprintf(`
apiVersion: apps/v1
kind: Deployment
metadata: {name: crowd}
spec:
  replicas: %d
  selector: {matchLabels: {app: crowd}}
  template:
    metadata: {labels: {app: crowd}}
    spec:
      containers:
        - name: hello
          image: registry.cn-hangzhou.aliyuncs.com/knative-sample/helloworld-go:160e4dc8
          env: [{name: TARGET, value: crowd}]
          resources: {requests: {cpu: 250m, memory: 512Mi}}
`, n))
	t.Cleanup(func() { _, _ = region.tryKubectl("delete", "deployment", "crowd", "--wait=false") })
	region.kubectl(t, "rollout", "status", "deployment/crowd", "--timeout=120s")
	list, err := region.kube.CoreV1().Pods("default").List(t.Context(), metav1.ListOptions{LabelSelector: "app=crowd"})
	if err != nil {
		t.Fatal(err)
	}
	return list.Items
}

// rawIngress is an Ingress of the gateway's class, without Knative around it,
// for a Service without a selector. It answers the host.
func rawIngress(t *testing.T, name, tls string) (host string) {
	t.Helper()
	host = name + ".example.org"
	applyText(t, fmt.Sprintf(`
apiVersion: v1
kind: Service
metadata: {name: %[1]s}
spec:
  ports: [{name: http, port: 80, targetPort: 8080}]
---
apiVersion: networking.internal.knative.dev/v1alpha1
kind: Ingress
metadata:
  name: %[1]s
  annotations: {networking.knative.dev/ingress.class: slb.ingress.networking.knative.dev}
spec:
  %[3]s
  rules:
    - hosts: [%[2]s]
      visibility: ExternalIP
      http:
        paths: [{splits: [{serviceNamespace: default, serviceName: %[1]s, servicePort: 80, percent: 100}]}]
`, name, host, tls))
	t.Cleanup(func() {
		_, _ = region.tryKubectl("delete", "service/"+name, "kingress/"+name, "--wait=false")
	})
	return host
}

// slice says which pods serve a Service without a selector.
func slice(t *testing.T, service string, pods []corev1.Pod) {
	t.Helper()
	s := &discoveryv1.EndpointSlice{
		ObjectMeta: metav1.ObjectMeta{
			Name: service + "-test", Namespace: "default",
			Labels: map[string]string{discoveryv1.LabelServiceName: service, discoveryv1.LabelManagedBy: "test.ebb"},
		},
		AddressType: discoveryv1.AddressTypeIPv4,
		Ports:       []discoveryv1.EndpointPort{{Name: ptr.To("http"), Port: ptr.To(int32(8080)), Protocol: ptr.To(corev1.ProtocolTCP)}},
	}
	for _, pod := range pods {
		s.Endpoints = append(s.Endpoints, discoveryv1.Endpoint{
			Addresses: []string{pod.Status.PodIP}, Conditions: discoveryv1.EndpointConditions{Ready: ptr.To(true)},
			TargetRef: &corev1.ObjectReference{Kind: "Pod", Namespace: pod.Namespace, Name: pod.Name, UID: pod.UID},
		})
	}
	slices := region.kube.DiscoveryV1().EndpointSlices("default")
	if _, err := slices.Update(t.Context(), s, metav1.UpdateOptions{}); err == nil {
		return
	}
	if _, err := slices.Create(t.Context(), s, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = slices.Delete(context.Background(), s.Name, metav1.DeleteOptions{}) })
}

// TestSharesOfASplit asks ten thousand times.
func TestSharesOfASplit(t *testing.T) {
	shop := ksvc{Name: "shares", Target: "one", Revision: "shares-one", Template: map[string]string{"autoscaling.knative.dev/min-scale": "1"}}
	shop.apply(t)
	shop.Target, shop.Revision = "two", "shares-two"
	shop.Annotations = map[string]string{"knative.aliyun.com/serving-ingress": "cafe.example.org/shares, cafe.example.org/more"}
	shop.apply(t)
	shop.share(t, map[string]int{"shares-one": 70, "shares-two": 30})
	for _, target := range []load.Target{at(t, shop.host(), "/"), at(t, "cafe.example.org", "/shares"), at(t, "cafe.example.org", "/more/milk")} {
		answering(t, target, "Hello two!")
		report := load.Start(t.Context(), region.HTTP(), target, load.Shape{InFlight: 8, Requests: 10000}).Wait()
		lossless(t, target.Host, report)
		if share := report.Share("Hello one!"); share < 69 || share > 71 {
			t.Errorf("%s: %.2f %% for the first revision, want 70 %%: %v", target.Host, share, report.Answers)
		}
	}
}
