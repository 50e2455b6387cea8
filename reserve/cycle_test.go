package reserve

import (
	"errors"
	"strings"
	"testing"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"knative.dev/serving/pkg/apis/serving"
	servingv1 "knative.dev/serving/pkg/apis/serving/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"github.com/ebb-node/ebb/reserve/report"
	"github.com/ebb-node/ebb/reserve/retention"
	"github.com/ebb-node/ebb/reserve/shape"
)

const closed = "600s0h"

// settle lets both sides act until nothing changes.
func (w *world) settle() {
	w.Helper()
	w.reconcile()
	w.kubernetes()
	w.reconcile()
}

// idleReserve brings a world to the state Reserved.
func idleReserve(t *testing.T, changes ...func(*servingv1.Revision)) *world {
	t.Helper()
	w := newWorld(t, changes...)
	w.settle()
	w.knative(idle, 0, 1, 1)
	w.settle()
	w.clock.Step(20 * time.Second)
	w.ready("reserve-1", "ecs.t5-lc1m2.large")
	w.clock.Step(3 * time.Second)
	w.reconcile()
	w.knative(idle, 0, 0, 0)
	w.reconcile()
	if state := w.reserve().Annotations["ebb-node.github.io/reserve-state"]; state == "" || state[:8] != "Reserved" {
		t.Fatalf("state %q; want Reserved", state)
	}
	w.events()
	clear(w.writes)
	return w
}

func TestACycle(t *testing.T) {
	w := newWorld(t)
	w.settle()
	w.expect("Active", 0, closed)

	w.clock.Step(time.Minute)
	w.knative(idle, 0, 1, 1)
	w.reconcile()
	w.expect("Arming", 1, closed, ReasonArming)
	w.kubernetes()
	w.clock.Step(20 * time.Second)
	w.reconcile()
	w.ready("reserve-1", "ecs.t5-lc1m2.large")
	if again := w.reconcile(); again != 2*time.Second {
		t.Errorf("looks again after %v; want when the reserve has settled", again)
	}
	w.expect("Arming", 1, closed)
	w.clock.Step(2 * time.Second)
	w.reconcile()
	w.expect("Arming", 1, "")

	w.knative(idle, 0, 0, 0)
	if again := w.reconcile(); again != 0 {
		t.Errorf("looks again after %v while nothing is to come", again)
	}
	w.expect("Reserved", 1, "", ReasonReserved)
	if got := w.seen.targets[coffee]; got.Pods["reserve-1"] != "10.0.0.9" || !got.Quiet {
		t.Errorf("follows %+v; want the reserve, quietly", got)
	}

	w.clock.Step(time.Hour)
	w.knative(activating, 1, 1, 0)
	w.reconcile()
	w.expect("Activating", 1, closed, ReasonActivating)
	if got := w.seen.targets[coffee]; got.Quiet {
		t.Errorf("follows %+v; want all statistics", got)
	}

	w.clock.Step(10 * time.Second)
	w.knative(active, 1, 1, 1)
	w.reconcile()
	w.expect("Handover", 1, closed, ReasonHandover)
	pod := w.pods()[0]
	if shape.Attached(&pod) {
		t.Error("the reserve still gets requests")
	}
	if again := w.reconcile(); again != time.Second {
		t.Errorf("looks again after %v; want each second while the reserve finishes", again)
	}

	w.clock.Step(5 * time.Minute)
	w.reconcile()
	w.expect("Handover", 0, closed)
	w.kubernetes()
	w.reconcile()
	w.expect("Active", 0, closed, ReasonActive)
	if got := w.seen.targets[coffee]; len(got.Pods) > 0 {
		t.Errorf("follows %+v after the end", got)
	}
}

func TestNothingIsWrittenWhileNothingChanges(t *testing.T) {
	w := idleReserve(t)
	for range 60 {
		w.clock.Step(10 * time.Second)
		if again := w.reconcile(); again != 0 {
			t.Errorf("looks again after %v", again)
		}
	}
	if len(w.writes) > 0 || len(w.events()) > 0 {
		t.Errorf("writes %v in ten idle minutes", w.writes)
	}
}

