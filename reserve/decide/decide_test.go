package decide_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/ebb-node/ebb/reserve/decide"
)

// row is one rule: what is observed, and what is decided. Notes, failures and the
// time of the next look have tables of their own.
type row struct {
	name string
	see  decide.Observation
	want decide.Decision
}

func TestCycle(t *testing.T) {
	check(t, []row{
		{
			"with traffic the gate is closed and there is no reserve",
			observed(gateOpen),
			decide.Decision{State: decide.Active, CloseGate: true},
		}, {
			"without traffic the reserve starts and the last pod is held",
			observed(inactive),
			decide.Decision{State: decide.Arming, CloseGate: true, Replicas: 1, Choose: true},
		}, {
			"it starts already when the autoscaler wants none and has not said so",
			observed(func(o *decide.Observation) { o.Scaler.Desired = 0 }),
			decide.Decision{State: decide.Arming, CloseGate: true, Replicas: 1, Choose: true},
		}, {
			"the gate stays closed while the reserve starts",
			observed(inactive, with(pod("a", aged(time.Second)))),
			decide.Decision{State: decide.Arming, CloseGate: true, Replicas: 1},
		}, {
			"and until what follows its readiness has followed",
			observed(inactive, with(pod("a", readyFor(time.Second)))),
			decide.Decision{State: decide.Arming, CloseGate: true, Replicas: 1, Follow: []string{"a"}},
		}, {
			"then it opens",
			observed(inactive, with(pod("a", readyFor(2*time.Second)))),
			decide.Decision{State: decide.Arming, Replicas: 1, Follow: []string{"a"}},
		}, {
			"the reserve stands alone",
			observed(inactive, gone, gateOpen, with(pod("a", ready))),
			decide.Decision{State: decide.Reserved, Replicas: 1, Follow: []string{"a"}},
		}, {
			"a request: the Deployment knows it a moment before the autoscaler says so",
			observed(inactive, standard(1, 0), gateOpen, remembered(decide.Reserved), with(pod("a", ready))),
			decide.Decision{State: decide.Activating, Replicas: 1, Follow: []string{"a"}},
		}, {
			"a request: standard pods start, the reserve serves, the gate closes",
			observed(activating(time.Second), gateOpen, with(pod("a", ready))),
			decide.Decision{State: decide.Activating, CloseGate: true, Replicas: 1, Follow: []string{"a"}},
		}, {
			"a standard pod is ready, but the gate does not hold yet: the reserve stays",
			observed(gateOpen, with(pod("a", ready))),
			decide.Decision{State: decide.Handover, CloseGate: true, Replicas: 1, Follow: []string{"a"}},
		}, {
			"the Deployment says ready and the autoscaler does not: the reserve stays",
			observed(activating(time.Second), standard(1, 1), with(pod("a", ready))),
			decide.Decision{State: decide.Activating, CloseGate: true, Replicas: 1, Follow: []string{"a"}},
		}, {
			"the autoscaler counts the reserve as ready and no standard pod is: it stays",
			observed(standard(1, 0), with(pod("a", ready, counted))),
			decide.Decision{State: decide.Activating, CloseGate: true, Replicas: 1, Follow: []string{"a"}},
		}, {
			"both say ready and the gate holds: the reserve is detached",
			observed(with(pod("a", ready))),
			decide.Decision{State: decide.Handover, CloseGate: true, Replicas: 1, Follow: []string{"a"}, Detach: []string{"a"}},
		}, {
			"it finishes what it has",
			observed(with(pod("a", detached(time.Minute)))),
			decide.Decision{State: decide.Handover, CloseGate: true, Replicas: 1, Follow: []string{"a"}},
		}, {
			"it has nothing left",
			observed(with(pod("a", detached(time.Minute), idle))),
			decide.Decision{State: decide.Handover, CloseGate: true, Follow: []string{"a"}},
		}, {
			"or no request can be that long",
			observed(with(pod("a", detached(5*time.Minute)))),
			decide.Decision{State: decide.Handover, CloseGate: true, Follow: []string{"a"}},
		}, {
			"while it ends the revision is as before",
			observed(with(pod("a", detached(time.Minute), deleting))),
			decide.Decision{State: decide.Active, CloseGate: true, Follow: []string{"a"}},
		},
	})
}

