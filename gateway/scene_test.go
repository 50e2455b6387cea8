package gateway

import (
	"context"
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/sirupsen/logrus"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/client-go/tools/record"
	"knative.dev/networking/pkg/apis/networking"
	"knative.dev/networking/pkg/apis/networking/v1alpha1"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/ebb-node/ebb/alicloud"
	"github.com/ebb-node/ebb/ecs"
	"github.com/ebb-node/ebb/gateway/backend"
	"github.com/ebb-node/ebb/gateway/ingress"
	"github.com/ebb-node/ebb/gateway/ingress/cached"
	"github.com/ebb-node/ebb/mockcloud"
	mockecs "github.com/ebb-node/ebb/mockcloud/ecs"
	mockslb "github.com/ebb-node/ebb/mockcloud/slb"
	"github.com/ebb-node/ebb/slb"
)

// patience bounds how long a test waits for what must come.
const patience = 30 * time.Second

// machines is how many addresses of pods have a network interface.
const machines = 500

// scene is the gateway between a cluster in memory and the mock cloud over
// HTTP.
type scene struct {
	testing.TB
	ctx     context.Context
	cluster client.WithWatch
	cloud   *mockcloud.Server
	shared  *alicloud.Client // under slb and ecs
	slb     *slb.Client
	ecs     *ecs.Client
	config  Config
	limited bool // calls are, as documented
	// elsewhere are instances besides those of pods and relays.
	elsewhere []mockecs.Instance
	// finder may stand between the gateway and what finds pods.
	finder func(backend.Finder) backend.Finder
	// emptyGroups may be led to. The documents have a code for a refusal, and
	// do not say when it comes.
	emptyGroups bool
	// relay answers for the relay's replicas.
	relay  func(*http.Request) *http.Response
	log    *lockedText
	events *eventLog
	*gateway
	running bool
	stop    func()
}

type lockedText struct {
	mu sync.Mutex
	b  strings.Builder
}

func (l *lockedText) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedText) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// answers is a transport.
type answers func(*http.Request) *http.Response

func (a answers) RoundTrip(r *http.Request) (*http.Response, error) { return a(r), nil }

// eventLog keeps Events.
type eventLog struct {
	record.EventRecorder
	lockedText
}

func (e *eventLog) Event(o runtime.Object, kind, reason, message string) {
	name := o.(client.Object).GetName()
	_, _ = fmt.Fprintf(e, "%s %s %s: %s\n", kind, reason, name, message)
}

// podIP is the address of the nth pod; eni-n has it.
func podIP(n int) string { return fmt.Sprintf("10.240.%d.%d", 100+n/250, n%250+1) }

// newScene has a running gateway. Change may set fields of its configuration.
func newScene(t testing.TB, change ...func(*scene)) *scene {
	t.Helper()
	if test, ok := t.(*testing.T); ok {
		test.Parallel() // most of their time they wait
	}
	s := &scene{TB: t, cluster: newCluster(t), log: &lockedText{}, events: &eventLog{}}
	s.ctx = context.Background()
	quotas := mockslb.DocumentedQuotas("cn-hangzhou")
	instances := []mockecs.Instance{
		{ID: "i-relay1", IP: netip.MustParseAddr("10.240.9.1"), VPCID: "vpc-mock"},
		{ID: "i-relay2", IP: netip.MustParseAddr("10.240.9.2"), VPCID: "vpc-mock"},
	}
	for i := range machines {
		instances = append(instances, mockecs.Instance{ID: fmt.Sprint("i-", i), IP: netip.MustParseAddr(podIP(i)), VPCID: "vpc-mock"})
	}
	s.config = Config{
		Cluster: "cluster-1", VPC: "vpc-mock", VSwitch: mockcloud.DefaultVSwitch, RelayPort: 9000,
		RelayService: types.NamespacedName{Namespace: "ebb-system", Name: "ebb-relay"},
		Recorder:     s.events, Interval: time.Hour, Log: s.logger(), secretReader: s.cluster,
	}
	s.relay = func(*http.Request) *http.Response {
		return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody}
	}
	s.config.probes = answers(func(r *http.Request) *http.Response { return s.relay(r) })
	cloud := mockcloud.Config{Instances: instances, QuotasLifted: true, LoadBalancing: mockcloud.LoadBalancing{Quotas: &quotas}}
	for _, f := range change {
		f(s)
	}
	cloud.Instances = append(cloud.Instances, s.elsewhere...)
	if s.config.Limits != nil {
		quotas.Rules, quotas.BackendServers, quotas.DomainExtensions = s.config.Limits.RulesPerListener, s.config.Limits.BackendsPerInstance, s.config.Limits.ExtensionsPerListener
		quotas.Attachments = s.config.Limits.BackendsPerInstance
	}
	var err error
	cloud.QuotasLifted = !s.limited
	cloud.LoadBalancing.RefuseEmptyGroups = !s.emptyGroups
	if s.cloud, err = mockcloud.NewServer(cloud); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.cloud.Close() })
	s.clients()
	s.relays("10.240.9.1")
	return s
}