func TestUsersOwnRetentionComesBack(t *testing.T) {
	w := newWorld(t, func(r *servingv1.Revision) { r.Annotations[retention.Key] = "30s" })
	w.settle()
	w.expect("Active", 0, "570s0h30s")
	w.knative(idle, 0, 1, 1)
	w.settle()
	w.events()
	w.ready("reserve-1", "ecs.t5-lc1m2.large")
	w.clock.Step(3 * time.Second)
	w.reconcile()
	w.expect("Arming", 1, "30s")
}

// TestRestartAnywhere forgets all that is in memory between any two steps.
func TestRestartAnywhere(t *testing.T) {
	w := newWorld(t)
	steps := []func(){
		func() { w.knative(idle, 0, 1, 1) },
		w.kubernetes,
		func() { w.ready("reserve-1", "ecs.t5-lc1m2.large"); w.clock.Step(3 * time.Second) },
		func() { w.knative(idle, 0, 0, 0) },
		func() { w.knative(activating, 1, 1, 0) },
		func() { w.knative(active, 1, 1, 1) },
		func() { w.clock.Step(5 * time.Minute) },
		w.kubernetes,
	}
	w.reconcile()
	var events []string
	for _, step := range steps {
		step()
		for range 2 {
			w.reconciler.told, w.seen.targets = newTold(), map[types.NamespacedName]report.Target{}
			w.reconcile()
		}
		events = append(events, w.events()...)
	}
	want := []string{ReasonArming, ReasonReserved, ReasonActivating, ReasonHandover, ReasonActive}
	if len(events) != len(want) {
		t.Fatalf("events %v, want each of %v once", events, want)
	}
	for i := range want {
		if events[i] != want[i] {
			t.Errorf("event %d is %s, want %s", i, events[i], want[i])
		}
	}
}

// TestWritesThatFail lets any one write fail and goes on.
func TestWritesThatFail(t *testing.T) {
	w := newWorld(t)
	failures := map[string]error{
		"conflict":  apierrors.NewConflict(schema.GroupResource{}, "x", errors.New("changed")),
		"not there": apierrors.NewServiceUnavailable("later"),
	}
	steps := []func(){
		func() {},
		func() { w.knative(idle, 0, 1, 1) },
		w.kubernetes,
		func() { w.ready("reserve-1", "ecs.t5-lc1m2.large"); w.clock.Step(3 * time.Second) },
		func() { w.knative(idle, 0, 0, 0) },
		func() { w.knative(activating, 1, 1, 0) },
		func() { w.knative(active, 1, 1, 1) },
		func() { w.clock.Step(5 * time.Minute) },
		w.kubernetes,
	}
	for _, step := range steps {
		step()
		for name, failure := range failures {
			w.refuse = func(string, client.Object) error { return failure }
			_, err := w.Reconcile(t.Context(), reconcile.Request{NamespacedName: coffee})
			if (err == nil) != (name == "conflict") && len(w.writes) > 0 {
				t.Errorf("%s: error %v", name, err)
			}
			w.refuse = nil
		}
		w.reconcile()
	}
	w.expect("Active", 0, closed, ReasonArming, ReasonReserved, ReasonActivating, ReasonHandover, ReasonActive)
}

