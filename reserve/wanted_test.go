package reserve

import (
	"strings"
	"testing"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	netv1alpha1 "knative.dev/networking/pkg/apis/networking/v1alpha1"
	"knative.dev/pkg/apis"
	duckv1 "knative.dev/pkg/apis/duck/v1"
	"knative.dev/serving/pkg/apis/autoscaling"
	"knative.dev/serving/pkg/apis/autoscaling/v1alpha1"
	"knative.dev/serving/pkg/apis/serving"
	servingv1 "knative.dev/serving/pkg/apis/serving/v1"

	"github.com/ebb-node/ebb/reserve/settings"
	"github.com/ebb-node/ebb/reserve/shape"
)

// annotated sets an annotation of the Revision.
func annotated(key, value string) func(*world) {
	return func(w *world) {
		edit(w, coffee.Name, func(r *servingv1.Revision) { r.Annotations[key] = value })
	}
}

// routing changes what the Route says.
func routing(change func(*servingv1.TrafficTarget)) func(*world) {
	return func(w *world) {
		edit(w, "coffee", func(r *servingv1.Route) { change(&r.Status.Traffic[0]) })
	}
}

func zeroPercent(t *servingv1.TrafficTarget) { *t.Percent = 0; t.Tag = "old" }

func both(a, b func(*world)) func(*world) { return func(w *world) { a(w); b(w) } }

func TestWhoHasAReserve(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*world)
		why    string // "": it has one
	}{
		"by default":          {func(*world) {}, ""},
		"asked for":           {annotated(settings.AnnotationReserve, "enable"), ""},
		"not wanted":          {annotated(settings.AnnotationReserve, "disable"), "says disable"},
		"not understood":      {annotated(settings.AnnotationReserve, "true"), "not valid"},
		"a spec that is none": {annotated(settings.AnnotationSpecs, "tiny"), "not valid"},
		"opt-in, asked for":   {both(func(w *world) { w.OptIn = true }, annotated(settings.AnnotationReserve, "enable")), ""},
		"opt-in, not asked":   {func(w *world) { w.OptIn = true }, "does not say enable"},
		"min-scale 0":         {annotated(autoscaling.MinScaleAnnotationKey, "0"), ""},
		"min-scale 1":         {annotated(autoscaling.MinScaleAnnotationKey, "1"), "min-scale is 1"},
		"min-scale, old key":  {annotated("autoscaling.knative.dev/minScale", "2"), "min-scale is 2"},
		"Knative's class":     {annotated(autoscaling.ClassAnnotationKey, autoscaling.KPA), ""},
		"another class":       {annotated(autoscaling.ClassAnnotationKey, autoscaling.HPA), "hpa.autoscaling"},
		"no traffic":          {routing(func(t *servingv1.TrafficTarget) { t.RevisionName = "coffee-00002" }), "no route sends it"},
		"0 percent":           {routing(zeroPercent), "no route sends it"},
		"only a tag":          {routing(func(t *servingv1.TrafficTarget) { t.Percent, t.Tag = nil, "old" }), "no route sends it"},
		"tagged too":          {both(routing(zeroPercent), func(w *world) { w.TaggedToo = true }), ""},
		"retired": {func(w *world) {
			edit(w, coffee.Name, func(r *servingv1.Revision) {
				r.Labels[serving.RoutingStateLabelKey] = string(servingv1.RoutingStateReserve)
			})
		}, "no route names it"},
		"unreachable because its pods fail": {func(w *world) {
			edit(w, coffee.Name, func(p *v1alpha1.PodAutoscaler) { p.Spec.Reachability = v1alpha1.ReachabilityUnreachable })
		}, ""},
		"never ready": {func(w *world) {
			edit(w, coffee.Name, func(p *v1alpha1.PodAutoscaler) { p.Status = v1alpha1.PodAutoscalerStatus{} })
		}, "never been ready"},
		"no autoscaler yet": {func(w *world) {
			if err := w.client.Delete(w.Context(), &v1alpha1.PodAutoscaler{ObjectMeta: metav1.ObjectMeta{Name: coffee.Name, Namespace: coffee.Namespace}}); err != nil {
				w.Fatal(err)
			}
		}, "never been ready"},
		"a GPU":                   {func(w *world) { withGPU(w) }, "nvidia.com/gpu"},
		"a GPU on ordinary nodes": {both(func(w *world) { withGPU(w) }, annotated(settings.AnnotationType, "ecs")), ""},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			c.change(w)
			s, err := w.look(t.Context(), coffee)
			if err != nil {
				t.Fatal(err)
			}
			why := w.off(s)
			if (why == "") != (c.why == "") || !strings.Contains(why, c.why) {
				t.Errorf("it has none because %q; want %q", why, c.why)
			}
			w.reconcile()
			if got := w.reserve() != nil; got != (c.why == "") {
				t.Errorf("a reserve Deployment exists: %t", got)
			}
		})
	}
}

func withGPU(w *world) {
	edit(w, coffee.Name+"-deployment", func(d *appsv1.Deployment) {
		d.Spec.Template.Spec.Containers[0].Resources.Limits = corev1.ResourceList{"nvidia.com/gpu": resource.MustParse("1")}
	})
}