func TestInterruptions(t *testing.T) {
	check(t, []row{
		{
			"traffic comes while the reserve starts: it is not needed",
			observed(with(pod("a"))),
			decide.Decision{State: decide.Active, CloseGate: true},
		}, {
			"a request comes while both are to start: whichever is first",
			observed(activating(time.Second), with(pod("a"))),
			decide.Decision{State: decide.Activating, CloseGate: true, Replicas: 1},
		}, {
			"a request comes before there is a reserve: an ordinary cold start",
			observed(activating(time.Second)),
			decide.Decision{State: decide.Active, CloseGate: true},
		}, {
			"there never was a standard pod to hold",
			observed(inactive, gone),
			decide.Decision{State: decide.Arming, Replicas: 1, Choose: true},
		}, {
			"traffic ends during the hand-over: a fresh pod comes beside the one that leaves",
			observed(inactive, with(pod("a", detached(time.Minute)))),
			decide.Decision{State: decide.Arming, CloseGate: true, Replicas: 2, Follow: []string{"a"}},
		}, {
			"the one that leaves keeps its place until the fresh one is ready",
			observed(inactive, with(pod("a", detached(time.Minute), idle), pod("b", aged(time.Second)))),
			decide.Decision{State: decide.Arming, CloseGate: true, Replicas: 2, Follow: []string{"a"}},
		}, {
			"then it goes",
			observed(inactive, gone, with(pod("a", detached(time.Minute), idle), pod("b", ready))),
			decide.Decision{State: decide.Reserved, Replicas: 1, Follow: []string{"b", "a"}},
		}, {
			"standard pods do not start: the reserve serves again",
			observed(timedOut, gone, with(pod("a", ready))),
			decide.Decision{State: decide.Reserved, Replicas: 1, Follow: []string{"a"}},
		}, {
			"two are wanted and one is ready: enough to let the last standard pod go",
			observed(inactive, replicas(2), with(pod("a", ready), pod("b"))),
			decide.Decision{State: decide.Arming, Replicas: 2, Follow: []string{"a"}},
		}, {
			"fewer are wanted than there are: the youngest leaves first",
			observed(inactive, gone, with(pod("a", readyFor(time.Hour)), pod("b", readyFor(time.Minute)))),
			decide.Decision{State: decide.Reserved, Replicas: 2, Follow: []string{"a", "b"}, Detach: []string{"b"}},
		}, {
			"and goes when it is done",
			observed(inactive, gone, with(pod("a", readyFor(time.Hour)), pod("b", detached(time.Minute), idle))),
			decide.Decision{State: decide.Reserved, Replicas: 1, Follow: []string{"a", "b"}},
		}, {
			"two are handed over at once",
			observed(replicas(2), with(pod("a", ready), pod("b", ready))),
			decide.Decision{State: decide.Handover, CloseGate: true, Replicas: 2, Follow: []string{"a", "b"}, Detach: []string{"a", "b"}},
		},
	})
}

func TestLabelsInsteadOfReports(t *testing.T) {
	reserved := func(changes ...change) decide.Observation {
		return observed(append([]change{inactive, gone, gateOpen}, changes...)...)
	}
	check(t, []row{
		{
			"a short interruption changes nothing",
			reserved(unreported(14*time.Second), with(pod("a", ready))),
			decide.Decision{State: decide.Reserved, Replicas: 1, Follow: []string{"a"}},
		}, {
			"one pod is counted, never more",
			reserved(unreported(15*time.Second), replicas(2), with(pod("a", ready), pod("b", ready))),
			decide.Decision{State: decide.Reserved, Replicas: 2, Follow: []string{"a", "b"}, Count: "a"},
		}, {
			"and it stays the same one",
			reserved(unreported(time.Hour), replicas(2), with(pod("a", ready), pod("b", ready, counted))),
			decide.Decision{State: decide.Reserved, Replicas: 2, Follow: []string{"a", "b"}, Count: "b"},
		}, {
			"it stays counted while standard pods start",
			observed(activating(time.Second), unreported(time.Hour), with(pod("a", ready, counted))),
			decide.Decision{State: decide.Activating, CloseGate: true, Replicas: 1, Follow: []string{"a"}, Count: "a"},
		}, {
			"none is counted beside a standard pod",
			observed(inactive, unreported(time.Hour), with(pod("a", ready))),
			decide.Decision{State: decide.Arming, Replicas: 1, Follow: []string{"a"}},
		}, {
			"none is counted beside one that leaves and is counted",
			reserved(unreported(time.Hour), with(pod("a", ready), pod("b", detached(time.Minute), counted))),
			decide.Decision{State: decide.Reserved, Replicas: 2, Follow: []string{"a", "b"}},
		}, {
			"a pod does not answer, but only for a moment",
			reserved(with(pod("a", ready, unread(14*time.Second)))),
			decide.Decision{State: decide.Reserved, Replicas: 1, Follow: []string{"a"}},
		}, {
			"a pod does not answer: it is the one that is counted",
			reserved(replicas(2), with(pod("a", ready), pod("b", ready, unread(15*time.Second)))),
			decide.Decision{State: decide.Reserved, Replicas: 2, Follow: []string{"a", "b"}, Count: "b"},
		}, {
			"reports work again: none is counted",
			reserved(with(pod("a", ready, counted))),
			decide.Decision{State: decide.Reserved, Replicas: 1, Follow: []string{"a"}},
		},
	})
}

func check(t *testing.T, rows []row) {
	t.Helper()
	ignore := cmpopts.IgnoreFields(decide.Decision{}, "Notes", "Failure", "Again", "Exists")
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			got := decide.Decide(r.see, limits)
			if diff := cmp.Diff(r.want, got, ignore, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("wrong decision (-want +got):\n%s", diff)
			}
			if want := r.see.Off == "" || r.want.Exists; got.Exists != want {
				t.Errorf("exists %t, want %t; a reserve Deployment is there unless none is wanted and no pod is left", got.Exists, want)
			}
		})
	}
}