func TestTheReserveIsReplacedWithItsTemplate(t *testing.T) {
	w := idleReserve(t)
	edit(w, coffee.Name+"-deployment", func(d *appsv1.Deployment) { d.Spec.Template.Spec.Containers[1].Image = "queue:2" })
	w.reconcile()
	if got := w.reserve().Spec.Template.Spec.Containers[1].Image; got != "queue:2" {
		t.Errorf("queue-proxy is %s, want that of the standard Deployment", got)
	}
	if n := w.writes["update *v1.Deployment"]; n != 1 {
		t.Errorf("%d updates, want one", n)
	}
	w.made++
	template := w.reserve().Spec.Template
	pod := &corev1.Pod{ObjectMeta: *template.ObjectMeta.DeepCopy(), Spec: template.Spec}
	pod.Name, pod.Namespace, pod.CreationTimestamp = "reserve-2", coffee.Namespace, metav1.NewTime(w.clock.Now())
	w.create(pod) // as Kubernetes does in a roll-out
	w.reconcile()
	w.expect("Reserved", 1, "")
	w.ready("reserve-2", "ecs.t5-lc1m2.large")
	w.reconcile()
	w.expect("Reserved", 1, "")
	for _, pod := range w.pods() {
		if attached := shape.Attached(&pod); attached != (pod.Name == "reserve-2") {
			t.Errorf("pod %s gets requests: %t; want only the new one, before Kubernetes removes the old one", pod.Name, attached)
		}
	}
}

func TestOthersAnnotationsStay(t *testing.T) {
	w := idleReserve(t)
	edit(w, shape.Name(coffee.Name), func(d *appsv1.Deployment) { d.Annotations["team"] = "coffee" })
	w.knative(activating, 1, 1, 0)
	w.reconcile()
	if w.reserve().Annotations["team"] != "coffee" {
		t.Error("somebody else's annotation is gone")
	}
}

func TestReserveIsCountedByLabelWhenNothingCanBeReported(t *testing.T) {
	w := idleReserve(t)
	w.seen.unreported = time.Minute
	w.reconcile()
	if pod := w.pods()[0]; pod.Labels[serving.RevisionLabelKey] != coffee.Name {
		t.Errorf("labels %v; want the revision's name", pod.Labels)
	}
	if got := w.events(); len(got) != 1 || got[0] != ReasonUnreported {
		t.Errorf("events %v, want one that says so", got)
	}
	w.seen.unreported = 0
	w.reconcile()
	if pod := w.pods()[0]; shape.Counted(&pod) {
		t.Error("the reserve is counted although its load is reported")
	}
}

func TestAPodThatDoesNotAnswerIsCountedByLabel(t *testing.T) {
	w := idleReserve(t)
	w.seen.views["reserve-1"] = report.View{UnreadSince: w.clock.Now()}
	if again := w.reconcile(); again.Round(time.Millisecond) != w.Limits.Unreported {
		t.Errorf("looks again after %v, want when labels take over", again)
	}
	w.clock.Step(w.Limits.Unreported)
	w.reconcile()
	if pod := w.pods()[0]; !shape.Counted(&pod) {
		t.Error("nobody counts a reserve whose load is not known")
	}
	if said := <-w.recorder.Events; !strings.Contains(said, ReasonUnreported) || !strings.Contains(said, "9090") {
		t.Errorf("told: %s; want the port that has to be open", said)
	}
}

func TestARevisionThatIsGoneIsForgotten(t *testing.T) {
	w := idleReserve(t)
	if err := w.client.Delete(t.Context(), w.revision()); err != nil {
		t.Fatal(err)
	}
	w.reconcile()
	if got := w.seen.targets[coffee]; len(got.Pods) > 0 {
		t.Errorf("follows %+v", got)
	}
	if owners := w.reserve().OwnerReferences; len(owners) != 1 || owners[0].UID != "uid-1" || owners[0].Controller != nil {
		t.Errorf("owners %+v; want the Revision, not as controller, so that the Deployment goes with it", owners)
	}
}

func TestPodsOfOthersAreLeftAlone(t *testing.T) {
	w := idleReserve(t)
	other := &corev1.Pod{}
	other.Name, other.Namespace = "other", coffee.Namespace
	other.Labels = map[string]string{shape.LabelReserve: "uid-2", serving.RevisionUID: "uid-2"}
	w.create(other)
	w.knative(active, 1, 1, 1)
	w.reconcile()
	w.knative(active, 1, 1, 1)
	w.reconcile()
	for _, pod := range w.pods() {
		if pod.Name == "other" && !shape.Attached(&pod) {
			t.Error("another revision's reserve was detached")
		}
	}
}
