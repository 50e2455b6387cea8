package reserve

import (
	"context"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/sirupsen/logrus"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/tools/record"
	clocktesting "k8s.io/utils/clock/testing"
	"knative.dev/pkg/apis"
	"knative.dev/serving/pkg/apis/autoscaling/v1alpha1"
	"knative.dev/serving/pkg/apis/serving"
	servingv1 "knative.dev/serving/pkg/apis/serving/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"github.com/ebb-node/ebb/instancespecs"
	"github.com/ebb-node/ebb/reserve/report"
	"github.com/ebb-node/ebb/reserve/retention"
	"github.com/ebb-node/ebb/reserve/shape"
)

var (
	start  = time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)
	coffee = types.NamespacedName{Namespace: "default", Name: "coffee-00001"}
)

// world is an API server with one revision, and a reconciler beside it. The test
// plays Knative and Kubernetes.
type world struct {
	*testing.T
	*reconciler
	clock    *clocktesting.FakeClock
	recorder *record.FakeRecorder
	seen     *seen
	writes   map[string]int // by verb and kind
	refuse   func(verb string, o client.Object) error
	made     int
}

// seen plays the reporter.
type seen struct {
	targets    map[types.NamespacedName]report.Target
	unreported time.Duration
	views      map[string]report.View
}

func (s *seen) Set(key types.NamespacedName, t report.Target) { s.targets[key] = t }
func (s *seen) View(_ types.NamespacedName, pod string) report.View {
	return s.views[pod]
}
func (s *seen) Unreported() time.Duration { return s.unreported }

func newWorld(t *testing.T, changes ...func(*servingv1.Revision)) *world {
	t.Helper()
	t.Parallel()
	market, err := instancespecs.DefaultMarket("CNY")
	if err != nil {
		t.Fatal(err)
	}
	w := &world{
		T: t, clock: clocktesting.NewFakeClock(start), recorder: record.NewFakeRecorder(100), writes: map[string]int{},
		seen: &seen{targets: map[types.NamespacedName]report.Target{}, views: map[string]report.View{}},
	}
	log := logrus.New()
	log.SetOutput(io.Discard)
	w.reconciler = &reconciler{
		Config: Config{
			Market: func() *instancespecs.Market { return market }, Region: "cn-hangzhou", Untainted: true,
			Recorder: w.recorder, Clock: w.clock, Log: log,
		},
		client: w.server(), reports: w.seen, metrics: newMetrics(w.clock), told: newTold(),
	}
	w.Config.complete()
	revision := revision()
	for _, c := range changes {
		c(revision)
	}
	w.create(revision, scaler(revision), standard(revision), route("coffee", coffee.Name, 100))
	return w
}

// server is a fake API server that counts writes and can refuse them.
func (w *world) server() client.Client {
	note := func(verb string, o client.Object) error {
		if w.refuse != nil {
			if err := w.refuse(verb, o); err != nil {
				return err
			}
		}
		w.writes[fmt.Sprintf("%s %T", verb, o)]++
		return nil
	}
	return fake.NewClientBuilder().WithScheme(scheme).WithInterceptorFuncs(interceptor.Funcs{
		Create: func(ctx context.Context, c client.WithWatch, o client.Object, opts ...client.CreateOption) error {
			if err := note("create", o); err != nil {
				return err
			}
			return c.Create(ctx, o, opts...)
		},
		Update: func(ctx context.Context, c client.WithWatch, o client.Object, opts ...client.UpdateOption) error {
			if err := note("update", o); err != nil {
				return err
			}
			return c.Update(ctx, o, opts...)
		},
		Patch: func(ctx context.Context, c client.WithWatch, o client.Object, p client.Patch, opts ...client.PatchOption) error {
			if err := note("patch", o); err != nil {
				return err
			}
			return c.Patch(ctx, o, p, opts...)
		},
		Delete: func(ctx context.Context, c client.WithWatch, o client.Object, opts ...client.DeleteOption) error {
			if err := note("delete", o); err != nil {
				return err
			}
			return c.Delete(ctx, o, opts...)
		},
	}).Build()
}

func revision() *servingv1.Revision {
	return &servingv1.Revision{ObjectMeta: metav1.ObjectMeta{
		Name: coffee.Name, Namespace: coffee.Namespace, UID: "uid-1",
		Labels:      map[string]string{serving.RoutingStateLabelKey: string(servingv1.RoutingStateActive), serving.ServiceLabelKey: "coffee"},
		Annotations: map[string]string{},
	}}
}

