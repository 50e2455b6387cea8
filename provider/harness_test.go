package provider_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/sirupsen/logrus"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes/fake"
	clienttesting "k8s.io/client-go/testing"
	"k8s.io/client-go/tools/record"
	"k8s.io/utils/clock"

	"github.com/ebb-node/ebb/alicloud"
	"github.com/ebb-node/ebb/eci"
	"github.com/ebb-node/ebb/mockcloud"
	"github.com/ebb-node/ebb/provider"
	"github.com/ebb-node/ebb/provider/objects"
	"github.com/ebb-node/ebb/provider/resolve"
	"github.com/ebb-node/ebb/provider/translate"
)

const (
	nodeName = "ebb-test"
	hostIP   = "10.0.0.9"
	// deadline bounds everything that is waited for; nothing takes a tenth of
	// it on an idle machine.
	deadline = 20 * time.Second
)

var identity = provider.Identity{ClusterID: "cluster-a", NodeName: nodeName}

// world is a cloud and an API server that outlive the node under test.
type world struct {
	t     *testing.T
	cloud *mockcloud.Server
	kube  *fake.Clientset
	log   *logBuffer
	uids  int
}

func newWorld(t *testing.T, config mockcloud.Config) *world {
	t.Helper()
	t.Parallel()
	config.QuotasLifted = true
	cloud, err := mockcloud.NewServer(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cloud.Close() })
	return &world{t: t, cloud: cloud, kube: apiServer(), log: &logBuffer{}}
}

// apiServer is a fake that refuses what is meant for another pod of the same name,
// as a real one does by UID.
func apiServer() *fake.Clientset {
	kube := fake.NewClientset()
	meant := func(action clienttesting.Action, name string, uid types.UID) (bool, runtime.Object, error) {
		has, err := kube.Tracker().Get(action.GetResource(), action.GetNamespace(), name)
		if err != nil {
			return true, nil, err
		}
		if is := has.(*corev1.Pod).UID; uid != "" && is != uid {
			return true, nil, apierrors.NewConflict(corev1.Resource("pods"), name, fmt.Errorf("its UID is %s, not %s", is, uid))
		}
		return false, nil, nil
	}
	kube.PrependReactor("patch", "pods", func(action clienttesting.Action) (bool, runtime.Object, error) {
		patch := action.(clienttesting.PatchAction)
		var pod metav1.PartialObjectMetadata
		if err := json.Unmarshal(patch.GetPatch(), &pod); err != nil {
			return true, nil, err
		}
		return meant(action, patch.GetName(), pod.UID)
	})
	kube.PrependReactor("delete", "pods", func(action clienttesting.Action) (bool, runtime.Object, error) {
		deletion := action.(clienttesting.DeleteActionImpl)
		var uid types.UID
		if p := deletion.DeleteOptions.Preconditions; p != nil && p.UID != nil {
			uid = *p.UID
		}
		return meant(action, deletion.Name, uid)
	})
	return kube
}

// logBuffer collects the log of all nodes of a world.
type logBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *logBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *logBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

// node is one run of the node: what a process holds and loses when it ends.
type node struct {
	*world
	provider *provider.Provider
	watch    *eci.Watch
	client   *eci.Client
	events   *record.FakeRecorder
	told     *eventList
	factory  informers.SharedInformerFactory
	stop     func()
}

// nodeOptions change a node for one test.
type nodeOptions struct {
	grace time.Duration
	cloud func(*eci.Client) provider.Cloud
}

// start runs a node until the test or stop ends it.
func (w *world) start(o nodeOptions) *node {
	w.t.Helper()
	n := w.build(o)
	ctx, cancel := context.WithCancel(context.Background())
	core := n.factory.Core().V1()
	controller, err := n.provider.PodController(core.Pods(), core.Services(), provider.LimiterPerPod)
	if err != nil {
		w.t.Fatal(err)
	}
	if _, err := core.Pods().Informer().AddEventHandler(n.provider.PodHandler()); err != nil {
		w.t.Fatal(err)
	}
	n.factory.Start(ctx.Done())
	n.factory.WaitForCacheSync(ctx.Done())
	if err := n.provider.Adopt(ctx); err != nil {
		w.t.Fatal(err)
	}
	var group sync.WaitGroup
	group.Go(func() { n.provider.Run(ctx) })
	group.Go(func() { _ = n.watch.Run(ctx) })
	group.Go(func() { _ = controller.Run(ctx, 4) })
	group.Go(func() { n.told.collect(ctx, n.events.Events) })
	var once sync.Once
	n.stop = func() { once.Do(func() { cancel(); group.Wait() }) }
	w.t.Cleanup(n.stop)
	return n
}

// build makes a node without starting anything.
func (w *world) build(o nodeOptions) *node {
	w.t.Helper()
	log := logrus.New()
	log.SetOutput(w.log)
	log.SetLevel(logrus.DebugLevel)
	key, err := alicloud.StaticKey(w.cloud.AccessKeyID, w.cloud.AccessKeySecret, "")
	if err != nil {
		w.t.Fatal(err)
	}
	transport, err := alicloud.New(alicloud.Config{
		Region: w.cloud.RegionID, Endpoints: map[string]string{"eci": w.cloud.URL}, Credentials: key,
		Unlimited: true, Logger: log, Retry: &alicloud.RetryPolicy{Attempts: 1},
	})
	if err != nil {
		w.t.Fatal(err)
	}
	n := &node{world: w, client: eci.New(transport), events: record.NewFakeRecorder(10_000), told: &eventList{}}
	n.watch = eci.NewWatch(n.client, eci.WatchConfig{
		Tags: identity.Selector(), Fast: 20 * time.Millisecond, Slow: 50 * time.Millisecond,
		OnChange: func(g eci.Group) { n.provider.GroupChanged(g) },
		OnGone:   func(id string) { n.provider.GroupGone(id) },
	})
	cloud := provider.Cloud(n.client)
	if o.cloud != nil {
		cloud = o.cloud(n.client)
	}
	if o.grace == 0 {
		o.grace = time.Hour
	}
	pods := informers.NewSharedInformerFactory(w.kube, 0)
	n.provider = provider.New(provider.Config{
		Identity: identity, Cloud: cloud, Watch: n.watch, HostIP: hostIP, Kube: w.kube,
		Pods: pods.Core().V1().Pods().Lister(), Recorder: n.events, Log: log, Workers: 4, OrphanGrace: o.grace,
		Planner: w.planner(pods),
	})
	n.factory = pods
	return n
}

func (w *world) planner(f informers.SharedInformerFactory) provider.Planner {
	settings := translate.Config{Region: w.cloud.RegionID, VSwitchIDs: []string{w.cloud.VSwitchID}, SecurityGroupID: w.cloud.SecurityGroupID}
	return &provider.PodPlanner{
		Getters: objects.Getters(w.kube, f.Core().V1().Services().Lister(), clock.RealClock{}),
		Node: resolve.NodeFacts{
			HostIP: hostIP,
			Size:   func(pod *corev1.Pod) corev1.ResourceList { return translate.InstanceSize(pod, settings) },
		},
		Translate: settings,
	}
}