func TestARetiredRevisionLosesItsReserve(t *testing.T) {
	w := idleReserve(t)
	edit(w, coffee.Name, func(r *servingv1.Revision) { r.Annotations["autoscaling.knative.dev/target"] = "10" })
	routing(zeroPercent)(w)
	w.reconcile()
	w.leaves(ReasonOff)
}

// leaves checks that the reserve gets no more requests, finishes what it has, and is
// then gone.
func (w *world) leaves(events ...string) {
	w.Helper()
	w.expect("Off", 1, w.gate(), events...)
	if pod := w.pods()[0]; shape.Attached(&pod) {
		w.Error("the reserve still gets requests")
	}
	if again := w.reconcile(); again != time.Second {
		w.Errorf("looks again after %v, want each second while the reserve finishes", again)
	}
	w.clock.Step(5 * time.Minute)
	w.reconcile()
	if w.reserve() != nil {
		w.Error("the reserve Deployment is still there")
	}
	w.reconcile()
	if got := w.events(); len(got) > 0 {
		w.Errorf("told again: %v", got)
	}
}

// stays checks that the reserve goes on answering.
func (w *world) stays(state string, events ...string) {
	w.Helper()
	w.expect(state, 1, w.gate(), events...)
	if pod := w.pods()[0]; !shape.Attached(&pod) {
		w.Error("the reserve gets no more requests, and nobody else is there")
	}
}

// A Route that moves away says so before load balancers have followed.
func TestAReserveStaysUntilTheRouteHasMoved(t *testing.T) {
	w := idleReserve(t)
	edit(w, coffee.Name, func(r *servingv1.Revision) { r.Annotations[serving.RoutesAnnotationKey] = "coffee" })
	routing(func(t *servingv1.TrafficTarget) { t.RevisionName = "coffee-00002" })(w)
	edit(w, "coffee", func(r *servingv1.Route) {
		r.Status.InitializeConditions()
		r.Status.MarkIngressNotConfigured()
	})
	w.reconcile()
	w.stays("Reserved")

	edit(w, "coffee", func(r *servingv1.Route) {
		r.Status.MarkTrafficAssigned()
		r.Status.MarkTLSNotEnabled("")
		r.Status.PropagateIngressStatus(netv1alpha1.IngressStatus{Status: duckv1.Status{Conditions: duckv1.Conditions{{Type: apis.ConditionReady, Status: corev1.ConditionTrue}}}})
		r.Generation = 2 // which nobody has observed
	})
	w.reconcile()
	w.stays("Reserved")

	edit(w, "coffee", func(r *servingv1.Route) { r.Status.ObservedGeneration = r.Generation })
	w.reconcile()
	w.leaves(ReasonOff)
}

// The reserve answers until a standard pod does, whoever turns it off.
func TestTurnedOffWithAMinScale(t *testing.T) {
	w := idleReserve(t)
	annotated(autoscaling.MinScaleAnnotationKey, "1")(w)
	w.reconcile()
	w.stays("Off", ReasonOff)
	w.knative(activating, 1, 1, 0)
	w.reconcile()
	w.stays("Off")
	w.knative(active, 1, 1, 1)
	w.reconcile()
	w.leaves()
}

func TestTurnedOffByAWrongAnnotation(t *testing.T) {
	w := idleReserve(t)
	w.knative(activating, 1, 1, 0)
	w.reconcile()
	w.stays("Activating", ReasonActivating)
	annotated(settings.AnnotationReplicas, "many")(w)
	w.reconcile()
	w.stays("Off", ReasonOff, ReasonInvalid)
	w.knative(active, 1, 1, 1)
	w.reconcile()
	w.leaves()
}

func TestTurnedOffAndOnAgain(t *testing.T) {
	w := idleReserve(t)
	annotated(settings.AnnotationReserve, "disable")(w)
	w.reconcile()
	w.expect("Off", 1, "", ReasonOff)
	annotated(settings.AnnotationReserve, "enable")(w)
	w.reconcile()
	w.expect("Arming", 2, "", ReasonArming)
}

func TestWrongAnnotationsAreToldOnce(t *testing.T) {
	w := newWorld(t, func(r *servingv1.Revision) { r.Annotations[settings.AnnotationReplicas] = "many" })
	w.reconcile()
	w.reconcile()
	if got := w.events(); len(got) != 1 || got[0] != ReasonInvalid {
		t.Errorf("events %v, want one %s", got, ReasonInvalid)
	}
	annotated(settings.AnnotationReplicas, "2")(w)
	w.reconcile()
	w.expect("Active", 0, closed)
}

func TestEachRevisionHasItsOwn(t *testing.T) {
	w := idleReserve(t)
	second := revision()
	second.Name, second.UID = "coffee-00002", "uid-2"
	w.create(second, scaler(second), standard(second), route("other", second.Name, 30))
	if got := routed(t.Context(), route("other", second.Name, 30)); len(got) != 1 || got[0].Name != second.Name {
		t.Errorf("a Route concerns %v, want the revision that it names", got)
	}
	s, err := w.look(t.Context(), named(coffee, second.Name))
	if err != nil {
		t.Fatal(err)
	}
	if why := w.off(s); why != "" || len(s.pods) > 0 {
		t.Errorf("the second revision has %d pods and none because %q; want a reserve of its own", len(s.pods), why)
	}
}