func scaler(of *servingv1.Revision) *v1alpha1.PodAutoscaler {
	pa := &v1alpha1.PodAutoscaler{ObjectMeta: metav1.ObjectMeta{Name: of.Name, Namespace: of.Namespace, Annotations: map[string]string{}}}
	pa.Status.InitializeConditions()
	pa.Status.MarkActive()
	pa.Status.MarkScaleTargetInitialized()
	one := int32(1)
	pa.Status.DesiredScale = &one
	return pa
}

func standard(of *servingv1.Revision) *appsv1.Deployment {
	labels := map[string]string{"app": of.Name, serving.RevisionLabelKey: of.Name, serving.RevisionUID: string(of.UID)}
	one := int32(1)
	return &appsv1.Deployment{
		ObjectMeta: metav1.ObjectMeta{
			Name: of.Name + "-deployment", Namespace: of.Namespace, Labels: labels,
			OwnerReferences: []metav1.OwnerReference{{APIVersion: "serving.knative.dev/v1", Kind: "Revision", Name: of.Name, UID: of.UID}},
		},
		Spec: appsv1.DeploymentSpec{
			Replicas: &one,
			Template: corev1.PodTemplateSpec{
				ObjectMeta: metav1.ObjectMeta{Labels: labels, Annotations: map[string]string{}},
				Spec: corev1.PodSpec{Containers: []corev1.Container{
					{Name: "user-container", Image: "coffee", Ports: []corev1.ContainerPort{{ContainerPort: 8080}}},
					{Name: "queue-proxy", Image: "queue"},
				}},
			},
		},
		Status: appsv1.DeploymentStatus{ReadyReplicas: 1},
	}
}

func route(name, revision string, percent int64) *servingv1.Route {
	return &servingv1.Route{
		ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: coffee.Namespace},
		Status: servingv1.RouteStatus{RouteStatusFields: servingv1.RouteStatusFields{
			Traffic: []servingv1.TrafficTarget{{RevisionName: revision, Percent: &percent}},
		}},
	}
}

func (w *world) create(objects ...client.Object) {
	w.Helper()
	for _, o := range objects {
		if err := w.client.Create(w.Context(), o); err != nil {
			w.Fatal(err)
		}
	}
	clear(w.writes)
}

// reconcile lets the reconciler look, and returns when it wants to look again.
func (w *world) reconcile() time.Duration {
	w.Helper()
	result, err := w.Reconcile(w.Context(), reconcile.Request{NamespacedName: coffee})
	if err != nil {
		w.Fatal(err)
	}
	return result.RequeueAfter
}

// edit changes an object as somebody else would.
func edit[T any, P interface {
	*T
	client.Object
}](w *world, name string, change func(P)) {
	w.Helper()
	object := P(new(T))
	if err := w.client.Get(w.Context(), named(coffee, name), object); err != nil {
		w.Fatal(err)
	}
	if object.GetAnnotations() == nil {
		object.SetAnnotations(map[string]string{}) // which do not survive being empty
	}
	change(object)
	status := P(object).DeepCopyObject().(P)
	if err := w.client.Update(w.Context(), object); err != nil {
		w.Fatal(err)
	}
	status.SetResourceVersion(object.GetResourceVersion())
	if err := w.client.Status().Update(w.Context(), status); client.IgnoreNotFound(err) != nil {
		w.Fatal(err) // Knative's kinds have their status in the object here
	}
	clear(w.writes)
}

// knative brings the autoscaler up to date: its annotations, its activity, and the
// standard Deployment.
func (w *world) knative(mark func(*v1alpha1.PodAutoscalerStatus), desired, replicas, ready int32) {
	w.Helper()
	edit(w, coffee.Name, func(pa *v1alpha1.PodAutoscaler) {
		delete(pa.Annotations, retention.Key)
		if v := w.revision().Annotations[retention.Key]; v != "" {
			pa.Annotations = map[string]string{retention.Key: v}
		}
		mark(&pa.Status)
		for i := range pa.Status.Conditions {
			pa.Status.Conditions[i].LastTransitionTime = apis.VolatileTime{Inner: metav1.NewTime(w.clock.Now())}
		}
		pa.Status.DesiredScale = &desired
	})
	edit(w, coffee.Name+"-deployment", func(d *appsv1.Deployment) {
		d.Spec.Replicas, d.Status.ReadyReplicas = &replicas, ready
	})
}