func (s *scene) logger() logrus.FieldLogger {
	log := logrus.New()
	log.SetOutput(s.log)
	return log
}

func (s *scene) clients() {
	s.Helper()
	key, err := alicloud.StaticKey(s.cloud.AccessKeyID, s.cloud.AccessKeySecret, "")
	if err != nil {
		s.Fatal(err)
	}
	shared, err := alicloud.New(alicloud.Config{
		Region: s.cloud.RegionID, Credentials: key, Unlimited: !s.limited, Logger: s.logger(),
		Endpoints: map[string]string{"slb": s.cloud.URL, "ecs": s.cloud.URL},
		Retry:     &alicloud.RetryPolicy{Attempts: 3, Base: time.Millisecond, ThrottleBase: time.Millisecond, Cap: 20 * time.Millisecond},
	})
	if err != nil {
		s.Fatal(err)
	}
	s.shared, s.slb, s.ecs = shared, slb.New(shared), ecs.New(shared)
}

// start runs the gateway, and what else is given, until the test ends or stop
// is called.
func (s *scene) start(more ...func(ctrl.Manager, backend.Finder) error) *scene {
	s.Helper()
	mgr := newManager(s.TB, s.cluster, s.config.Log)
	c := s.config
	c.SLB, c.ECS, c.Metrics = s.slb, s.ecs, prometheus.NewRegistry()
	finder, err := backend.NewCache(s.ctx, mgr.GetCache(), mgr.GetCache())
	if err != nil {
		s.Fatal(err)
	}
	c.Backends, c.Ledger = finder, cached.NewLedger(mgr.GetCache())
	if s.finder != nil {
		c.Backends = s.finder(finder)
	}
	if s.gateway, err = add(mgr, c); err != nil {
		s.Fatal(err)
	}
	for _, add := range more {
		if err := add(mgr, finder); err != nil {
			s.Fatal(err)
		}
	}
	ctx, cancel := context.WithCancel(s.ctx)
	done := make(chan error, 1)
	go func() { done <- mgr.Start(ctx) }()
	if !mgr.GetCache().WaitForCacheSync(ctx) {
		s.Fatal("the caches are not filled")
	}
	s.running = true
	s.stop = sync.OnceFunc(func() {
		s.running = false
		cancel()
		if err := <-done; err != nil {
			s.Error(err)
		}
	})
	s.Cleanup(s.stop)
	return s
}

// apply makes objects as given, whether they are there or not.
func (s *scene) apply(objects ...client.Object) {
	s.Helper()
	for _, o := range objects {
		is := o.DeepCopyObject().(client.Object)
		err := s.cluster.Get(s.ctx, client.ObjectKeyFromObject(o), is)
		if err == nil {
			o.SetResourceVersion(is.GetResourceVersion())
			o.SetUID(is.GetUID())
			err = s.cluster.Update(s.ctx, o)
		} else {
			err = s.cluster.Create(s.ctx, o)
		}
		if err != nil {
			s.Fatal(err)
		}
	}
}

func (s *scene) remove(o client.Object) {
	s.Helper()
	if err := s.cluster.Delete(s.ctx, o); err != nil {
		s.Fatal(err)
	}
}

// relays makes the relay's replicas.
func (s *scene) relays(addresses ...string) {
	s.Helper()
	slice := &discoveryv1.EndpointSlice{
		ObjectMeta: metav1.ObjectMeta{
			Namespace: "ebb-system", Name: "ebb-relay-x", Labels: map[string]string{discoveryv1.LabelServiceName: "ebb-relay"},
		},
		AddressType: discoveryv1.AddressTypeIPv4,
	}
	for _, a := range addresses {
		slice.Endpoints = append(slice.Endpoints, discoveryv1.Endpoint{Addresses: []string{a}})
	}
	s.apply(slice)
}

