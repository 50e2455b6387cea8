package shape_test

import (
	"testing"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/ebb-node/ebb/instancespecs"
	"github.com/ebb-node/ebb/reserve/settings"
	"github.com/ebb-node/ebb/reserve/shape"
)

// pricedMarket knows some prices of the default specs.
func pricedMarket(t *testing.T, prices map[string]float64) *instancespecs.Market {
	t.Helper()
	market, err := instancespecs.DefaultMarket("CNY")
	if err != nil {
		t.Fatal(err)
	}
	var records []instancespecs.PriceRecord
	for spec, hourly := range prices {
		records = append(records, instancespecs.PriceRecord{Key: spec, Price: instancespecs.Price{
			Hourly: hourly, Currency: "CNY", Kind: instancespecs.APIPrice, Source: "test",
		}})
	}
	book, err := market.Prices().With(records)
	if err != nil {
		t.Fatal(err)
	}
	return instancespecs.NewMarket(market.Catalogue(), market.Stock(), book)
}

func TestNeverDearerThanAStandardPod(t *testing.T) {
	const (
		large, small = "ecs.t6-c1m1.large", "ecs.t5-lc1m2.small"
		all          = "ecs.t6-c1m1.large,ecs.t5-lc1m2.small,ecs.s6-c1m2.small,ecs.t6-c1m2.large,ecs.n1.small"
	)
	prices := map[string]float64{large: 0.3, small: 0.15}
	quarter := &corev1.PodTemplateSpec{Spec: corev1.PodSpec{Containers: []corev1.Container{{Resources: corev1.ResourceRequirements{
		Requests: corev1.ResourceList{corev1.ResourceCPU: resource.MustParse("250m"), corev1.ResourceMemory: resource.MustParse("512Mi")},
	}}}}}
	named := quarter.DeepCopy()
	named.Annotations = map[string]string{"k8s.aliyun.com/eci-use-specs": "0.25-1Gi,0.5-1Gi"}
	memory := resource.MustParse("1Gi")
	for _, r := range []struct {
		name     string
		settings settings.Settings
		template *corev1.PodTemplateSpec
		prices   map[string]float64
		standard float64 // 0: not known
		list     string
		own      bool
		dearer   bool
	}{
		{name: "a standard pod is dearer", standard: 0.44, list: all},
		{name: "it is cheaper than all that have a price", standard: 0.055, list: "0.25-0.5Gi", own: true},
		{name: "it is not dearer than the cheapest", standard: 0.15, list: "0.25-0.5Gi", own: true},
		{name: "some are dearer: they are left out", standard: 0.2, list: "ecs.t5-lc1m2.small,ecs.s6-c1m2.small,ecs.t6-c1m2.large,ecs.n1.small"},
		{name: "its price is not known", list: all},
		{name: "theirs are not", prices: map[string]float64{}, standard: 0.055, list: all},
		{name: "it names specs of its own", template: named, standard: 0.066, list: "0.25-1Gi,0.5-1Gi", own: true},
		{name: "the reserve is a spot instance", settings: settings.Settings{Spot: settings.Spot{Strategy: settings.SpotAsPriceGo}}, standard: 0.055, list: all},
		{name: "the reserve has resources of its own", settings: settings.Settings{Resources: settings.Resources{MemoryRequest: &memory}}, standard: 0.055, list: all},
		{name: "the user has named a dearer one", settings: settings.Settings{Specs: large}, standard: 0.055, list: large, dearer: true},
		{name: "the user has named a cheaper one", settings: settings.Settings{Specs: small}, standard: 0.2, list: small},
		{name: "the user has named one without a price", settings: settings.Settings{Specs: "ecs.n1.small"}, standard: 0.055, list: "ecs.n1.small"},
	} {
		t.Run(r.name, func(t *testing.T) {
			r.settings.Type = settings.ECI
			if r.template == nil {
				r.template = quarter
			}
			if r.prices == nil {
				r.prices = prices
			}
			var price *instancespecs.Price
			if r.standard > 0 {
				price = &instancespecs.Price{Hourly: r.standard, Currency: "CNY"}
			}
			got, err := shape.Choose(pricedMarket(t, r.prices), r.settings, r.template, price, "cn-hangzhou")
			if err != nil {
				t.Fatal(err)
			}
			if got.List != r.list || got.Own != r.own || got.Dearer != r.dearer {
				t.Errorf("specs %s, own %t, dearer %t; want %s, %t, %t", got.List, got.Own, got.Dearer, r.list, r.own, r.dearer)
			}
			if want := (instancespecs.Size{VCPU: 0.25, MemoryGiB: 0.5}); got.List == want.String() && got.Least != want {
				t.Errorf("least size %v, want %v", got.Least, want)
			}
		})
	}
}
