package instancespecs

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// outcome is a choice as people read it.
func outcome(c Choice) (accepted, rejected []string) {
	for _, a := range c.Accepted {
		accepted = append(accepted, a.ID+": "+a.Why())
	}
	for _, r := range c.Rejected {
		rejected = append(rejected, r.ID+": "+r.Why())
	}
	return accepted, rejected
}

func filter(t *testing.T, value string) Filter {
	t.Helper()
	f, err := ParseFilter(value)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func out(ids ...string) func(string) bool {
	return func(id string) bool {
		for _, o := range ids {
			if o == id {
				return true
			}
		}
		return false
	}
}

func TestChooseSpecs(t *testing.T) {
	tests := map[string]struct {
		request Request
		want    string
	}{
		"default list": {Request{Annotation: AnnotationReserve},
			"ecs.t6-c1m1.large,ecs.t5-lc1m2.small,ecs.s6-c1m2.small,ecs.t6-c1m2.large,ecs.n1.small"},
		"the default list is what its size searches for": {Request{Annotation: AnnotationReserve, Specs: "1-2Gi"},
			DefaultReserveSpecs},
		"first release": {Request{Annotation: AnnotationReserve, Specs: DefaultReserveSpecs2020}, "ecs.t5-lc1m2.small"},
		"list of types keeps its order": {Request{Annotation: AnnotationReserve, Specs: "ecs.t5-c1m2.large, ecs.t5-lc2m1.nano"},
			"ecs.t5-c1m2.large,ecs.t5-lc2m1.nano"},
		"more memory asked for than searched": {Request{Annotation: AnnotationReserve, Specs: "1-2Gi", MemoryGiB: 4},
			"ecs.t6-c1m2.large,ecs.t5-lc1m2.large,ecs.t5-c1m2.large,ecs.t5-lc1m4.large,ecs.s6-c1m4.small"},
		"exactly the memory": {Request{Annotation: AnnotationReserve, Specs: "ecs.t5-lc1m2.small", MemoryGiB: 2}, "ecs.t5-lc1m2.small"},
		"only burstable": {Request{Annotation: AnnotationReserve, Specs: "1-2Gi", BurstableOnly: true},
			"ecs.t6-c1m1.large,ecs.t5-lc1m2.small,ecs.t6-c1m2.large,ecs.t5-c1m1.large,ecs.t5-lc1m2.large"},
		"family": {Request{Annotation: AnnotationReserve, Specs: "1-2Gi", Families: filter(t, "ecs.s6")},
			"ecs.s6-c1m2.small,ecs.s6-c1m4.small,ecs.s6-c1m2.large,ecs.s6-c1m4.large,ecs.s6-c1m2.xlarge"},
		"generation leaves out the unlisted too": {Request{Annotation: AnnotationReserve, Specs: "1-2Gi", Generations: filter(t, "6")},
			"ecs.t6-c1m1.large,ecs.s6-c1m2.small,ecs.t6-c1m2.large,ecs.s6-c1m4.small,ecs.t6-c1m4.large"},
		"filters do not touch what is named": {Request{Annotation: AnnotationReserve, Specs: "ecs.t5-lc1m2.small",
			Families: filter(t, "-ecs.t5"), Generations: filter(t, "6")}, "ecs.t5-lc1m2.small"},
		"out of stock": {Request{Annotation: AnnotationReserve, OutOfStock: out("ecs.t6-c1m1.large", "ecs.s6-c1m2.small")},
			"ecs.t5-lc1m2.small,ecs.t6-c1m2.large,ecs.n1.small"},
		"types and a search fill the list once": {Request{Annotation: AnnotationReserve, Specs: "ecs.t5-c1m2.large,ecs.n1.small,1-2Gi"},
			"ecs.t5-c1m2.large,ecs.n1.small,ecs.t6-c1m1.large,ecs.t5-lc1m2.small,ecs.s6-c1m2.small"},
		"sizes on a pod":    {Request{Annotation: AnnotationUseSpecs, Specs: "2-4Gi,3-5Gi,ecs.c5.large"}, "2-4Gi,4-8Gi,ecs.c5.large"},
		"sizes of a region": {Request{Annotation: AnnotationUseSpecs, Specs: "3-5Gi", Region: "cn-hangzhou"}, "4-6Gi"},
		"sizes as spot":     {Request{Annotation: AnnotationUseSpecs, Specs: "3-5Gi", Region: "cn-hangzhou", Spot: true}, "4-8Gi"},
		"a type for the API to decide": {Request{Annotation: AnnotationUseSpecs, Specs: "ecs.gn6i-c4g1.xlarge,2-4Gi", PassUnknown: true},
			"ecs.gn6i-c4g1.xlarge,2-4Gi"},
		"the same twice": {Request{Annotation: AnnotationUseSpecs, Specs: "2-4Gi,2-3Gi"}, "2-4Gi"},
	}
	m := mustMarket(t)
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := m.Choose(tt.request)
			if err != nil {
				t.Fatal(err)
			}
			if got.Specs() != tt.want {
				t.Errorf("got  %s\nwant %s", got.Specs(), tt.want)
			}
		})
	}
}