// revision is a revision's Services with pods from..to-1. It may be there.
func (s *scene) revision(name string, from, to int) {
	s.Helper()
	port := corev1.ServicePort{Name: "http", Port: 80}
	if err := s.cluster.Get(s.ctx, types.NamespacedName{Namespace: "default", Name: name}, &corev1.Service{}); err != nil {
		for service, kind := range map[string]string{name: backend.ServiceTypePublic, name + "-private": backend.ServiceTypePrivate} {
			labels := map[string]string{backend.RevisionLabel: name, backend.ServiceTypeLabel: kind}
			s.apply(&corev1.Service{ObjectMeta: metav1.ObjectMeta{Namespace: "default", Name: service, Labels: labels}, Spec: corev1.ServiceSpec{Ports: []corev1.ServicePort{port}}})
		}
	}
	var list []int
	for i := from; i < to; i++ {
		list = append(list, i)
	}
	s.pods(name, list...)
}

// pods lists the ready pods of a revision, which are made if they are not
// there.
func (s *scene) pods(revision string, list ...int) {
	s.Helper()
	slice := &discoveryv1.EndpointSlice{
		ObjectMeta: metav1.ObjectMeta{Namespace: "default", Name: revision + "-private-x", Labels: map[string]string{
			discoveryv1.LabelServiceName: revision + "-private", backend.RevisionLabel: revision, backend.ServiceTypeLabel: backend.ServiceTypePrivate,
		}},
		AddressType: discoveryv1.AddressTypeIPv4,
		Ports:       []discoveryv1.EndpointPort{{Name: new("http"), Port: new(int32(8012))}},
	}
	for _, i := range list {
		pod := podOfNumber(i)
		if err := s.cluster.Get(s.ctx, client.ObjectKeyFromObject(pod), &corev1.Pod{}); err != nil {
			s.apply(pod)
		}
		slice.Endpoints = append(slice.Endpoints, discoveryv1.Endpoint{
			Addresses: []string{podIP(i)}, TargetRef: &corev1.ObjectReference{Kind: "Pod", Namespace: "default", Name: pod.Name},
		})
	}
	s.apply(slice)
	if s.running {
		s.seen(revision, len(list))
	}
}

// seen waits until the caches have the pods of a revision: what an Ingress
// asks for next is there then, as it is when Knative makes it.
func (s *scene) seen(revision string, pods int) {
	s.Helper()
	s.eventually("the caches have "+revision, func() (string, string) {
		list, err := s.gateway.Backends.Pods(s.ctx, types.NamespacedName{Namespace: "default", Name: revision}, intstr.FromInt32(80))
		return fmt.Sprint(len(list), err), fmt.Sprint(pods, nil)
	})
}

// podOfNumber tells its network interface when its number is even, as pods of
// the virtual node do; the others have to be asked for.
func podOfNumber(i int) *corev1.Pod {
	pod := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Namespace: "default", Name: fmt.Sprint("p", i)}}
	if i%2 == 0 {
		pod.Annotations = map[string]string{annotationENI: fmt.Sprint("eni-", i)}
	}
	return pod
}

// knative is an Ingress as a Route makes it: a host on the internet and three
// in the cluster. Splits are like "v1=30 v2=70".
func knative(name, splits string) *v1alpha1.Ingress {
	ing := &v1alpha1.Ingress{ObjectMeta: metav1.ObjectMeta{
		Namespace: "default", Name: name, UID: types.UID("uid-" + name), Generation: 1,
		CreationTimestamp: metav1.Time{Time: today},
		Annotations:       map[string]string{networking.IngressClassAnnotationKey: ingress.Class},
	}}
	for v, hosts := range map[v1alpha1.IngressVisibility][]string{
		v1alpha1.IngressVisibilityExternalIP:   {name + ".default.example.com"},
		v1alpha1.IngressVisibilityClusterLocal: {name + ".default", name + ".default.svc", name + ".default.svc.cluster.local"},
	} {
		ing.Spec.Rules = append(ing.Spec.Rules, v1alpha1.IngressRule{
			Hosts: hosts, Visibility: v, HTTP: &v1alpha1.HTTPIngressRuleValue{Paths: []v1alpha1.HTTPIngressPath{{Splits: backendsOf(splits)}}},
		})
	}
	slices.SortFunc(ing.Spec.Rules, func(a, b v1alpha1.IngressRule) int { return len(a.Hosts) - len(b.Hosts) })
	return ing
}

