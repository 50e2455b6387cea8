package reserve

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"knative.dev/serving/pkg/apis/autoscaling/v1alpha1"
	servingv1 "knative.dev/serving/pkg/apis/serving/v1"

	"github.com/ebb-node/ebb/reserve/decide"
	"github.com/ebb-node/ebb/reserve/shape"
)

func TestObservePod(t *testing.T) {
	w := newWorld(t)
	base := decide.Pod{Name: "reserve-1", Created: start, Since: start, Attached: true}
	changed := func(change func(*decide.Pod)) decide.Pod {
		p := base
		change(&p)
		return p
	}
	waiting := func(reason string) corev1.ContainerState {
		return corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{Reason: reason}}
	}
	for name, c := range map[string]struct {
		change func(*corev1.Pod)
		want   decide.Pod
	}{
		"new": {func(*corev1.Pod) {}, base},
		"ready": {func(p *corev1.Pod) {
			setCondition(p, corev1.PodReady, corev1.ConditionTrue, "", start.Add(time.Minute))
		}, changed(func(p *decide.Pod) { p.Ready, p.Since = true, start.Add(time.Minute) })},
		"not ready any more": {func(p *corev1.Pod) {
			setCondition(p, corev1.PodReady, corev1.ConditionFalse, "", start.Add(time.Hour))
		}, changed(func(p *decide.Pod) { p.Since = start.Add(time.Hour) })},
		"detached": {func(p *corev1.Pod) { shape.Detach(p, start.Add(time.Hour)) }, changed(func(p *decide.Pod) {
			p.Attached, p.DetachedAt = false, start.Add(time.Hour)
		})},
		"counted": {func(p *corev1.Pod) { shape.Count(p, coffee.Name) }, changed(func(p *decide.Pod) { p.Counted = true })},
		"deleted": {func(p *corev1.Pod) { p.DeletionTimestamp = &metav1.Time{Time: start} }, changed(func(p *decide.Pod) { p.Deleting = true })},
		"failed":  {func(p *corev1.Pod) { p.Status.Phase = corev1.PodFailed }, changed(func(p *decide.Pod) { p.Ended = true })},
		"ended":   {func(p *corev1.Pod) { p.Status.Phase = corev1.PodSucceeded }, changed(func(p *decide.Pod) { p.Ended = true })},
		"restarted": {func(p *corev1.Pod) {
			p.Status.ContainerStatuses = []corev1.ContainerStatus{{RestartCount: 1}}
		}, changed(func(p *decide.Pod) { p.Restarted = true })},
		"crashing": {func(p *corev1.Pod) {
			p.Status.ContainerStatuses = []corev1.ContainerStatus{{RestartCount: 3, State: waiting("CrashLoopBackOff")}}
		}, changed(func(p *decide.Pod) { p.Restarted, p.Crashing = true, true })},
		"pulling": {func(p *corev1.Pod) {
			p.Status.ContainerStatuses = []corev1.ContainerStatus{{State: waiting("ContainerCreating")}}
		}, base},
		"no node": {func(p *corev1.Pod) {
			setCondition(p, corev1.PodScheduled, corev1.ConditionFalse, "Unschedulable", start)
		}, changed(func(p *decide.Pod) { p.Unschedulable = true })},
		"credits": {func(p *corev1.Pod) { p.Annotations[annotationCredits] = "balance=2.0,cap=288,level=low,at=x" }, changed(func(p *decide.Pod) { p.CreditsLow = true })},
	} {
		t.Run(name, func(t *testing.T) {
			pod := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{
				Name: "reserve-1", CreationTimestamp: metav1.NewTime(start), Annotations: map[string]string{},
				Labels: map[string]string{shape.LabelReserve: "uid-1", "serving.knative.dev/revisionUID": "uid-1"},
			}}
			c.change(pod)
			if diff := cmp.Diff(c.want, w.observePod(&scene{revision: revision()}, pod)); diff != "" {
				t.Errorf("wrong observation (-want +got):\n%s", diff)
			}
		})
	}
}

func TestObserveScaler(t *testing.T) {
	for name, c := range map[string]struct {
		mark func(*v1alpha1.PodAutoscalerStatus)
		want decide.Scaler
	}{
		"active":     {active, decide.Scaler{Activity: decide.Serving, Desired: 1}},
		"activating": {activating, decide.Scaler{Activity: decide.Activation, Desired: 1}},
		"idle":       {idle, decide.Scaler{Activity: decide.Idle, Desired: 1}},
		"given up":   {func(s *v1alpha1.PodAutoscalerStatus) { s.MarkInactive("TimedOut", "") }, decide.Scaler{Activity: decide.Idle, TimedOut: true, Desired: 1}},
		"no word":    {func(s *v1alpha1.PodAutoscalerStatus) { *s = v1alpha1.PodAutoscalerStatus{} }, decide.Scaler{Activity: decide.Activation, Desired: -1}},
	} {
		pa := scaler(revision())
		c.mark(&pa.Status)
		got := scalerOf(pa)
		got.Since = time.Time{}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestRequestTimeout(t *testing.T) {
	rev := revision()
	if got := timeout(rev); got != 5*time.Minute {
		t.Errorf("timeout %v, want Knative's default", got)
	}
	seconds := int64(30)
	rev.Spec = servingv1.RevisionSpec{TimeoutSeconds: &seconds}
	if got := timeout(rev); got != 30*time.Second {
		t.Errorf("timeout %v, want 30 s", got)
	}
}

func TestAutoscalerAddresses(t *testing.T) {
	yes, no := true, false
	port := func(name string, number int32) discoveryv1.EndpointPort {
		return discoveryv1.EndpointPort{Name: &name, Port: &number}
	}
	endpoint := func(ready *bool, addresses ...string) discoveryv1.Endpoint {
		return discoveryv1.Endpoint{Addresses: addresses, Conditions: discoveryv1.EndpointConditions{Ready: ready}}
	}
	got := addressesOf([]discoveryv1.EndpointSlice{
		{
			Ports:     []discoveryv1.EndpointPort{port("http-metrics", 9090), port("http", 8080)},
			Endpoints: []discoveryv1.Endpoint{endpoint(&yes, "10.0.0.1"), endpoint(&no, "10.0.0.2"), endpoint(nil, "fd00::3")},
		},
		{Ports: []discoveryv1.EndpointPort{port("http-metrics", 9090)}, Endpoints: []discoveryv1.Endpoint{endpoint(&yes, "10.0.0.4")}},
	})
	if diff := cmp.Diff([]string{"10.0.0.1:8080", "[fd00::3]:8080"}, got); diff != "" {
		t.Errorf("wrong addresses (-want +got):\n%s", diff)
	}
}