func TestChooseReasons(t *testing.T) {
	got, err := mustMarket(t).Choose(Request{Annotation: AnnotationReserve, Specs: "ecs.t5-lc2m1.nano,ecs.t6-c1m2.large,4-16Gi",
		MemoryGiB: 3.5, OutOfStock: out("ecs.t6-c1m4.xlarge"), Generations: filter(t, "-5")})
	if err != nil {
		t.Fatal(err)
	}
	accepted, rejected := outcome(got)
	if diff := cmp.Diff([]string{
		"ecs.t6-c1m2.large: named in the list",
		"ecs.s6-c1m4.xlarge: no. 1 of the types with at least 4-16Gi, by assumed cost (no API price)",
		"ecs.t6-c1m4.2xlarge: no. 2 of the types with at least 4-16Gi, by assumed cost (no API price)",
		"ecs.s6-c1m2.2xlarge: no. 3 of the types with at least 4-16Gi, by assumed cost (no API price)",
		"ecs.s6-c1m4.2xlarge: no. 4 of the types with at least 4-16Gi, by assumed cost (no API price)",
	}, accepted); diff != "" {
		t.Errorf("accepted (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{
		"ecs.t5-lc2m1.nano: has 0.5 GiB, the pod asks for 3.5 GiB; the smallest that fits is ecs.t6-c1m2.large (2 vCPU, 4 GiB)",
		"ecs.t5-c1m4.xlarge: the generation filter leaves out generation 5",
		"ecs.t6-c1m4.xlarge: known to be out of stock",
		"ecs.t5-c1m2.2xlarge: the generation filter leaves out generation 5",
		"ecs.t5-c1m1.4xlarge: the generation filter leaves out generation 5",
		"ecs.t5-c1m4.2xlarge: the generation filter leaves out generation 5",
		"ecs.t5-c1m2.4xlarge: the generation filter leaves out generation 5",
	}, rejected); diff != "" {
		t.Errorf("rejected (-want +got):\n%s", diff)
	}
}

