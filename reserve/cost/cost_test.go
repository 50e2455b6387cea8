package cost_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/ebb-node/ebb/instancespecs"
	"github.com/ebb-node/ebb/reserve/cost"
)

var start = time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)

func after(d time.Duration) time.Time { return start.Add(d) }

var near = cmpopts.EquateApprox(0, 0.00001)

func TestAccountGrowsByItself(t *testing.T) {
	var a cost.Account
	a = a.With(start, cost.Rate{Spent: 0.2, Avoided: 0.6}, "CNY", instancespecs.ListPrice)
	a = a.With(after(30*time.Minute), cost.Rate{Spent: 0.4, Unpriced: 1}, "CNY", instancespecs.APIPrice)
	a = a.Until(after(90 * time.Minute))
	want := cost.Account{
		At: after(90 * time.Minute), Currency: "CNY", Kind: instancespecs.ListPrice, Spent: 0.5, Avoided: 0.3,
		Rate: cost.Rate{Spent: 0.4, Unpriced: 1}, Unpriced: time.Hour,
	}
	if diff := cmp.Diff(want, a, near); diff != "" {
		t.Errorf("wrong account (-want +got):\n%s", diff)
	}
	if got, known := a.Saved(); known || got > -0.19999 || got < -0.20001 {
		t.Errorf("saved %g, known %t; want -0.2 without what has no price", got, known)
	}
	if diff := cmp.Diff(a, a.Until(start)); diff != "" {
		t.Errorf("an earlier time changed the account:\n%s", diff)
	}
}

func TestNothingIsSavedAgainstAnUnknownPrice(t *testing.T) {
	a := cost.Account{}.With(start, cost.Rate{Spent: 0.2, Uncompared: true}, "CNY", instancespecs.ListPrice)
	if _, known := a.Saved(); !known {
		t.Error("nothing is missing before any time has passed")
	}
	a = a.Until(after(time.Hour)).With(after(time.Hour), cost.Rate{Spent: 0.2, Avoided: 0.6}, "CNY", instancespecs.ListPrice).Until(after(2 * time.Hour))
	if _, known := a.Saved(); known || a.Uncompared != time.Hour {
		t.Errorf("saved is known: %t, without comparison for %v; want an hour of which nothing can be said", known, a.Uncompared)
	}
}

func TestAnotherCurrencyBeginsAnew(t *testing.T) {
	a := cost.Account{}.With(start, cost.Rate{Spent: 1}, "CNY", instancespecs.ListPrice)
	a = a.With(after(time.Hour), cost.Rate{Spent: 0.1}, "USD", instancespecs.APIPrice)
	want := cost.Account{At: after(time.Hour), Currency: "USD", Rate: cost.Rate{Spent: 0.1}}
	if diff := cmp.Diff(want, a); diff != "" {
		t.Errorf("wrong account (-want +got):\n%s", diff)
	}
}

func TestText(t *testing.T) {
	for want, a := range map[string]cost.Account{
		"spent=0.01250,avoided=0.09800,rate=0.03330,avoided-rate=0.44120,currency=CNY,source=list,at=2026-03-01T10:00:00Z": {
			At: start, Currency: "CNY", Kind: instancespecs.ListPrice, Spent: 0.0125, Avoided: 0.098, Rate: cost.Rate{Spent: 0.0333, Avoided: 0.4412},
		},
		"spent=0.00000,avoided=0.00000,rate=0.00000,avoided-rate=0.00000,currency=USD,source=api,at=2026-03-01T10:00:00Z,unpriced=90s,unpriced-pods=1": {
			At: start, Currency: "USD", Unpriced: 90 * time.Second, Rate: cost.Rate{Unpriced: 1},
		},
		"spent=0.00000,avoided=0.00000,rate=0.33300,avoided-rate=0.00000,currency=CNY,source=api,at=2026-03-01T10:00:00Z,uncompared=60s,uncompared-now=true": {
			At: start, Currency: "CNY", Uncompared: time.Minute, Rate: cost.Rate{Spent: 0.333, Uncompared: true},
		},
	} {
		if got := a.String(); got != want {
			t.Errorf("text %q, want %q", got, want)
		}
		got, err := cost.Parse(want)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(a, got); diff != "" {
			t.Errorf("read back otherwise (-want +got):\n%s", diff)
		}
	}
}

func TestParseNamesTheField(t *testing.T) {
	good := cost.Account{At: start}.String()
	for field, text := range map[string]string{
		"spent":     strings.Replace(good, "spent=0.00000", "spent=much", 1),
		"source":    strings.Replace(good, "source=api", "source=hearsay", 1),
		"at":        strings.Replace(good, ",at=2026-03-01T10:00:00Z", "", 1),
		"colour":    good + ",colour=blue",
		"unpriced ": good + ",unpriced =1",
	} {
		if _, err := cost.Parse(text); err == nil || !strings.Contains(err.Error(), field) {
			t.Errorf("%q: error %v; want one that names %s", text, err, field)
		}
	}
}