func backendsOf(splits string) (out []v1alpha1.IngressBackendSplit) {
	for _, s := range splitsOf(splits) {
		out = append(out, v1alpha1.IngressBackendSplit{
			IngressBackend: v1alpha1.IngressBackend{ServiceNamespace: "default", ServiceName: s.Service.Name, ServicePort: s.Port}, Percent: s.Percent,
			AppendHeaders: map[string]string{"Knative-Serving-Revision": s.Service.Name, "Knative-Serving-Namespace": "default"},
		})
	}
	return out
}

// change edits an Ingress; a new spec is a new generation.
func (s *scene) change(name string, edit func(*v1alpha1.Ingress)) *v1alpha1.Ingress {
	s.Helper()
	ing := s.get(name)
	edit(ing)
	ing.Generation++
	if err := s.cluster.Update(s.ctx, ing); err != nil {
		s.Fatal(err)
	}
	return ing
}

func (s *scene) get(name string) *v1alpha1.Ingress {
	s.Helper()
	ing := &v1alpha1.Ingress{}
	if err := s.cluster.Get(s.ctx, types.NamespacedName{Namespace: "default", Name: name}, ing); err != nil {
		s.Fatal(err)
	}
	return ing
}

// eventually waits until what a function says is wanted.
func (s *scene) eventually(what string, look func() (got, want string)) {
	s.Helper()
	deadline := time.Now().Add(patience)
	for {
		got, want := look()
		if got == want {
			return
		}
		if time.Now().After(deadline) {
			s.Fatalf("%s:\n got %s\nwant %s\n%s\n%s", what, got, want, tail(s.events.String()), tail(s.log.String()))
		}
		time.Sleep(2 * time.Millisecond) // between two looks
	}
}

// tail is the end of a log.
func tail(text string) string { return text[max(0, len(text)-3000):] }

// ready waits until Ingresses are.
func (s *scene) ready(names ...string) {
	s.Helper()
	for _, name := range names {
		s.eventually(name+" is ready", func() (string, string) {
			ing := s.get(name)
			if ing.IsReady() {
				return "ready", "ready"
			}
			return fmt.Sprint(ing.Status.Conditions), "ready"
		})
	}
}

// actual is what is on a load balancer. While it is written to a reading may
// fail, since it takes several calls.
func (s *scene) actual(name string) (a slb.Actual) {
	s.Helper()
	owner := slb.Owner{Prefix: ownerPrefix, Cluster: s.config.Cluster, LoadBalancer: name}
	s.eventually("load balancer "+name+" can be read", func() (string, string) {
		found, err := s.slb.InstancesByTags(s.ctx, map[string]string{"ebb-load-balancer": name})
		if err != nil || len(found) != 1 {
			return fmt.Sprintf("%d, %v", len(found), err), "it"
		}
		if a, err = s.slb.Read(s.ctx, owner, found[0].ID); err != nil {
			return err.Error(), "it"
		}
		return "it", "it"
	})
	return a
}

// picture shows the rules of a load balancer with the members that they lead
// to.
func picture(a slb.Actual) string {
	var lines []string
	members := map[string]string{}
	for _, g := range a.Groups {
		list := show(g.Members)
		slices.Sort(list)
		members[g.ID] = strings.Join(list, " ")
	}
	for _, l := range a.Listeners {
		if l.Status != "running" {
			lines = append(lines, fmt.Sprintf("%s:%d %s", l.Protocol, l.Port, l.Status))
		}
		for _, r := range l.Rules {
			lines = append(lines, fmt.Sprintf("%s %s%s -> %s", l.Protocol, r.Domain, r.URL, members[r.GroupID]))
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// looks waits until a load balancer's picture is as wanted.
func (s *scene) looks(name string, want ...string) {
	s.Helper()
	slices.Sort(want)
	s.eventually("load balancer "+name, func() (string, string) { return picture(s.actual(name)), strings.Join(want, "\n") })
}

// writes are the calls since the last reset that change something.
func (s *scene) writes() (n int, by map[string]int) {
	by = map[string]int{}
	for action, codes := range s.cloud.Counts() {
		if strings.HasPrefix(action, "Describe") {
			continue
		}
		for _, count := range codes {
			n += count
			by[action] += count
		}
	}
	return n, by
}