func TestMoreReasons(t *testing.T) {
	tests := map[string]struct {
		request Request
		want    string
	}{
		"full, named": {Request{Annotation: AnnotationReserve, Specs: "1-2Gi,ecs.t5-c1m2.large"}, "ecs.t5-c1m2.large: the list has its 5 entries"},
		"repeated":    {Request{Annotation: AnnotationReserve, Specs: "ecs.n1.small,ecs.n1.small"}, "ecs.n1.small: already in the list"},
		"family":      {Request{Annotation: AnnotationReserve, Specs: "1-2Gi", Families: filter(t, "-ecs.n1")}, "ecs.n1.small: the family filter leaves out ecs.n1"},
		"burstable":   {Request{Annotation: AnnotationReserve, Specs: "1-2Gi", BurstableOnly: true}, "ecs.n1.small: not burstable"},
		"generation":  {Request{Annotation: AnnotationReserve, Specs: "1-2Gi", Generations: filter(t, "6")}, "ecs.n1.small: the generation filter leaves out generation unknown"},
		"too small size": {Request{Annotation: AnnotationUseSpecs, Specs: "1-2Gi,1-4Gi", MemoryGiB: 3},
			"1-2Gi: has 2 GiB, the pod asks for 3 GiB; the smallest that fits is 1-4Gi"},
		"beyond the grid": {Request{Annotation: AnnotationUseSpecs, Specs: "100-200Gi,1-4Gi"}, "100-200Gi: larger than the largest size that ECI sells"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := mustMarket(t).Choose(tt.request)
			if err != nil {
				t.Fatal(err)
			}
			_, rejected := outcome(got)
			if !strings.Contains(strings.Join(rejected, "\n"), tt.want) {
				t.Errorf("got\n%s\nwant %q", strings.Join(rejected, "\n"), tt.want)
			}
		})
	}
}

func TestAcceptedReasons(t *testing.T) {
	got, err := mustMarket(t).Choose(Request{Annotation: AnnotationUseSpecs, Specs: "2-4Gi,2-3Gi,1-1Gi,ecs.gn6i-c4g1.xlarge", PassUnknown: true})
	if err != nil {
		t.Fatal(err)
	}
	accepted, _ := outcome(got)
	if diff := cmp.Diff([]string{
		"2-4Gi: a size that ECI sells",
		"1-2Gi: the smallest size that ECI sells with at least 1-1Gi",
		"ecs.gn6i-c4g1.xlarge: not in the catalogue, so its memory was not checked; the API decides",
	}, accepted); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if p := got.Accepted[0].Price; p == nil || !near(p.Hourly, 0.4412, 1e-9) || p.Kind != ListPrice {
		t.Errorf("price of 2-4Gi is %v", p)
	}
}

func TestNothingFits(t *testing.T) {
	tests := map[string]struct {
		request Request
		want    []string
	}{
		"memory": {Request{Annotation: AnnotationReserve, Specs: "ecs.t5-lc2m1.nano", MemoryGiB: 4},
			[]string{"ecs.t5-lc2m1.nano", "has 0.5 GiB, the pod asks for 4 GiB", "smallest that fits is ecs.t6-c1m2.large (2 vCPU, 4 GiB)"}},
		"default list": {Request{Annotation: AnnotationReserve, MemoryGiB: 500},
			[]string{DefaultReserveSpecs, "nothing that is sold has that much"}},
		"no such type": {Request{Annotation: AnnotationReserve, Specs: "64-512Gi"}, []string{"64-512Gi", "no instance type in the catalogue"}},
		"everything out": {Request{Annotation: AnnotationReserve, Specs: "1-2Gi", OutOfStock: func(string) bool { return true }},
			[]string{"known to be out of stock", "; and 25 more"}},
		"size": {Request{Annotation: AnnotationUseSpecs, Specs: "1-2Gi", MemoryGiB: 3}, []string{"smallest that fits is 1-4Gi"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			choice, err := mustMarket(t).Choose(tt.request)
			var none *NoFitError
			if !errors.As(err, &none) || len(choice.Accepted) != 0 {
				t.Fatalf("got %v, %v, want a NoFitError", choice.Accepted, err)
			}
			for _, want := range append(tt.want, tt.request.Annotation) {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q does not say %q", err, want)
				}
			}
		})
	}
}

func TestBadRequests(t *testing.T) {
	for want, r := range map[string]Request{
		`annotation "specs"`: {Annotation: "specs"},
		"-1 GiB":             {Annotation: AnnotationReserve, MemoryGiB: -1},
	} {
		if _, err := mustMarket(t).Choose(r); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want an error with %q", err, want)
		}
	}
}

