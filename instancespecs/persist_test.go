package instancespecs

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

// A ledger that is written and read at any time goes on as one that is not.
func TestLedgerSurvivesRestart(t *testing.T) {
	longest := 0
	forEachHistory(t, func(rng *rand.Rand, h history) bool {
		stays, restarts := h.ledger(t), h.ledger(t)
		for i, s := range h.samples {
			if rng.IntN(4) == 0 {
				text, _ := restarts.MarshalText()
				longest = max(longest, len(text))
				restarts = restored(t, restarts)
			}
			if a, b := stays.Observe(s), restarts.Observe(s); a != b {
				t.Errorf("sample %d: %s, after a restart %s", i, a, b)
				return false
			}
			if !sameLedger(stays, restarts, rounding) || stays.Throttled() != restarts.Throttled() {
				t.Errorf("sample %d: %+v, after a restart %+v", i, stays.Balance(), restarts.Balance())
				return false
			}
		}
		return true
	})
	if longest > 256 {
		t.Errorf("a ledger takes %d bytes, want at most 256 on each pod", longest)
	}
	t.Logf("the longest ledger takes %d bytes", longest)
}

func TestLedgerText(t *testing.T) {
	w := newWorker(t, mustType(t, "ecs.t5-lc1m2.small"), Standard)
	w.work(0.5, 2*time.Minute)
	text, err := w.MarshalText()
	if err != nil {
		t.Fatal(err)
	}
	// The format is read by later versions: changing it needs a new version.
	want := "1;ecs.t5-lc1m2.small;Standard;1767571260000;30000000000;1767571320000;60000000000;29.5;0.2;0;0;0.2;0;0.5;0;0;0.5"
	if string(text) != want {
		t.Errorf("got  %s\nwant %s", text, want)
	}
}

func TestRestoreErrors(t *testing.T) {
	const good = "1;ecs.t5-lc1m2.small;Standard;100;30;200;60;29.5;0.2;0;0;0.2;0;0.5;0;0;0.5"
	c := mustCatalogue(t)
	if _, err := RestoreLedger(good, c); err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct{ old, new, want string }{
		"version":       {"1;ecs", "2;ecs", `version "2" is unknown`},
		"empty":         {good, "", `version "" is unknown`},
		"short":         {";0.5;0;0;0.5", "", "has 13 fields, want 17"},
		"type":          {"ecs.t5-lc1m2.small", "ecs.t9.small", `field type: "ecs.t9.small" is not in the catalogue`},
		"not burstable": {"ecs.t5-lc1m2.small", "ecs.n1.small", `field type: "ecs.n1.small" is not burstable`},
		"mode":          {"Standard", "Turbo", `field mode: "Turbo"`},
		"time":          {";100;", ";soon;", `field settled_ms: "soon"`},
		"counter":       {";60;", ";-60;", `field latest_ns: "-60"`},
		"backwards":     {";200;", ";99;", `field latest_ms: "99" is before settled_ms`},
		"negative":      {"29.5", "-29.5", `field initial: "-29.5"`},
		"not a number":  {"29.5", "NaN", `field initial: "NaN"`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := RestoreLedger(strings.Replace(good, tt.old, tt.new, 1), c)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want an error with %q", err, tt.want)
			}
		})
	}
}

func TestRestoreFollowsACorrectedCap(t *testing.T) {
	l, err := RestoreLedger("1;ecs.t5-lc1m2.small;Standard;100;30;100;30;0;9999;0;0;0;0;0;0;0;0", mustCatalogue(t))
	if err != nil {
		t.Fatal(err)
	}
	if got := l.Balance().Accrued; got != 288 {
		t.Errorf("accrued %g, want the cap of 288", got)
	}
}
