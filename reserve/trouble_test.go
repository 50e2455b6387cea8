package reserve

import (
	"strings"
	"testing"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	servingv1 "knative.dev/serving/pkg/apis/serving/v1"

	"github.com/ebb-node/ebb/instancespecs"
	"github.com/ebb-node/ebb/reserve/record"
	"github.com/ebb-node/ebb/reserve/settings"
)

// refused lets a pod's node say that it can have no instance.
func (w *world) refused(pod, reason string) {
	w.Helper()
	edit(w, pod, func(p *corev1.Pod) { setCondition(p, conditionCreated, corev1.ConditionFalse, reason, w.clock.Now()) })
}

func TestNoStock(t *testing.T) {
	w := newWorld(t)
	w.settle()
	w.knative(idle, 0, 1, 1)
	w.settle()
	w.expect("Arming", 1, closed, ReasonArming)
	w.refused("reserve-1", "NoStock")
	w.clock.Step(15 * time.Second)
	again := w.reconcile()
	w.expect("Unavailable", 0, "", ReasonUnavailable, ReasonBroken)
	if again != time.Minute {
		t.Errorf("tried again after %v, want a minute", again)
	}
	if n := len(w.pods()); n > 0 {
		t.Errorf("%d pods are left", n)
	}
	if got := w.reserve().Annotations[record.AnnotationFailure]; !strings.HasPrefix(got, "NoStock,count=1,") {
		t.Errorf("failure %q", got)
	}
	w.knative(idle, 0, 0, 0)
	w.reconcile()
	w.expect("Unavailable", 0, "")
	w.clock.Step(again)
	w.reconcile()
	w.expect("Arming", 1, "", ReasonArming)
}

func TestReclaimedReserveIsReplaced(t *testing.T) {
	w := idleReserve(t)
	edit(w, "reserve-1", func(p *corev1.Pod) {
		setCondition(p, conditionExpired, corev1.ConditionTrue, "SpotToBeReleased", w.clock.Now())
	})
	w.settle()
	w.expect("Reserved", 2, "", ReasonReplaced)
	w.ready("reserve-2", "ecs.t5-lc1m2.large")
	w.reconcile()
	for _, pod := range w.pods() {
		if attached := pod.Labels["serving.knative.dev/revisionUID"] == "uid-1"; attached != (pod.Name == "reserve-2") {
			t.Errorf("pod %s is attached: %t", pod.Name, attached)
		}
	}
	w.clock.Step(5 * time.Minute)
	w.reconcile()
	w.expect("Reserved", 1, "")
}

func TestCreditsLow(t *testing.T) {
	w := idleReserve(t)
	edit(w, "reserve-1", func(p *corev1.Pod) { p.Annotations[annotationCredits] = "balance=2.0,cap=288,level=low,at=x" })
	w.reconcile()
	w.expect("Reserved", 1, "")
	w.busy("reserve-1")
	w.reconcile()
	w.reconcile()
	w.expect("Reserved", 1, "", ReasonCreditsLow)
}

// A spec that the user has named is bought, whatever it costs.
func TestADearReserveIsToldOnce(t *testing.T) {
	w := newWorld(t, func(r *servingv1.Revision) { r.Annotations[settings.AnnotationSpecs] = "ecs.t5-lc1m2.large" })
	w.small()
	w.reconcile()
	said := <-w.recorder.Events
	for _, part := range []string{"Warning " + ReasonDearer, "ecs.t5-lc1m2.large is 0.333 CNY an hour (estimate)", "a standard pod 0.055 CNY an hour (list)", settings.AnnotationSpecs} {
		if !strings.Contains(said, part) {
			t.Errorf("told: %s; want %q in it", said, part)
		}
	}
	w.settle()
	w.expect("Active", 0, closed)
}

// small lets the standard pod ask for little.
func (w *world) small() {
	w.Helper()
	edit(w, coffee.Name+"-deployment", func(d *appsv1.Deployment) {
		d.Spec.Template.Spec.Containers[0].Resources.Requests = corev1.ResourceList{
			corev1.ResourceCPU: resource.MustParse("250m"), corev1.ResourceMemory: resource.MustParse("512Mi"),
		}
	})
}

func TestASmallPodsReserveIsAsLarge(t *testing.T) {
	w := newWorld(t)
	book, err := w.Market().Prices().With([]instancespecs.PriceRecord{{Key: "ecs.t6-c1m1.large", Price: instancespecs.Price{
		Hourly: 0.2, Currency: "CNY", Kind: instancespecs.APIPrice, Source: "test",
	}}})
	if err != nil {
		t.Fatal(err)
	}
	market := instancespecs.NewMarket(w.Market().Catalogue(), w.Market().Stock(), book)
	w.Market = func() *instancespecs.Market { return market }
	w.small()
	w.settle()
	w.knative(idle, 0, 1, 1)
	w.reconcile()
	if got := w.reserve().Spec.Template.Annotations["k8s.aliyun.com/eci-use-specs"]; got != "0.25-0.5Gi" {
		t.Errorf("bought is %s, want the standard pod's size", got)
	}
	if said := <-w.recorder.Events; !strings.Contains(said, ReasonArming) || !strings.Contains(said, "0.25-0.5Gi, 0.055 CNY an hour (list)") {
		t.Errorf("told: %s", said)
	}
}

func TestStandardPodsThatDoNotStart(t *testing.T) {
	w := idleReserve(t)
	w.knative(activating, 1, 1, 0)
	w.reconcile()
	w.expect("Activating", 1, closed, ReasonActivating)
	w.clock.Step(2 * time.Minute)
	w.reconcile()
	w.reconcile()
	w.expect("Activating", 1, closed, ReasonStandard)
}

func TestBrokenReserveIsTakenOut(t *testing.T) {
	w := idleReserve(t)
	w.knative(activating, 1, 1, 0)
	edit(w, "reserve-1", func(p *corev1.Pod) {
		p.Status.Conditions = nil
		p.Status.ContainerStatuses = []corev1.ContainerStatus{{RestartCount: 1}}
	})
	w.reconcile()
	if n := len(w.pods()); n > 0 {
		t.Error("a broken reserve can be taken for a pod of the standard's")
	}
	w.expect("Active", 0, "", ReasonActive, ReasonBroken)
}
