package instancespecs

import (
	"strings"
	"sync"
	"testing"
)

var defaultCatalogue = sync.OnceValues(DefaultCatalogue)

func mustCatalogue(t testing.TB) *Catalogue {
	t.Helper()
	c, err := defaultCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func mustType(t testing.TB, id string) InstanceType {
	t.Helper()
	typ, ok := mustCatalogue(t).Lookup(id)
	if !ok {
		t.Fatalf("%s is not in the catalogue", id)
	}
	return typ
}

// The identities are written out here once more, so that neither the data nor
// the check can drift without this test.
func TestEveryRowKeepsTheIdentities(t *testing.T) {
	burstable := 0
	for row := range mustCatalogue(t).All() {
		if !row.Burstable {
			continue
		}
		burstable++
		perHour := row.VCPU * row.BaselinePercent / 100 * 60
		if diff := row.CreditsPerHour - perHour; diff > 1e-9 || diff < -1e-9 {
			t.Errorf("%s: %g credits per hour, want %g", row.ID, row.CreditsPerHour, perHour)
		}
		if row.MaxBalance != row.CreditsPerHour*24 {
			t.Errorf("%s: cap %g, want %g", row.ID, row.MaxBalance, row.CreditsPerHour*24)
		}
		if row.InitialCredits != row.VCPU*30 {
			t.Errorf("%s: %g initial credits, want %g", row.ID, row.InitialCredits, row.VCPU*30)
		}
	}
	if burstable != 23 {
		t.Errorf("%d burstable types, want 7 of t6 and 16 of t5", burstable)
	}
}

func TestLookup(t *testing.T) {
	got := mustType(t, "ecs.t5-lc1m2.small")
	got.Source = ""
	want := InstanceType{
		ID: "ecs.t5-lc1m2.small", Family: "ecs.t5", Generation: 5, VCPU: 1, MemoryGiB: 2, Burstable: true,
		BaselinePercent: 20, CreditsPerHour: 12, MaxBalance: 288, InitialCredits: 30,
	}
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if _, ok := mustCatalogue(t).Lookup("ecs.t5.small"); ok {
		t.Error("ecs.t5.small is no instance type")
	}
}

func TestCatalogueRefusesBadRows(t *testing.T) {
	const head = "instance_type,family,generation,vcpu,memory_gib,burstable,baseline_pct,credits_per_hour,max_balance,initial_credits,source\n"
	tests := map[string]struct{ text, want string }{
		"credits per hour": {head + "ecs.t5-a.small,ecs.t5,5,1,2,true,20,11,264,30,doc\n", `"ecs.t5-a.small": credits_per_hour 11, want 12`},
		"cap":              {head + "ecs.t5-a.small,ecs.t5,5,1,2,true,20,12,287,30,doc\n", "max_balance 287, want 288"},
		"initial":          {head + "ecs.t5-a.small,ecs.t5,5,1,2,true,20,12,288,60,doc\n", "initial_credits 60, want 30"},
		"baseline":         {head + "ecs.t5-a.small,ecs.t5,5,1,2,true,100,60,1440,30,doc\n", "baseline_pct 100"},
		"plain credits":    {head + "ecs.c5.large,ecs.c5,5,2,4,false,20,,,,doc\n", "is not burstable but has credits"},
		"family":           {head + "ecs.c5.large,ecs.c6,5,2,4,false,,,,,doc\n", `family "ecs.c6"`},
		"name":             {head + "c5.large,c5,5,2,4,false,,,,,doc\n", "ecs.<family>.<size>"},
		"no memory":        {head + "ecs.c5.large,ecs.c5,5,2,,false,,,,,doc\n", "memory_gib 0"},
		"no source":        {head + "ecs.c5.large,ecs.c5,5,2,4,false,,,,,\n", "source is empty"},
		"twice":            {head + strings.Repeat("ecs.c5.large,ecs.c5,5,2,4,false,,,,,doc\n", 2), "listed twice"},
		"not a number":     {head + "ecs.c5.large,ecs.c5,5,two,4,false,,,,,doc\n", `x.csv line 2: vcpu "two" is not a number`},
		"not a bool":       {head + "ecs.c5.large,ecs.c5,5,2,4,maybe,,,,,doc\n", `burstable "maybe" is not true or false`},
		"infinite":         {head + "ecs.c5.large,ecs.c5,5,Inf,4,false,,,,,doc\n", `vcpu "Inf"`},
		"ragged":           {head + "ecs.c5.large,ecs.c5\n", "wrong number of fields"},
		"no rows":          {head, "no instance type"},
		"no columns":       {"", "names the columns"},
		"column missing":   {"instance_type,family\n", `column "generation" is missing`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := ParseCatalogue("x.csv", tt.text)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want an error with %q", err, tt.want)
			}
		})
	}
}

func TestFamilyOf(t *testing.T) {
	for id, want := range map[string]string{
		"ecs.t5-lc1m2.small":    "ecs.t5",
		"ecs.c6.xlarge":         "ecs.c6",
		"ecs.gn6i-c4g1.xlarge":  "ecs.gn6i",
		"ecs.t5":                "ecs.t5",
		"ecs.ebmg5s.24xlarge":   "ecs.ebmg5s",
		"ecs.sn1ne.large":       "ecs.sn1ne",
		"something-else.entire": "something",
	} {
		if got := familyOf(id); got != want {
			t.Errorf("familyOf(%q) = %q, want %q", id, got, want)
		}
	}
}