func TestRatesAreTheSameButForRounding(t *testing.T) {
	a := cost.Rate{Spent: 0.3333, Avoided: 0.62}
	for _, r := range []struct {
		rate cost.Rate
		want bool
	}{
		{cost.Rate{Spent: 0.33331, Avoided: 0.62}, true},
		{cost.Rate{Spent: 0.34, Avoided: 0.62}, false},
		{cost.Rate{Spent: 0.3333}, false},
		{cost.Rate{Spent: 0.3333, Avoided: 0.62, Unpriced: 1}, false},
		{cost.Rate{Spent: 0.3333, Avoided: 0.62, Uncompared: true}, false},
	} {
		if got := cost.SameRate(a, r.rate); got != r.want {
			t.Errorf("%+v and %+v: same %t", a, r.rate, got)
		}
	}
	if !cost.SameRate(cost.Rate{}, cost.Rate{}) {
		t.Error("two rates of nothing differ")
	}
}

func TestPrices(t *testing.T) {
	book, err := instancespecs.DefaultPrices("CNY")
	if err != nil {
		t.Fatal(err)
	}
	for spec, want := range map[string]float64{
		"ecs.t5-lc1m2.large": 0.333, "2-4Gi": 0.4412, "2.0-4.0Gi": 0.4412, "0.25-0.5Gi": 0.05515,
	} {
		if got, ok := cost.Of(spec, book); !ok || !cmp.Equal(want, got.Hourly, near) {
			t.Errorf("price of %s: %g, %t; want %g", spec, got.Hourly, ok, want)
		}
	}
	for _, spec := range []string{"ecs.t6-c1m1.large", "", "1.1.1-2Gi"} {
		if _, ok := cost.Of(spec, book); ok {
			t.Errorf("%q has a price", spec)
		}
	}
}

func TestPriceOfPod(t *testing.T) {
	book, err := instancespecs.DefaultPrices("CNY")
	if err != nil {
		t.Fatal(err)
	}
	container := func(requests, limits corev1.ResourceList) corev1.Container {
		return corev1.Container{Resources: corev1.ResourceRequirements{Requests: requests, Limits: limits}}
	}
	list := func(cpu, memory string) corev1.ResourceList {
		return corev1.ResourceList{corev1.ResourceCPU: resource.MustParse(cpu), corev1.ResourceMemory: resource.MustParse(memory)}
	}
	for _, r := range []struct {
		name  string
		specs string
		has   []corev1.Container
		want  float64
	}{
		{"by its first spec", "ecs.c5.large,2-4Gi", nil, 0.62},
		{"by its size", " 2-4Gi", nil, 0.4412},
		{"asks for nothing: 2 vCPU, 4 GiB", "", []corev1.Container{container(nil, nil)}, 0.4412},
		{"the sum, rounded up", "", []corev1.Container{container(list("900m", "1Gi"), nil), container(list("50m", "64Mi"), nil)}, 0.2206},
		{"limits before requests", "", []corev1.Container{container(list("1", "2Gi"), list("2", "4Gi"))}, 0.4412},
	} {
		t.Run(r.name, func(t *testing.T) {
			template := &corev1.PodTemplateSpec{Spec: corev1.PodSpec{Containers: r.has}}
			template.ObjectMeta = metav1.ObjectMeta{Annotations: map[string]string{instancespecs.AnnotationUseSpecs: r.specs}}
			got, ok := cost.OfPod(template, book, "cn-hangzhou")
			if !ok || !cmp.Equal(r.want, got.Hourly, near) {
				t.Errorf("price %g, %t; want %g", got.Hourly, ok, r.want)
			}
		})
	}
}

func TestNoPriceOfPod(t *testing.T) {
	book, err := instancespecs.DefaultPrices("CNY")
	if err != nil {
		t.Fatal(err)
	}
	for annotation, known := range map[string]bool{
		"k8s.aliyun.com/eci-spot-strategy=SpotAsPriceGo":      false,
		"k8s.aliyun.com/eci-spot-strategy=NoSpot":             true,
		"k8s.aliyun.com/eci-compute-category=economy,general": false,
		"k8s.aliyun.com/eci-compute-category=general":         true,
		"k8s.aliyun.com/eci-instance-family=ecs.c6":           false,
		"k8s.aliyun.com/eci-use-specs=ecs.t6-c1m1.large":      false,
		"k8s.aliyun.com/eci-ntp-server=10.0.0.1":              true,
	} {
		key, value, _ := strings.Cut(annotation, "=")
		template := &corev1.PodTemplateSpec{ObjectMeta: metav1.ObjectMeta{Annotations: map[string]string{key: value}}}
		if _, ok := cost.OfPod(template, book, "cn-hangzhou"); ok != known {
			t.Errorf("%s: a price is known: %t, want %t", annotation, ok, known)
		}
	}
}
