package decide_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ebb-node/ebb/reserve/decide"
)

func TestNotes(t *testing.T) {
	for _, r := range []struct {
		name string
		see  decide.Observation
		want []string // reasons
	}{
		{"all is well", observed(inactive, gone, with(pod("a", ready))), nil},
		{"broken", observed(inactive, with(pod("a", crashing))), []string{decide.NoteBroken}},
		{"to be reclaimed", observed(inactive, gone, with(pod("a", ready, expiring))), []string{decide.NoteWorn}},
		{"restarted", observed(inactive, gone, with(pod("a", ready, restarted))), []string{decide.NoteWorn}},
		{"credits", observed(inactive, gone, with(pod("a", ready, creditsLow, busy))), []string{decide.NoteCredits}},
		{"credits, and standard pods are on their way", observed(activating(time.Second), with(pod("a", ready, creditsLow, busy))), []string{decide.NoteCredits}},
		{"credits, and standard pods serve", observed(with(pod("a", ready, creditsLow, busy))), nil},
		{"standard pods start", observed(activating(119*time.Second), with(pod("a", ready))), nil},
		{"idle for long, and just woken", observed(func(o *decide.Observation) {
			o.Scaler = decide.Scaler{Activity: decide.Idle, Since: ago(time.Hour)}
		}, standard(1, 0), remembered(decide.Reserved), with(pod("a", ready))), nil},
		{"standard pods do not start", observed(activating(2*time.Minute), with(pod("a", ready))), []string{decide.NoteStandard}},
		{"the autoscaler gave up", observed(timedOut, gone, with(pod("a", ready))), []string{decide.NoteStandard}},
		{"no reserve that could go on", observed(activating(2 * time.Minute)), nil},
		{"no reports", observed(inactive, gone, unreported(15*time.Second), with(pod("a", ready))), []string{decide.NoteUnreported}},
		{"no load to report", observed(inactive, gone, with(pod("a", ready, unread(15*time.Second)))), []string{decide.NoteUnreported}},
		{"a request that the autoscaler does not heed", observed(reserved(time.Hour), with(pod("a", ready, asked(time.Second)))), []string{decide.NoteUnheeded}},
		{"no reports, and none to make", observed(unreported(time.Hour)), nil},
	} {
		t.Run(r.name, func(t *testing.T) {
			var got []string
			for _, n := range decide.Decide(r.see, limits).Notes {
				got = append(got, n.Reason)
				if !n.Warning || strings.TrimSpace(n.Message) == "" {
					t.Errorf("note %+v; want a warning with a message", n)
				}
			}
			if diff := cmp.Diff(r.want, got); diff != "" {
				t.Errorf("wrong notes (-want +got):\n%s", diff)
			}
		})
	}
}

func TestNextLook(t *testing.T) {
	for _, r := range []struct {
		name string
		see  decide.Observation
		want time.Duration
	}{
		{"idle: none, whatever the time", observed(inactive, gone, with(pod("a", readyFor(time.Hour)))), 0},
		{"active: none", observed(), 0},
		{"a leaving pod: each second", observed(with(pod("a", detached(time.Minute)))), time.Second},
		{"a pod that has just been detached", observed(with(pod("a", ready))), time.Second},
		{"settling", observed(inactive, with(pod("a", readyFor(500*time.Millisecond)))), 1500 * time.Millisecond},
		{"starting: when the node may have refused", observed(inactive, with(pod("a", aged(4*time.Second)))), 6 * time.Second},
		{"starting: when it is late", observed(inactive, with(pod("a", aged(4*time.Minute)))), time.Minute},
		{"after a failure", observed(inactive, gone, failed(1, ago(20*time.Second))), 40 * time.Second},
		{"nothing can be reported: when labels take over", observed(inactive, gone, unreported(5*time.Second), with(pod("a", readyFor(time.Hour)))), 10 * time.Second},
		{"a pod does not answer", observed(inactive, gone, with(pod("a", readyFor(time.Hour), unread(5*time.Second)))), 10 * time.Second},
		{"labels have taken over", observed(inactive, gone, unreported(time.Hour), with(pod("a", readyFor(time.Hour), counted))), 0},
		{"told of a request: when the autoscaler should have heeded it", observed(reserved(time.Hour), with(pod("a", ready, asked(100*time.Millisecond)))), 400 * time.Millisecond},
		{"standard pods may be slow", observed(activating(30*time.Second), with(pod("a", ready))), 90 * time.Second},
	} {
		t.Run(r.name, func(t *testing.T) {
			if got := decide.Decide(r.see, limits).Again; got != r.want {
				t.Errorf("looks again after %v, want %v", got, r.want)
			}
		})
	}
}

func TestStatesHaveNames(t *testing.T) {
	for _, s := range decide.States() {
		if got, err := decide.ParseState(s.String()); err != nil || got != s {
			t.Errorf("state %v: parsed as %v, %v", s, got, err)
		}
	}
	if _, err := decide.ParseState("Asleep"); err == nil || !strings.Contains(err.Error(), "Asleep") {
		t.Errorf("error %v; want one that quotes the text", err)
	}
}