func idle(s *v1alpha1.PodAutoscalerStatus)       { s.MarkInactive("NoTraffic", "") }
func activating(s *v1alpha1.PodAutoscalerStatus) { s.MarkActivating("Queued", "") }
func active(s *v1alpha1.PodAutoscalerStatus)     { s.MarkActive() }

// kubernetes brings the reserve's pods to their number: new ones are pending, of
// surplus ones the detached go first.
func (w *world) kubernetes() {
	w.Helper()
	d := w.reserve()
	if d == nil {
		return
	}
	pods := w.pods()
	for range int(*d.Spec.Replicas) - len(pods) {
		w.made++
		pod := &corev1.Pod{ObjectMeta: *d.Spec.Template.ObjectMeta.DeepCopy(), Spec: d.Spec.Template.Spec}
		pod.Name, pod.Namespace = fmt.Sprintf("reserve-%d", w.made), coffee.Namespace
		pod.CreationTimestamp, pod.UID = metav1.NewTime(w.clock.Now()), types.UID(pod.Name)
		pod.Status.Phase = corev1.PodPending
		w.create(pod)
	}
	for i := len(pods) - 1; i >= 0 && len(pods) > int(*d.Spec.Replicas); i-- {
		if !shape.Attached(&pods[i]) || *d.Spec.Replicas == 0 {
			if err := w.client.Delete(w.Context(), &pods[i]); err != nil {
				w.Fatal(err)
			}
			pods = append(pods[:i], pods[i+1:]...)
		}
	}
	clear(w.writes)
}

// ready lets a reserve pod become ready on an instance.
func (w *world) ready(pod, spec string) {
	w.Helper()
	edit(w, pod, func(p *corev1.Pod) {
		p.Annotations[annotationSpec] = spec
		p.Status.Phase, p.Status.PodIP = corev1.PodRunning, "10.0.0.9"
		setCondition(p, corev1.PodReady, corev1.ConditionTrue, "", w.clock.Now())
	})
}

func setCondition(p *corev1.Pod, kind corev1.PodConditionType, status corev1.ConditionStatus, reason string, at time.Time) {
	p.Status.Conditions = append(p.Status.Conditions, corev1.PodCondition{
		Type: kind, Status: status, Reason: reason, LastTransitionTime: metav1.NewTime(at),
	})
}

func (w *world) pods() []corev1.Pod {
	w.Helper()
	list := &corev1.PodList{}
	if err := w.client.List(w.Context(), list); err != nil {
		w.Fatal(err)
	}
	return list.Items
}

// reserve is the reserve Deployment; nil if there is none.
func (w *world) reserve() *appsv1.Deployment {
	w.Helper()
	d, err := get[appsv1.Deployment](w.Context(), w.reconciler, named(coffee, shape.Name(coffee.Name)))
	if err != nil {
		w.Fatal(err)
	}
	return d
}

func (w *world) revision() *servingv1.Revision {
	w.Helper()
	rev, err := get[servingv1.Revision](w.Context(), w.reconciler, coffee)
	if err != nil {
		w.Fatal(err)
	}
	return rev
}

// gate is the retention period on the Revision.
func (w *world) gate() string { return w.revision().Annotations[retention.Key] }

// events are the reasons of those since the last call.
func (w *world) events() []string {
	var out []string
	for {
		select {
		case e := <-w.recorder.Events:
			out = append(out, strings.Fields(e)[1])
		default:
			return out
		}
	}
}

// expect checks what people can see.
func (w *world) expect(state string, replicas int, gate string, events ...string) {
	w.Helper()
	d := w.reserve()
	if d == nil {
		w.Fatal("there is no reserve Deployment")
	}
	if got, _, _ := strings.Cut(d.Annotations["ebb-node.github.io/reserve-state"], ","); got != state {
		w.Errorf("state %q, want %q", got, state)
	}
	if got := int(*d.Spec.Replicas); got != replicas {
		w.Errorf("%d replicas, want %d", got, replicas)
	}
	if got := w.gate(); got != gate {
		w.Errorf("gate %q, want %q", got, gate)
	}
	if got := w.events(); strings.Join(got, " ") != strings.Join(events, " ") {
		w.Errorf("events %v, want %v", got, events)
	}
}

// busy lets a pod have had a request.
func (w *world) busy(pod string) {
	w.Helper()
	view := report.View{BusySince: w.clock.Now(), First: report.Load{Requests: 2, Seconds: 0.012}}
	view.Asked[len(view.Asked)-1] = w.clock.Now()
	w.seen.views[pod] = view
}
