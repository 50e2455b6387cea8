package credits

import (
	"testing"

	"github.com/ebb-node/ebb/instancespecs"
)

func catalogue(t *testing.T) *instancespecs.Catalogue {
	t.Helper()
	c, err := instancespecs.DefaultCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func typeOf(t *testing.T, id string) instancespecs.InstanceType {
	t.Helper()
	typ, ok := catalogue(t).Lookup(id)
	if !ok {
		t.Fatalf("no type %s", id)
	}
	return typ
}

func TestNextLevel(t *testing.T) {
	const small, wide = "ecs.t5-lc1m2.small", "ecs.t6-c1m4.2xlarge"
	for _, test := range []struct {
		name      string
		typ       string
		now       Level
		credits   float64
		throttled bool
		want      Level
	}{
		// 1 vCPU, 20 %: 12 credits are 15 min at full speed, 24 are 30, 6 are 7.5.
		{"new", small, Enough, 30, false, Enough},
		{"on the way down", small, Enough, 12, false, Enough},
		{"low", small, Enough, 11.9, false, Low},
		{"still low", small, Low, 23.9, false, Low},
		{"recovered from low", small, Low, 24, false, Enough},
		{"used up", small, Low, 0, true, Exhausted},
		{"used up between two samples", small, Enough, 0, true, Exhausted},
		{"the last credits, idle", small, Low, 0, false, Low},
		{"idle for a moment", small, Exhausted, 0.1, false, Exhausted},
		{"earning", small, Exhausted, 5.9, false, Exhausted},
		{"can burst again", small, Exhausted, 6, false, Low},
		{"used up again", small, Low, 1, true, Exhausted},
		{"recovered at once", small, Exhausted, 30, false, Enough},
		// 8 vCPU, 40 %: 72 credits are 15 min at full speed; 2 % of the cap are 92.
		{"wide, used up", wide, Low, 40, true, Exhausted},
		{"wide, within the precision of the ledger", wide, Exhausted, 80, false, Exhausted},
		{"wide, can burst again", wide, Exhausted, 93, false, Low},
		{"wide, recovered", wide, Low, 144, false, Enough},
	} {
		r := reading{typeOf(t, test.typ), test.credits, test.throttled}
		if got := next(test.now, r); got != test.want {
			t.Errorf("%s: %v with %v credits becomes %v, want %v", test.name, test.now, test.credits, got, test.want)
		}
	}
}

// A new instance must not begin with a warning, and of every type the lines lie
// in the order that the levels have.
func TestTheLinesOfEveryType(t *testing.T) {
	burstable := 0
	for typ := range catalogue(t).All() {
		if !typ.Burstable {
			continue
		}
		burstable++
		if next(Enough, reading{typ: typ, credits: typ.InitialCredits}) != Enough {
			t.Errorf("%s is born low", typ.ID)
		}
		if next(Exhausted, reading{typ: typ, credits: typ.InitialCredits}) != Enough {
			t.Errorf("%s does not recover with as much as it began with", typ.ID)
		}
		// The ledger takes an instance as throttled up to 1 % of the cap.
		if next(Exhausted, reading{typ: typ, credits: 0.011 * typ.MaxBalance}) != Exhausted {
			t.Errorf("%s leaves exhausted within the precision of the ledger", typ.ID)
		}
	}
	if burstable < 23 {
		t.Errorf("only %d burstable types", burstable)
	}
}

func TestEvents(t *testing.T) {
	for _, test := range []struct {
		from, to Level
		reason   string
	}{
		{Enough, Enough, ""}, {Low, Low, ""}, {Exhausted, Exhausted, ""}, {Exhausted, Low, ""},
		{Enough, Low, ReasonLow}, {Enough, Exhausted, ReasonExhausted}, {Low, Exhausted, ReasonExhausted},
		{Low, Enough, ReasonRecovered}, {Exhausted, Enough, ReasonRecovered},
	} {
		l, err := instancespecs.NewLedger(typeOf(t, "ecs.t5-lc1m2.small"), instancespecs.Standard, epoch)
		if err != nil {
			t.Fatal(err)
		}
		if got, _ := eventOf(test.from, test.to, l); got.reason != test.reason {
			t.Errorf("%v to %v: event %q, want %q", test.from, test.to, got.reason, test.reason)
		}
	}
}
