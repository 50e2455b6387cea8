package test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/ebb-node/ebb/alicloud"
	"github.com/ebb-node/ebb/region/internal/cluster"
	"github.com/ebb-node/ebb/slb"
)

// TestLoadBalancerAnswersOnTheHost puts a pod behind a load balancer of the
// region, by ebb's own client, and asks the host's port for it.
func TestLoadBalancerAnswersOnTheHost(t *testing.T) {
	client := balancerClient(t)
	pod := runningPod(t)
	owner := slb.Owner{Prefix: "test", Cluster: "region", LoadBalancer: "public"}
	instance, err := client.EnsureInstance(t.Context(), owner, slb.InstanceSpec{
		Name: "test", AddressType: slb.Internet, Token: string(pod.UID),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("the load balancer has the address %s", instance.Address)
	writer := slb.NewWriter(slb.WriterConfig{
		Client: client, Planner: slb.Planner{Owner: owner, Limits: slb.DefaultLimits()}, ID: instance.ID,
		OnState: func(s slb.State) {
			for _, problem := range s.Problems {
				t.Logf("%v: %v", problem.Object, problem.Err)
			}
		},
	})
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	go func() { _ = writer.Run(ctx) }()
	writer.Want(slb.Desired{
		Listeners: []slb.Listener{{Protocol: slb.HTTP, Port: 80, Group: "nginx"}},
		Groups: []slb.Group{{Key: "nginx", Members: []slb.Member{{
			Type: slb.ENI, ServerID: pod.Annotations["k8s.aliyun.com/eni-instance-id"], IP: pod.Status.PodIP, Port: 80, Weight: 100,
		}}}},
	})
	eventually(t, 15*time.Second, func(ctx context.Context) error { return answers(ctx, region.loadBalancer()) })
}

// balancerClient is ebb's client of the mock cloud's load balancers.
func balancerClient(t *testing.T) *slb.Client {
	t.Helper()
	address, err := region.Forward(t.Context(), "127.0.0.1:0", cluster.Cloud)
	if err != nil {
		t.Fatal(err)
	}
	key, err := os.ReadFile(region.AccessKey())
	if err != nil {
		t.Fatal(err)
	}
	values := regexp.MustCompile(`(?m)=(.*)$`).FindAllStringSubmatch(string(key), 2)
	credentials, err := alicloud.StaticKey(values[0][1], values[1][1], "")
	if err != nil {
		t.Fatal(err)
	}
	cloud, err := alicloud.New(alicloud.Config{
		Region: cluster.Region, Credentials: credentials,
		Endpoints: map[string]string{"slb": "https://" + address.String()},
	})
	if err != nil {
		t.Fatal(err)
	}
	return slb.New(cloud)
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

func answers(ctx context.Context, url string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err == nil && string(body) != "Hello nginx!\n" {
		err = fmt.Errorf("%s answers %s %q", url, response.Status, body)
	}
	return err
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
