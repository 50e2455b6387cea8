package cluster_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/ebb-node/ebb/reserve/decide"
	"github.com/ebb-node/ebb/reserve/simulate/cluster"
)

// The model is held to what was measured with Knative itself.

const step = 100 * time.Millisecond

// begun is a revision that has been ready for a while, under a little traffic.
func begun(knative cluster.Knative) *cluster.Cluster {
	c := cluster.New(cluster.Config{
		Start: time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC), Knative: knative, DrainBound: time.Minute,
		StandardStart: cluster.Fixed(2 * time.Second), ReserveStart: cluster.Fixed(2 * time.Second),
		Rand: rand.New(rand.NewPCG(1, 1)),
	})
	pass(c, 2*time.Minute, time.Second)
	return c
}

// pass lets time pass with a short request now and then; 0: none.
func pass(c *cluster.Cluster, d, every time.Duration) {
	for at := time.Duration(0); at < d; at += step {
		if every > 0 && at%every == 0 {
			c.Arrive(50 * time.Millisecond)
		}
		c.Step(step)
	}
}

// until is how long it takes to become so, up to ten minutes.
func until(t *testing.T, c *cluster.Cluster, so func(decide.Observation) bool) time.Duration {
	t.Helper()
	for d := time.Duration(0); d < 10*time.Minute; d += step {
		if so(c.Observe(1)) {
			return d
		}
		c.Step(step)
	}
	t.Fatal("it never came")
	return 0
}

func idle(o decide.Observation) bool   { return o.Scaler.Activity == decide.Idle }
func atZero(o decide.Observation) bool { return o.Standard.Replicas == 0 }

func TestToZero(t *testing.T) {
	for name, r := range map[string]struct {
		change func(*cluster.Knative)
		held   time.Duration
	}{
		"at once by default": {func(*cluster.Knative) {}, step},
		"after a retention":  {func(k *cluster.Knative) { k.Retention = 30 * time.Second }, 30 * time.Second},
	} {
		knative := cluster.DefaultKnative()
		r.change(&knative)
		c := begun(knative)
		if took := until(t, c, idle); took < time.Minute || took > 65*time.Second {
			t.Errorf("%s: idle after %v, want the stable window and a tick", name, took)
		}
		if held := until(t, c, atZero); held > r.held || held < r.held-step {
			t.Errorf("%s: at zero %v after it was idle, want %v", name, held, r.held)
		}
	}
}

func TestTheGateHolds(t *testing.T) {
	c := begun(cluster.ShortKnative())
	c.Apply(decide.Decision{CloseGate: true})
	until(t, c, idle)
	pass(c, 9*time.Minute, 0)
	if atZero(c.Observe(1)) {
		t.Error("the last pod is gone although the gate is closed")
	}
	c.Apply(decide.Decision{})
	if took := until(t, c, atZero); took > 2*step {
		t.Errorf("at zero %v after the gate was opened, want at once", took)
	}
}

func TestMinScaleNeverSleeps(t *testing.T) {
	knative := cluster.ShortKnative()
	knative.MinScale = 1
	c := begun(knative)
	pass(c, 10*time.Minute, 0)
	if o := c.Observe(1); idle(o) || o.Standard.Ready != 1 {
		t.Errorf("after ten minutes: %+v", o.Scaler)
	}
}

func TestFromZero(t *testing.T) {
	c := begun(cluster.ShortKnative())
	until(t, c, atZero)
	c.Arrive(time.Millisecond)
	if took := until(t, c, func(o decide.Observation) bool { return o.Standard.Replicas == 1 }); took > step {
		t.Errorf("a pod is wanted after %v, want at once", took)
	}
	pass(c, 3*time.Second, 0)
	if c.Sums.LongestWait < 2*time.Second || c.Sums.LongestWait > 2500*time.Millisecond || c.InFlight() != 0 {
		t.Errorf("the request waited for %v, want the start of a pod", c.Sums.LongestWait)
	}
}

// TestABurstGetsItsSize: 40 in flight at a target of 7 want 6 pods.
func TestABurstGetsItsSize(t *testing.T) {
	knative := cluster.ShortKnative()
	knative.Target = 7
	c := begun(knative)
	until(t, c, atZero)
	for range 40 {
		c.Arrive(10 * time.Second)
	}
	if took := until(t, c, func(o decide.Observation) bool { return o.Standard.Replicas == 6 }); took > 3*time.Second {
		t.Errorf("six pods are wanted after %v", took)
	}
}

// TestACountedReservePins is why a reserve must not be counted beside a standard
// pod: floor((1 + 1) / 2) keeps one for ever. Two that are counted start a standard
// pod without any traffic.
func TestACountedReservePins(t *testing.T) {
	c := begun(cluster.ShortKnative())
	c.Apply(decide.Decision{Exists: true, Replicas: 1})
	pass(c, 4*time.Second, time.Second)
	name := c.Observe(1).Pods[0].Name
	c.Apply(decide.Decision{Exists: true, Replicas: 1, Count: name})
	pass(c, 5*time.Minute, 0)
	if idle(c.Observe(1)) {
		t.Error("idle beside a counted reserve")
	}
	c.Apply(decide.Decision{Exists: true, Replicas: 1})
	if took := until(t, c, atZero); took > 15*time.Second {
		t.Errorf("at zero %v after the reserve was not counted any more", took)
	}
}

func TestPodsLinger(t *testing.T) {
	c := cluster.New(cluster.Config{
		Knative: cluster.ShortKnative(), StandardStart: cluster.Fixed(time.Second), ReserveStart: cluster.Fixed(time.Second),
		Linger: 30 * time.Second, Rand: rand.New(rand.NewPCG(1, 1)),
	})
	pass(c, 30*time.Second, 0)
	if standard, _ := c.Running(); standard != 1 || c.Standing() != 0 {
		t.Errorf("%d pods run and %d answer; want one that ends", standard, c.Standing())
	}
	pass(c, 30*time.Second, 0)
	if standard, _ := c.Running(); standard != 0 {
		t.Errorf("%d pods run long after the end", standard)
	}
}
