package decide_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ebb-node/ebb/reserve/decide"
)

func TestTrouble(t *testing.T) {
	check(t, []row{
		{
			"no stock yet: the node is still looking",
			observed(inactive, with(pod("a", aged(9*time.Second), refused("NoStock")))),
			decide.Decision{State: decide.Arming, CloseGate: true, Replicas: 1},
		}, {
			"no stock for any spec: taken out, ordinary scale to zero",
			observed(inactive, with(pod("a", aged(10*time.Second), refused("NoStock")))),
			decide.Decision{State: decide.Unavailable, Detach: []string{"a"}, Delete: []string{"a"}},
		}, {
			"not tried again for a while",
			observed(inactive, gone, failed(1, ago(59*time.Second))),
			decide.Decision{State: decide.Unavailable},
		}, {
			"then it is",
			observed(inactive, gone, failed(1, ago(time.Minute))),
			decide.Decision{State: decide.Arming, Replicas: 1, Choose: true},
		}, {
			"with traffic and no reserve in sight the gate is open",
			observed(failed(1, ago(time.Second))),
			decide.Decision{State: decide.Active},
		}, {
			"no spec can be used",
			observed(inactive, func(o *decide.Observation) { o.NoSpec = "nothing fits" }),
			decide.Decision{State: decide.Unavailable},
		}, {
			"a container keeps crashing",
			observed(inactive, with(pod("a", crashing))),
			decide.Decision{State: decide.Unavailable, Detach: []string{"a"}, Delete: []string{"a"}},
		}, {
			"a restart while the standard's pods are looked for: it could be taken for theirs",
			observed(activating(time.Second), with(pod("a", restarted))),
			decide.Decision{State: decide.Active, Detach: []string{"a"}, Delete: []string{"a"}},
		}, {
			"the scheduler finds no node, not yet",
			observed(inactive, with(pod("a", aged(2*time.Minute), unschedulable))),
			decide.Decision{State: decide.Arming, CloseGate: true, Replicas: 1},
		}, {
			"the scheduler finds no node",
			observed(inactive, with(pod("a", aged(3*time.Minute), unschedulable))),
			decide.Decision{State: decide.Unavailable, Detach: []string{"a"}, Delete: []string{"a"}},
		}, {
			"no node, while the standard's pods are looked for",
			observed(activating(time.Second), with(pod("a", aged(time.Second), unschedulable))),
			decide.Decision{State: decide.Active, Detach: []string{"a"}, Delete: []string{"a"}},
		}, {
			"it is not ready in time",
			observed(inactive, with(pod("a", aged(5*time.Minute)))),
			decide.Decision{State: decide.Unavailable, Detach: []string{"a"}, Delete: []string{"a"}},
		}, {
			"it was ready and is not: it has as long to return",
			observed(inactive, gone, with(pod("a", aged(time.Hour), func(p *decide.Pod) { p.Since = ago(4 * time.Minute) }))),
			decide.Decision{State: decide.Arming, Replicas: 1},
		}, {
			"one of two is broken: the other stays",
			observed(inactive, gone, replicas(2), with(pod("a", ready), pod("b", crashing))),
			decide.Decision{State: decide.Reserved, Replicas: 1, Follow: []string{"a"}, Detach: []string{"b"}, Delete: []string{"b"}},
		}, {
			"it ended soon: a failure",
			observed(inactive, gone, with(pod("a", ended))),
			decide.Decision{State: decide.Unavailable, Delete: []string{"a"}},
		}, {
			"it was reclaimed after hours: Kubernetes makes another one",
			observed(inactive, gone, with(pod("a", aged(3*time.Hour), ended))),
			decide.Decision{State: decide.Arming, Replicas: 1, Delete: []string{"a"}},
		}, {
			"it will be reclaimed: a second one starts",
			observed(inactive, gone, with(pod("a", ready, expiring))),
			decide.Decision{State: decide.Reserved, Replicas: 2, Follow: []string{"a"}},
		}, {
			"the second one is ready: the first leaves",
			observed(inactive, gone, with(pod("a", ready, expiring), pod("b", ready))),
			decide.Decision{State: decide.Reserved, Replicas: 2, Follow: []string{"a", "b"}, Detach: []string{"a"}},
		}, {
			"its container was restarted and it is ready: it is replaced likewise",
			observed(inactive, gone, with(pod("a", ready, restarted))),
			decide.Decision{State: decide.Reserved, Replicas: 2, Follow: []string{"a"}},
		}, {
			"but it serves on when it is the only one that can",
			observed(activating(time.Second), with(pod("a", ready, restarted))),
			decide.Decision{State: decide.Activating, CloseGate: true, Replicas: 1, Follow: []string{"a"}},
		}, {
			"a pod that will be gone is not enough to let the last standard pod go",
			observed(inactive, with(pod("a", ready, expiring))),
			decide.Decision{State: decide.Arming, CloseGate: true, Replicas: 2, Follow: []string{"a"}},
		}, {
			"unless no other one is to be had",
			observed(inactive, failed(1, ago(time.Second)), with(pod("a", ready, expiring))),
			decide.Decision{State: decide.Arming, Replicas: 1, Follow: []string{"a"}},
		}, {
			"what was to replace it was restarted, too: the older one stays, and is enough",
			observed(inactive, gone, with(pod("a", ready, restarted), pod("b", readyFor(time.Second), young, restarted))),
			decide.Decision{State: decide.Reserved, Replicas: 2, Follow: []string{"a", "b"}, Detach: []string{"b"}},
		}, {
			"it is enough to let the last standard pod go",
			observed(inactive, restartedBefore, with(pod("a", ready, restarted))),
			decide.Decision{State: decide.Arming, Replicas: 1, Follow: []string{"a"}},
		}, {
			"after a while another one is tried",
			observed(inactive, gone, restartedBefore, func(o *decide.Observation) { o.Memory.Failure.At = ago(time.Minute) }, with(pod("a", ready, restarted))),
			decide.Decision{State: decide.Reserved, Replicas: 2, Follow: []string{"a"}},
		}, {
			"an application that restarts once has a reserve all the same",
			observed(inactive, gone, restartedBefore),
			decide.Decision{State: decide.Arming, Replicas: 1, Choose: true},
		}, {
			"of two that were restarted both are replaced, no more",
			observed(inactive, gone, replicas(2), with(pod("a", ready, restarted), pod("b", ready, restarted), pod("c"))),
			decide.Decision{State: decide.Reserved, Replicas: 4, Follow: []string{"a", "b"}},
		}, {
			"a failure does not keep a ready reserve from leaving",
			observed(failed(1, ago(time.Second)), with(pod("a", ready))),
			decide.Decision{State: decide.Handover, CloseGate: true, Replicas: 1, Follow: []string{"a"}, Detach: []string{"a"}},
		},
	})
}

