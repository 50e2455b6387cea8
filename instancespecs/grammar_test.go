package instancespecs

import (
	"errors"
	"strings"
	"testing"
)

func TestBadEntries(t *testing.T) {
	tests := []struct{ specs, entry, problem string }{
		{"2-4", "2-4", "lacks its unit Gi"},
		{"2-4G", "2-4G", "lacks its unit Gi"},
		{"-2-4Gi", "-2-4Gi", "negative"},
		{"2--4Gi", "2--4Gi", "the memory is not a number above 0"},
		{"0-4Gi", "0-4Gi", "the vCPUs are not a number above 0"},
		{"1-0Gi", "1-0Gi", "the memory is not a number above 0"},
		{"1e2-4Gi", "1e2-4Gi", "the vCPUs are not"},
		{"Inf-4Gi", "Inf-4Gi", "the vCPUs are not"},
		{"1.2.3-4Gi", "1.2.3-4Gi", "the vCPUs are not"},
		{"-4Gi", "-4Gi", "negative"},
		{"large", "large", "neither a size nor an ECS instance type"},
		{"", "", "is empty"},
		{"1-2Gi,", "", "is empty"},
		{"1-2Gi,,2-4Gi", "", "is empty"},
		{"1-2Gi, 2-4", "2-4", "lacks its unit Gi"},
		{"ecs.t5", "ecs.t5", "ecs.<family>.<size>"},
		{"ecs.t5-.small", "ecs.t5-.small", "ecs.<family>.<size>"},
		{"ecs.T5-lc1m2.small", "ecs.T5-lc1m2.small", "ecs.<family>.<size>"},
		{"ecs.t5.small", "ecs.t5.small", "is not in the catalogue; ecs.t5 has ecs.t5-lc2m1.nano, ecs.t5-lc1m1.small, ecs.t5-lc1m2.small"},
		{"ecs.unheard.large", "ecs.unheard.large", "is not in the catalogue of 36 instance types"},
		{"1-2Gi,1-4Gi,2-4Gi,2-8Gi,4-8Gi,4-16Gi", "1-2Gi,1-4Gi,2-4Gi,2-8Gi,4-8Gi,4-16Gi", "has 6 entries"},
	}
	m := mustMarket(t)
	for _, tt := range tests {
		for _, annotation := range []string{AnnotationUseSpecs, AnnotationReserve} {
			if tt.specs == "" && annotation == AnnotationReserve {
				continue // stands for the default list
			}
			_, err := m.Choose(Request{Annotation: annotation, Specs: tt.specs})
			var bad *SpecError
			if !errors.As(err, &bad) {
				t.Errorf("%s %q: got %v, want a SpecError", annotation, tt.specs, err)
				continue
			}
			if bad.Entry != tt.entry || !strings.Contains(bad.Problem, tt.problem) {
				t.Errorf("%s %q: entry %q, problem %q, want %q and %q",
					annotation, tt.specs, bad.Entry, bad.Problem, tt.entry, tt.problem)
			}
			text := err.Error()
			if !strings.Contains(text, annotation) || !strings.Contains(text, `"`+tt.entry+`"`) ||
				!strings.HasSuffix(text, Grammar) || strings.Count(text, Grammar) != 1 {
				t.Errorf("%q does not name the annotation, quote the entry and give the grammar once", text)
			}
		}
	}
}

func TestGoodEntries(t *testing.T) {
	got, err := parseSpecs(AnnotationUseSpecs, " 0.25-0.5Gi ,2-4Gi,ecs.c6.xlarge, ecs.gn6i-c4g1.xlarge")
	if err != nil {
		t.Fatal(err)
	}
	want := []entry{
		{text: "0.25-0.5Gi", size: Size{0.25, 0.5}},
		{text: "2-4Gi", size: Size{2, 4}},
		{text: "ecs.c6.xlarge", isType: true},
		{text: "ecs.gn6i-c4g1.xlarge", isType: true},
	}
	if got.n != len(want) {
		t.Fatalf("%d entries, want %d", got.n, len(want))
	}
	for i, w := range want {
		if got.list[i] != w {
			t.Errorf("entry %d is %+v, want %+v", i, got.list[i], w)
		}
	}
}

func TestFilter(t *testing.T) {
	for _, tt := range []struct {
		value, name string
		want        bool
	}{
		{"", "ecs.c6", true},
		{"ecs.c6,ecs.g6", "ecs.g6", true},
		{"ecs.c6, ecs.g6", "ecs.t5", false},
		{"-ecs.c6", "ecs.c6", false},
		{"-ecs.c6", "ecs.t5", true},
		{"-5,-4", "6", true},
		{"-5,-4", "5", false},
	} {
		f, err := ParseFilter(tt.value)
		if err != nil || f.Allows(tt.name) != tt.want {
			t.Errorf("filter %q, %q: got %t, %v", tt.value, tt.name, f.Allows(tt.name), err)
		}
	}
	for _, bad := range []string{"-", "ecs.c6,", "--6", "a b"} {
		if _, err := ParseFilter(bad); err == nil || !strings.Contains(err.Error(), bad) {
			t.Errorf("filter %q: got %v, want an error that quotes it", bad, err)
		}
	}
}