// Prices of the API decide the order, whatever was assumed before.
func TestAPIPricesDecide(t *testing.T) {
	base := mustMarket(t)
	book, err := base.Prices().With([]PriceRecord{
		apiPrice("ecs.t5-lc1m2.large", 0.30), apiPrice("ecs.n1.small", 0.10), apiPrice("ecs.t5-lc1m2.small", 0.20),
	})
	if err != nil {
		t.Fatal(err)
	}
	got, err := NewMarket(base.Catalogue(), nil, book).Choose(Request{Annotation: AnnotationReserve, Specs: "1-2Gi"})
	if err != nil {
		t.Fatal(err)
	}
	want := "ecs.n1.small,ecs.t5-lc1m2.small,ecs.t5-lc1m2.large,ecs.t6-c1m1.large,ecs.s6-c1m2.small"
	if got.Specs() != want {
		t.Errorf("got  %s\nwant %s", got.Specs(), want)
	}
	if why := got.Accepted[0].Why(); !strings.HasSuffix(why, "by API price") {
		t.Errorf("the reason %q does not say that the API priced it", why)
	}
}

// What a refresh brings is searched only if ECI takes it.
func TestSearchAsksWhetherECISells(t *testing.T) {
	merged, _, err := mustCatalogue(t).Merge([]TypeRecord{
		{ID: "ecs.e-c1m2.small", Family: "ecs.e", VCPU: 1, MemoryGiB: 2},
		{ID: "ecs.e-c1m4.small", Family: "ecs.e", VCPU: 1, MemoryGiB: 4},
	})
	if err != nil {
		t.Fatal(err)
	}
	stock, err := NewStock([]StockRecord{{"cn-hangzhou-k", "ecs.e-c1m4.small", "WithStock"}, {"cn-hangzhou-k", "ecs.t6", "WithoutStock"}})
	if err != nil {
		t.Fatal(err)
	}
	prices, err := mustPrices(t, "CNY").With([]PriceRecord{apiPrice("ecs.e-c1m2.small", 0.01), apiPrice("ecs.e-c1m4.small", 0.02)})
	if err != nil {
		t.Fatal(err)
	}
	got, err := NewMarket(merged, stock, prices).Choose(Request{Annotation: AnnotationReserve, Specs: "1-2Gi"})
	if err != nil {
		t.Fatal(err)
	}
	accepted, rejected := outcome(got)
	if !strings.HasPrefix(accepted[0], "ecs.e-c1m4.small") {
		t.Errorf("the cheapest with stock is first, got %s", accepted[0])
	}
	for _, want := range []string{
		"ecs.e-c1m2.small: ECI is not documented to accept ecs.e, and no stock answer names it",
		"ecs.t6-c1m1.large: known to be out of stock",
	} {
		if !strings.Contains(strings.Join(rejected, "\n"), want) {
			t.Errorf("got\n%s\nwant %q", strings.Join(rejected, "\n"), want)
		}
	}
}

// Whatever is asked, the answer keeps its promises.
func TestChooseProperties(t *testing.T) {
	m := mustMarket(t)
	for vcpu := 0.5; vcpu <= 16; vcpu *= 2 {
		for memory := 0.5; memory <= 32; memory *= 2 {
			for need := 0.0; need <= 32; need += 3.5 {
				r := Request{Annotation: AnnotationReserve, Specs: fmt.Sprintf("%g-%gGi", vcpu, memory), MemoryGiB: need}
				c, err := m.Choose(r)
				if err != nil {
					continue
				}
				if len(c.Accepted) > MaxEntries {
					t.Fatalf("%+v: %d accepted", r, len(c.Accepted))
				}
				for _, a := range c.Accepted {
					if a.Size.VCPU < vcpu || a.Size.MemoryGiB < max(memory, need) {
						t.Fatalf("%+v: %s is too small", r, a.ID)
					}
				}
				if len(c.Accepted) < MaxEntries {
					if c.NotJudged > 0 {
						t.Fatalf("%+v: there was room, and %d were not judged", r, c.NotJudged)
					}
					for _, j := range c.Rejected {
						if j.Size.MemoryGiB >= max(memory, need) {
							t.Fatalf("%+v: %s fits and there was room: %s", r, j.ID, j.Why())
						}
					}
				}
			}
		}
	}
}
