package decide_test

import (
	"testing"
	"time"

	"github.com/ebb-node/ebb/reserve/decide"
)

// outdated is a standard Deployment whose template has changed.
func outdated(o *decide.Observation) { o.Reserve.Outdated = true }

func noSpec(o *decide.Observation) { o.NoSpec = "nothing fits" }

// old has the template from before a roll-out.
func old(p *decide.Pod) { p.Outdated = true }

// retried is a failure after which it is time to try again.
func retried(o *decide.Observation) {
	o.Memory.Failure = decide.Failure{Count: 1, At: ago(time.Minute), Reason: "NoStock"}
}

func TestRollOut(t *testing.T) {
	alone := func(changes ...change) decide.Observation {
		return observed(append([]change{inactive, gone, gateOpen}, changes...)...)
	}
	check(t, []row{
		{
			"the template changes while the reserve stands alone",
			alone(with(pod("a", ready)), outdated),
			decide.Decision{State: decide.Reserved, Replicas: 1, Follow: []string{"a"}, Copy: true},
		}, {
			"the template changes while there is no pod",
			observed(outdated),
			decide.Decision{State: decide.Active, CloseGate: true, Copy: true},
		}, {
			"and nothing could be bought",
			observed(outdated, noSpec),
			decide.Decision{State: decide.Active, CloseGate: true, Copy: true},
		}, {
			"the template changes during the hand-over: later",
			observed(outdated, with(pod("a", detached(time.Minute)))),
			decide.Decision{State: decide.Handover, CloseGate: true, Replicas: 1, Follow: []string{"a"}},
		}, {
			"nothing could be bought: what stands is better",
			alone(with(pod("a", ready)), outdated, noSpec),
			decide.Decision{State: decide.Reserved, Replicas: 1, Follow: []string{"a"}},
		}, {
			"not while the next try is still to come",
			alone(with(pod("a", ready)), outdated, failed(1, ago(time.Second))),
			decide.Decision{State: decide.Reserved, Replicas: 1, Follow: []string{"a"}},
		}, {
			"Kubernetes adds the new one by itself",
			alone(with(pod("a", ready, old), pod("b", aged(time.Second)))),
			decide.Decision{State: decide.Reserved, Replicas: 1, Follow: []string{"a"}},
		}, {
			"the new one is ready: the old one gets no more requests",
			alone(with(pod("a", ready, old), pod("b", ready))),
			decide.Decision{State: decide.Reserved, Replicas: 1, Follow: []string{"a", "b"}, Detach: []string{"a"}},
		}, {
			"and is left to Kubernetes",
			alone(with(pod("a", detached(time.Second), old), pod("b", ready))),
			decide.Decision{State: decide.Reserved, Replicas: 1, Follow: []string{"b", "a"}},
		}, {
			"a request comes meanwhile: no further one is made",
			observed(activating(time.Second), with(pod("a", ready, old), pod("b", aged(time.Second)))),
			decide.Decision{State: decide.Activating, CloseGate: true, Replicas: 1, Follow: []string{"a"}},
		}, {
			"the new one cannot be had: it stays, lest another be made at once",
			alone(with(pod("a", readyFor(time.Hour), old), pod("b", aged(10*time.Second), refused("NoStock")))),
			decide.Decision{State: decide.Reserved, Replicas: 1, Follow: []string{"a"}},
		}, {
			"until it is time to try again",
			alone(retried, with(pod("a", readyFor(time.Hour), old), pod("b", aged(70*time.Second), refused("NoStock")))),
			decide.Decision{State: decide.Reserved, Replicas: 1, Follow: []string{"a"}, Detach: []string{"b"}, Delete: []string{"b"}},
		}, {
			"or it could be taken for one of the standard's",
			observed(activating(time.Second), with(pod("a", ready, old), pod("b", aged(time.Second), crashing))),
			decide.Decision{State: decide.Activating, CloseGate: true, Replicas: 1, Follow: []string{"a"}, Detach: []string{"b"}, Delete: []string{"b"}},
		},
	})
}
