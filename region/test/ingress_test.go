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

// slbAnswers is how often calls that change a load balancer ended with each
// code so far; an empty one is success.
func slbAnswers(t *testing.T) map[string]int {
	t.Helper()
	var answer struct {
		Counts map[string]map[string]int `json:"counts"` // action, code
	}
	// The calls themselves would be many, and are not wanted.
	if err := cloudadmin.Get(t.Context(), region.Client, "/calls?action=none", &answer); err != nil {
		t.Fatal(err)
	}
	codes := map[string]int{}
	for action, by := range answer.Counts {
		if strings.Contains(action, "ContainerGroup") || strings.HasPrefix(action, "Describe") || strings.HasPrefix(action, "Exec") {
			continue
		}
		for code, n := range by {
			codes[code] += n
		}
	}
	return codes
}

// slbWrites are the writes that were done.
func slbWrites(t *testing.T) int { t.Helper(); return slbAnswers(t)[""] }

// slbAttempts are those and the refused ones.
func slbAttempts(t *testing.T) (n int) {
	t.Helper()
	for _, calls := range slbAnswers(t) {
		n += calls
	}
	return n
}

// busy is how many writes were refused because they came too early.
func busy(t *testing.T) (n int) {
	t.Helper()
	answers := slbAnswers(t)
	for _, code := range busyCodes {
		n += answers[code]
	}
	return n
}

// everywhere are the visibilities of a Route's hosts: each is a load balancer.
var everywhere = []string{"ExternalIP", "ClusterLocal"}

// TestWritesOfAChange counts what changes of a service's pods cost, each load
// balancer by itself: a Knative Service is on two, and costs twice as much.
// Writes that a busy load balancer refused, and that were done later, count
// once.
func TestWritesOfAChange(t *testing.T) {
	pods := workers(t, 32)
	crowd, rest := pods[:31], pods[31:]
	for i, c := range []struct {
		name         string
		visibilities []string
		split        bool
		one, thirty  int // pods at once: most writes on a load balancer
	}{
		{"on one load balancer", everywhere[:1], false, 2, 6},
		{"on two", everywhere, false, 2, 6},
		// Weights of the others change with each pod.
		{"a split on two", everywhere, true, 3, 7},
	} {
		t.Run(c.name, func(t *testing.T) {
			name := fmt.Sprint("crowd-", i)
			services := []string{name}
			if c.split {
				services = append(services, name+"-rest")
				slice(t, services[1], rest)
			}
			slice(t, name, crowd[:1])
			host := ingressTo(t, name, "", c.visibilities, services...)
			target := at(t, host, "/")
			answering(t, target, "Hello crowd!")
			// Longer than two full read-backs; what tests before have left behind goes
			// meanwhile.
			quietFor(t, 12*time.Second)
			for _, change := range []struct {
				what string
				pods int
				most int
			}{{"one pod more", 2, c.one}, {"one pod less", 1, c.one}, {"thirty pods more", 31, c.thirty}, {"thirty pods less", 1, c.thirty}} {
				before := slbWrites(t)
				slice(t, name, crowd[:change.pods])
				quiet(t)
				n, most := slbWrites(t)-before, change.most*len(c.visibilities)
				t.Logf("%s: %d writes on %d load balancers", change.what, n, len(c.visibilities))
				if n < len(c.visibilities) || n > most {
					t.Errorf("%s: %d writes, want %d to %d", change.what, n, len(c.visibilities), most)
				}
			}
			answering(t, target, "Hello crowd!")
		})
	}
}

// quiet waits until the load balancers have followed a change.
func quiet(t *testing.T) { t.Helper(); quietFor(t, 4*time.Second) }

// quietFor waits until the load balancers were not written to for a while.
func quietFor(t *testing.T, d time.Duration) {
	t.Helper()
	last, since := slbAttempts(t), time.Now()
	eventually(t, 2*time.Minute, func(context.Context) error {
		if n := slbAttempts(t); n != last {
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
// for a Service without a selector. It answers the host, which is on the
// internet.
func rawIngress(t *testing.T, name, tls string) (host string) {
	t.Helper()
	return ingressTo(t, name, tls, everywhere[:1], name)
}

// ingressTo is such an Ingress with a host for each visibility, which sends
// equal shares to Services.
func ingressTo(t *testing.T, name, tls string, visibilities []string, services ...string) (host string) {
	t.Helper()
	host = name + ".example.org"
	var text, splits, rules strings.Builder
	for _, service := range services {
		fmt.Fprintf(&text, `
apiVersion: v1
kind: Service
metadata: {name: %s}
spec:
  ports: [{name: http, port: 80, targetPort: 8080}]
---`, service)
		fmt.Fprintf(&splits, "{serviceNamespace: default, serviceName: %s, servicePort: 80, percent: %d}, ", service, 100/len(services))
	}
	for _, visibility := range visibilities {
		fmt.Fprintf(&rules, `
    - hosts: [%s]
      visibility: %s
      http:
        paths: [{splits: [%s]}]`, host, visibility, &splits)
	}
	applyText(t, fmt.Sprintf(`%s
apiVersion: networking.internal.knative.dev/v1alpha1
kind: Ingress
metadata:
  name: %s
  annotations: {networking.knative.dev/ingress.class: slb.ingress.networking.knative.dev}
spec:
  %s
  rules:%s
`, &text, name, tls, &rules))
	t.Cleanup(func() {
		args := []string{"delete", "--wait=false", "kingress/" + name}
		for _, service := range services {
			args = append(args, "service/"+service)
		}
		_, _ = region.tryKubectl(args...)
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
	quiet(t) // what is read back takes effect a moment later
	for _, target := range []load.Target{at(t, shop.host(), "/"), at(t, "cafe.example.org", "/shares"), at(t, "cafe.example.org", "/more/milk")} {
		answering(t, target, "Hello two!")
		report := load.Start(t.Context(), region.HTTP(), target, load.Shape{InFlight: 8, Requests: 10000}).Wait()
		lossless(t, target.Host, report)
		if share := report.Share("Hello one!"); share < 69 || share > 71 {
			t.Errorf("%s: %.2f %% for the first revision, want 70 %%: %v", target.Host, share, report.Answers)
		}
	}
}
