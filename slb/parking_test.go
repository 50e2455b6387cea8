package slb

import (
	"testing"
	"time"

	testclock "k8s.io/utils/clock/testing"
)

// TestWhatIsCorrectedIsNotParked refuses an entry for good, and looks for the
// same one, made anew, and for one that holds something else.
func TestWhatIsCorrectedIsNotParked(t *testing.T) {
	secure := func(certificate string) Listener {
		return Listener{Protocol: HTTPS, Port: 443, Group: "default", Certificate: certificate}
	}
	replaces := func(l Listener) DeleteListener { return DeleteListener{Endpoint: port80, For: &l} }
	for name, c := range map[string]struct{ refused, same, corrected any }{
		"the certificate of a listener":     {SetListener{secure("one")}, SetListener{secure("one")}, SetListener{secure("two")}},
		"that of a new one":                 {CreateListener{secure("one")}, CreateListener{secure("one")}, CreateListener{secure("two")}},
		"the listener that takes its place": {replaces(secure("one")), replaces(secure("one")), replaces(secure("two"))},
		"the certificate of a server name":  {SetExtension{443, "de-1", Extension{"a.com", "one"}}, SetExtension{443, "de-1", Extension{"a.com", "one"}}, SetExtension{443, "de-1", Extension{"a.com", "two"}}},
		"that of a new server name":         {CreateExtension{443, Extension{"a.com", "one"}}, CreateExtension{443, Extension{"a.com", "one"}}, CreateExtension{443, Extension{"a.com", "two"}}},
		"the group of a rule":               {ruleOf{port80, Rule{"a.com", "", "one"}}, ruleOf{port80, Rule{"a.com", "", "one"}}, ruleOf{port80, Rule{"a.com", "", "two"}}},
		"the weight of a member":            {placed{"app", pod(1, 1)}, placed{"app", pod(1, 1)}, placed{"app", pod(1, 2)}},
	} {
		t.Run(name, func(t *testing.T) {
			p := newParking(testclock.NewFakePassiveClock(time.Now()), time.Minute)
			p.put(c.refused, Problem{})
			if _, parked := p.find(c.same); !parked {
				t.Error("the same one is tried again")
			}
			if _, parked := p.find(c.corrected); parked {
				t.Error("the corrected one is not tried")
			}
		})
	}
}