func TestFailuresAreRemembered(t *testing.T) {
	for _, r := range []struct {
		name string
		see  decide.Observation
		want decide.Failure
	}{
		{"the first", observed(inactive, with(pod("a", refused("NoStock")))), decide.Failure{Count: 1, At: now, Reason: "NoStock"}},
		{"one more", observed(inactive, failed(2, ago(10*time.Minute)), with(pod("a", crashing))), decide.Failure{Count: 3, At: now, Reason: decide.ReasonCrashing}},
		{
			"a pod that is still there counts once",
			observed(inactive, failed(1, ago(time.Second)), with(pod("a", refused("NoStock")))),
			decide.Failure{Count: 1, At: ago(time.Second), Reason: "NoStock"},
		},
		{"no spec", observed(inactive, func(o *decide.Observation) { o.NoSpec = "nothing fits" }), decide.Failure{Count: 1, At: now, Reason: decide.ReasonNoSpec}},
		{"an early end", observed(inactive, with(pod("a", ended))), decide.Failure{Count: 1, At: now, Reason: decide.ReasonEnded}},
		{"a refusal that ended the pod", observed(inactive, with(pod("a", ended, refused("NoStock")))), decide.Failure{Count: 1, At: now, Reason: "NoStock"}},
		{"a late end", observed(inactive, with(pod("a", aged(time.Hour), ended))), decide.Failure{}},
		{"kept while the reserve is young", observed(inactive, failed(1, ago(time.Hour)), with(pod("a", readyFor(9*time.Minute)))), decide.Failure{Count: 1, At: ago(time.Hour), Reason: "NoStock"}},
		{
			"a replacement that was restarted, too",
			observed(inactive, gone, with(pod("a", ready, restarted), pod("b", readyFor(time.Second), young, restarted))),
			decide.Failure{Count: 1, At: now, Reason: decide.ReasonRestarted},
		},
		{
			"a pod from before the failure does not end it",
			observed(inactive, gone, replicas(2), failed(1, ago(time.Minute)), with(pod("a", aged(time.Hour), readyFor(time.Hour)))),
			decide.Failure{Count: 1, At: ago(time.Minute), Reason: "NoStock"},
		},
		{
			"nor does a restarted one that was made later",
			observed(inactive, gone, restartedBefore, func(o *decide.Observation) { o.Memory.Failure.At = ago(time.Hour) }, with(pod("a", readyFor(30*time.Minute), restarted))),
			decide.Failure{Count: 1, At: ago(time.Hour), Reason: decide.ReasonRestarted},
		},
		{"forgotten once it is proven", observed(inactive, failed(1, ago(time.Hour)), with(pod("a", readyFor(10*time.Minute)))), decide.Failure{}},
	} {
		t.Run(r.name, func(t *testing.T) {
			if diff := cmp.Diff(r.want, decide.Decide(r.see, limits).Failure); diff != "" {
				t.Errorf("wrong failure (-want +got):\n%s", diff)
			}
		})
	}
}

func TestRetriesBackOff(t *testing.T) {
	var got []time.Duration
	for count := range 7 {
		got = append(got, decide.Failure{Count: count + 1, At: now}.RetryAt(limits).Sub(now))
	}
	want := []time.Duration{1, 2, 4, 8, 16, 30, 30}
	for i := range want {
		want[i] *= time.Minute
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("wrong waits (-want +got):\n%s", diff)
	}
}
