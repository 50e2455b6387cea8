package instancespecs

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestMerge(t *testing.T) {
	base := mustCatalogue(t)
	before := base.Len()
	merged, conflicts, err := base.Merge([]TypeRecord{
		{ID: "ecs.t5-lc1m2.small", Family: "ecs.t5", VCPU: 1, MemoryGiB: 2, InitialCredit: 30},
		{ID: "ecs.t6-c1m1.large", Family: "ecs.t6", VCPU: 4, MemoryGiB: 2, InitialCredit: 60},
		{ID: "ecs.t6-c1m2.large", Family: "ecs.t6", VCPU: 2, MemoryGiB: 4, InitialCredit: 61},
		{ID: "ecs.t6-c1m4.large", Family: "ecs.t6", VCPU: 2, MemoryGiB: 8},
		{ID: "ecs.t6-c9m9.large", Family: "ecs.t6", VCPU: 2, MemoryGiB: 9, InitialCredit: 60},
		{ID: "ecs.ebmg5.24xlarge", Family: "ecs.ebmg5", VCPU: 96, MemoryGiB: 384},
		{ID: "ecs.c7.large", Family: "ecs.c7", VCPU: 2, MemoryGiB: 4},
		{ID: "ecs.n4.small", Family: "ecs.n4", VCPU: 1, MemoryGiB: 2.5},
		{ID: "odd name", Family: "odd", VCPU: 1, MemoryGiB: 1},
	})
	if err != nil {
		t.Fatal(err)
	}
	var refused []string
	for _, c := range conflicts {
		refused = append(refused, c.ID)
	}
	want := []string{"ecs.t6-c1m1.large", "ecs.t6-c1m2.large", "ecs.t6-c1m4.large", "ecs.t6-c9m9.large", "odd name"}
	if diff := cmp.Diff(want, refused); diff != "" {
		t.Errorf("conflicts (-want +got):\n%s", diff)
	}
	if base.Len() != before {
		t.Error("the merge changed its base")
	}
	if got := merged.Len(); got != before+2 {
		t.Errorf("%d types, want the two new ones besides %d", got, before)
	}
	if c7, _ := merged.Lookup("ecs.c7.large"); c7.Generation != 7 || c7.Burstable || c7.Source != sourceAPI {
		t.Errorf("new type is %+v", c7)
	}
	if n4, _ := merged.Lookup("ecs.n4.small"); n4.MemoryGiB != 2.5 || n4.Source != sourceAPI {
		t.Errorf("changed type is %+v", n4)
	}
	if t6, _ := merged.Lookup("ecs.t6-c1m1.large"); t6 != mustType(t, "ecs.t6-c1m1.large") {
		t.Errorf("a contradicted row was changed to %+v", t6)
	}
}

func TestConflictsSayWhy(t *testing.T) {
	for want, r := range map[string]TypeRecord{
		"4 vCPU, the catalogue 2":              {ID: "ecs.t6-c1m1.large", Family: "ecs.t6", VCPU: 4, MemoryGiB: 2, InitialCredit: 60},
		"61 initial credits, the catalogue 60": {ID: "ecs.t6-c1m1.large", Family: "ecs.t6", VCPU: 2, MemoryGiB: 2, InitialCredit: 61},
		"without initial credits":              {ID: "ecs.t6-c1m1.large", Family: "ecs.t6", VCPU: 2, MemoryGiB: 2},
		"its baseline is in no document":       {ID: "ecs.t6-c9m9.large", Family: "ecs.t6", VCPU: 2, MemoryGiB: 9, InitialCredit: 60},
		"must be above 0":                      {ID: "ecs.c7.large", Family: "ecs.c7"},
	} {
		_, conflicts, err := mustCatalogue(t).Merge([]TypeRecord{r})
		if err != nil || len(conflicts) != 1 || !strings.Contains(conflicts[0].String(), want) {
			t.Errorf("got %v, %v, want one conflict with %q", conflicts, err, want)
		}
	}
}

func TestMergeOfNothingIsAnError(t *testing.T) {
	if _, _, err := mustCatalogue(t).Merge(nil); err == nil {
		t.Error("an empty refresh must not pass for a good one")
	}
}
