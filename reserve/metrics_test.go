package reserve

import (
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/ebb-node/ebb/reserve/record"
)

// series is the one series of a metric that has a label's value; nil if there is
// none.
func (w *world) series(name, label, value string) *dto.Metric {
	w.Helper()
	registry := prometheus.NewPedanticRegistry()
	registry.MustRegister(w.metrics)
	families, err := registry.Gather()
	if err != nil {
		w.Fatal(err)
	}
	for _, f := range families {
		for _, m := range f.GetMetric() {
			for _, l := range m.GetLabel() {
				if f.GetName() == name && l.GetName() == label && l.GetValue() == value {
					return m
				}
			}
		}
	}
	return nil
}

func (w *world) histogram(name string) *dto.Histogram {
	w.Helper()
	registry := prometheus.NewPedanticRegistry()
	registry.MustRegister(w.metrics)
	families, err := registry.Gather()
	if err != nil {
		w.Fatal(err)
	}
	for _, f := range families {
		if f.GetName() == name {
			return f.GetMetric()[0].GetHistogram()
		}
	}
	w.Fatalf("no metric %s", name)
	return nil
}

func TestMetricsOfState(t *testing.T) {
	w := idleReserve(t)
	w.reconcile()
	if got := w.series("ebb_reserve_state", "state", "Reserved").GetGauge().GetValue(); got != 1 {
		t.Errorf("state Reserved is %g", got)
	}
	if w.series("ebb_reserve_state", "state", "Active") != nil {
		t.Error("a state that was before is still shown")
	}
	for _, state := range []string{"Arming", "Reserved"} {
		if got := w.series("ebb_reserve_switches_total", "state", state).GetCounter().GetValue(); got != 1 {
			t.Errorf("%g switches to %s, want 1", got, state)
		}
	}
	if h := w.histogram("ebb_reserve_arming_seconds"); h.GetSampleCount() != 1 || h.GetSampleSum() != 23 {
		t.Errorf("arming took %v", h)
	}
	w.clock.Step(time.Hour)
	w.busy("reserve-1")
	w.reconcile()
	w.clock.Step(50 * time.Millisecond)
	w.knative(activating, 1, 1, 0)
	w.reconcile()
	if h := w.histogram("ebb_reserve_wake_seconds"); h.GetSampleCount() != 1 || h.GetSampleSum() < 0.049 || h.GetSampleSum() > 0.051 {
		t.Errorf("waking took %v", h)
	}
	w.clock.Step(9 * time.Second)
	w.knative(active, 1, 1, 1)
	w.reconcile()
	if h := w.histogram("ebb_reserve_activating_seconds"); h.GetSampleCount() != 1 || h.GetSampleSum() != 9 {
		t.Errorf("activating took %v", h)
	}
	if h := w.histogram("ebb_reserve_first_request_seconds"); h.GetSampleCount() != 1 || h.GetSampleSum() != 0.006 {
		t.Errorf("the first requests took %v, want 6 ms each", h)
	}
}

func TestMoney(t *testing.T) {
	w := idleReserve(t)
	w.reconcile()
	begun := w.clock.Now()
	w.clock.Step(10 * time.Hour)
	near := func(name string, want float64) {
		t.Helper()
		m := w.series(name, "currency", "CNY")
		got := m.GetCounter().GetValue() + m.GetGauge().GetValue()
		if got < want-0.01 || got > want+0.01 {
			t.Errorf("%s is %g, want %g", name, got, want)
		}
	}
	near("ebb_reserve_cost_total", 3.33)
	near("ebb_reserve_cost_avoided_total", 4.41)
	near("ebb_reserve_hourly_price", 0.333)
	if w.series("ebb_reserve_hourly_price", "source", "estimate") == nil {
		t.Error("the price is not said to be an estimate")
	}
	text := w.reserve().Annotations[record.AnnotationCost]
	r, err := record.Read(w.reserve().Annotations)
	if err != nil || r.Account.At.After(begun) {
		t.Errorf("account %q, %v; want one that was written when the pods changed", text, err)
	}
	w.metrics.forget(coffee)
	if w.series("ebb_reserve_cost_total", "currency", "CNY") != nil {
		t.Error("a revision that is gone still costs")
	}
}

func TestAStandardPodWithoutAPriceSavesNothing(t *testing.T) {
	for name, change := range map[string]func(*world){
		"on an ordinary node": func(w *world) { w.Untainted = false },
		"spot": func(w *world) {
			edit(w, coffee.Name+"-deployment", func(d *appsv1.Deployment) {
				d.Spec.Template.Annotations = map[string]string{"k8s.aliyun.com/eci-spot-strategy": "SpotAsPriceGo"}
			})
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := idleReserve(t)
			change(w)
			w.reconcile()
			w.clock.Step(time.Hour)
			if got := w.series("ebb_reserve_uncompared_seconds_total", "revision", coffee.Name).GetCounter().GetValue(); got != 3600 {
				t.Errorf("%g s without a price to compare with, want 3600", got)
			}
		})
	}
}

func TestVirtualNodesAreAskedFor(t *testing.T) {
	w := newWorld(t)
	for name, c := range map[string]struct {
		template corev1.PodTemplateSpec
		want     bool
	}{
		"no":           {corev1.PodTemplateSpec{}, false},
		"by its label": {corev1.PodTemplateSpec{ObjectMeta: metav1.ObjectMeta{Labels: map[string]string{labelECI: "true"}}}, true},
		"by its toleration": {corev1.PodTemplateSpec{Spec: corev1.PodSpec{
			Tolerations: []corev1.Toleration{{Key: virtualNodeTaint, Operator: corev1.TolerationOpEqual, Value: "alibabacloud"}},
		}}, true},
		"of another taint": {corev1.PodTemplateSpec{Spec: corev1.PodSpec{Tolerations: []corev1.Toleration{{Key: "other"}}}}, false},
	} {
		if got := w.virtual(&c.template); got != c.want {
			t.Errorf("%s: asks for a virtual node: %t, want %t", name, got, c.want)
		}
	}
}

func TestUnknownPricesAreSaid(t *testing.T) {
	w := newWorld(t)
	w.settle()
	w.knative(idle, 0, 1, 1)
	w.settle()
	w.ready("reserve-1", "ecs.t6-c1m1.large")
	w.reconcile()
	w.clock.Step(time.Minute)
	if got := w.series("ebb_reserve_unpriced_seconds_total", "revision", coffee.Name).GetCounter().GetValue(); got != 60 {
		t.Errorf("%g s without a price, want 60", got)
	}
}
