package credits_test

import (
	"bytes"
	"context"
	"fmt"
	"iter"
	"strings"
	"testing"
	"time"

	"github.com/sirupsen/logrus"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/kubernetes/fake"
	"k8s.io/client-go/tools/record"
	clocktesting "k8s.io/utils/clock/testing"

	"github.com/ebb-node/ebb/alicloud"
	"github.com/ebb-node/ebb/eci"
	"github.com/ebb-node/ebb/instancespecs"
	"github.com/ebb-node/ebb/mockcloud"
	"github.com/ebb-node/ebb/provider/credits"
)

// world is a cloud and an API server that outlive the sampler under test.
type world struct {
	*testing.T
	cloud  *mockcloud.Server
	client *eci.Client
	kube   *fake.Clientset
	clock  *clocktesting.FakeClock
	market *instancespecs.Market
	log    bytes.Buffer

	groups map[string]*eci.Group  // by pod name
	pods   map[string]*corev1.Pod // as the node saw them when it started
	names  []string
}

func newWorld(t *testing.T) *world {
	t.Helper()
	t.Parallel()
	cloud, err := mockcloud.NewServer(mockcloud.Config{Frozen: true, QuotasLifted: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cloud.Close() })
	market, err := instancespecs.DefaultMarket("CNY")
	if err != nil {
		t.Fatal(err)
	}
	w := &world{
		T: t, cloud: cloud, kube: fake.NewClientset(), market: market,
		clock: clocktesting.NewFakeClock(cloud.Now()), groups: map[string]*eci.Group{}, pods: map[string]*corev1.Pod{},
	}
	w.client = w.dial()
	return w
}

func (w *world) dial() *eci.Client {
	w.Helper()
	key, err := alicloud.StaticKey(w.cloud.AccessKeyID, w.cloud.AccessKeySecret, "")
	if err != nil {
		w.Fatal(err)
	}
	transport, err := alicloud.New(alicloud.Config{
		Region: w.cloud.RegionID, Endpoints: map[string]string{"eci": w.cloud.URL}, Credentials: key,
		Unlimited: true, Retry: &alicloud.RetryPolicy{Attempts: 1},
	})
	if err != nil {
		w.Fatal(err)
	}
	return eci.New(transport)
}

// run makes a pod with a container group that runs.
func (w *world) run(name, instanceType string, containers ...eci.Container) {
	w.Helper()
	pod := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{
		Namespace: "shop", Name: name, UID: types.UID("uid-" + name), CreationTimestamp: metav1.NewTime(w.cloud.Now()),
	}}
	if _, err := w.kube.CoreV1().Pods("shop").Create(context.Background(), pod, metav1.CreateOptions{}); err != nil {
		w.Fatal(err)
	}
	answer, err := w.client.Create(context.Background(), &eci.CreateRequest{
		Name: name, ClientToken: name, InstanceTypes: []string{instanceType}, RestartPolicy: "Never", Containers: containers,
	})
	if err != nil {
		w.Fatal(err)
	}
	w.groups[name] = &eci.Group{
		ID: answer.ContainerGroupID, Status: eci.StatusRunning, InstanceType: instanceType, CreationTime: w.cloud.Now(),
	}
	w.names, w.pods[name] = append(w.names, name), pod
}

// instances is what the provider would tell.
func (w *world) instances() iter.Seq2[*corev1.Pod, *eci.Group] {
	return func(yield func(*corev1.Pod, *eci.Group) bool) {
		for _, name := range w.names {
			if w.groups[name] != nil && !yield(w.pods[name], w.groups[name]) {
				return
			}
		}
	}
}

func (w *world) pod(name string) *corev1.Pod {
	pod, err := w.kube.CoreV1().Pods("shop").Get(context.Background(), name, metav1.GetOptions{})
	if err != nil {
		w.Fatal(err)
	}
	return pod
}

// node is one run of the sampler: what a process holds and loses when it ends.
type node struct {
	*world
	*credits.Sampler
	recorder *record.FakeRecorder
}

func (w *world) start(change ...func(*credits.Config)) *node {
	for _, name := range w.names {
		w.pods[name] = w.pod(name)
	}
	log := logrus.New()
	log.SetOutput(&w.log)
	n := &node{world: w, recorder: record.NewFakeRecorder(1000)}
	config := credits.Config{
		Instances: w.instances, Cloud: w.client, Market: func() *instancespecs.Market { return w.market },
		Kube: w.kube, Recorder: n.recorder, Log: log, Clock: w.clock,
	}
	for _, f := range change {
		f(&config)
	}
	n.Sampler = credits.New(config)
	return n
}

// pass lets time pass on both sides and samples once.
func (n *node) pass(d time.Duration) {
	n.cloud.Advance(d)
	n.clock.Step(d)
	n.Step(context.Background())
}

// events are the reasons of the events so far.
func (n *node) events() string {
	var reasons []string
	for {
		select {
		case text := <-n.recorder.Events:
			reasons = append(reasons, strings.Fields(text)[1])
		default:
			return strings.Join(reasons, " ")
		}
	}
}

func busy(vcpu float64, until time.Duration) eci.Container {
	return eci.Container{
		Name: "busy", Image: "app", Command: []string{"/exit", "0", until.String()},
		Env: []eci.EnvVar{{Key: "MOCK_CPU", Value: fmt.Sprint(vcpu)}},
	}
}

func idle() eci.Container { return eci.Container{Name: "idle", Image: "app"} }
