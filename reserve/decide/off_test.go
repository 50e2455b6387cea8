package decide_test

import (
	"testing"
	"time"

	"github.com/ebb-node/ebb/reserve/decide"
)

// off is to have no reserve.
func off(o *decide.Observation) { o.Off = "annotation says disable" }

// always wants standard pods whatever the traffic.
func undeployed(o *decide.Observation) { o.Reserve = decide.Reserve{} }

func always(o *decide.Observation) { o.Always = true }

func TestTurningOff(t *testing.T) {
	check(t, []row{
		{
			"there is no pod: nothing stays",
			observed(off),
			decide.Decision{State: decide.Off},
		}, {
			"nobody asks: it leaves as always",
			observed(off, inactive, gone, with(pod("a", ready))),
			decide.Decision{State: decide.Off, Exists: true, Replicas: 1, Follow: []string{"a"}, Detach: []string{"a"}},
		}, {
			"it finishes what it has",
			observed(off, inactive, gone, with(pod("a", detached(time.Second)))),
			decide.Decision{State: decide.Off, Exists: true, Replicas: 1, Follow: []string{"a"}},
		}, {
			"then nothing stays",
			observed(off, inactive, gone, with(pod("a", detached(time.Minute), idle))),
			decide.Decision{State: decide.Off, Follow: []string{"a"}},
		}, {
			"its pods go with a Deployment that is gone: it is not made again",
			observed(off, inactive, gone, undeployed, with(pod("a", detached(time.Second)))),
			decide.Decision{State: decide.Off, Replicas: 1, Follow: []string{"a"}},
		}, {
			"one that still starts is not needed",
			observed(off, inactive, gone, with(pod("a"))),
			decide.Decision{State: decide.Off},
		}, {
			"standard pods start: it answers until they do",
			observed(off, activating(time.Second), with(pod("a", ready))),
			decide.Decision{State: decide.Off, Exists: true, Replicas: 1, Follow: []string{"a"}},
		}, {
			"they are wanted, and the autoscaler has not heard of it",
			observed(off, always, inactive, gone, with(pod("a", ready))),
			decide.Decision{State: decide.Off, Exists: true, Replicas: 1, Follow: []string{"a"}},
		}, {
			"they serve: it leaves, whether the gate is closed or not",
			observed(off, always, gateOpen, with(pod("a", ready))),
			decide.Decision{State: decide.Off, Exists: true, Replicas: 1, Follow: []string{"a"}, Detach: []string{"a"}},
		}, {
			"in the middle of a roll-out: out of the endpoints all the same",
			observed(off, inactive, gone, with(pod("a", ready, old), pod("b"))),
			decide.Decision{State: decide.Off, Exists: true, Follow: []string{"a"}, Detach: []string{"a"}},
		}, {
			"what is broken is taken out",
			observed(off, activating(time.Second), with(pod("a", ready), pod("b", crashing))),
			decide.Decision{State: decide.Off, Exists: true, Replicas: 1, Follow: []string{"a"}, Detach: []string{"b"}, Delete: []string{"b"}},
		},
	})
}
