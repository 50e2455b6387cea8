package cluster

import (
	"math/rand/v2"
	"time"
)

// Config is what a model is made of.
type Config struct {
	Start   time.Time
	Knative Knative
	// StandardStart and ReserveStart are how long a pod takes from its creation to
	// Ready; below 0: for ever.
	StandardStart, ReserveStart func(*rand.Rand) time.Duration
	// GateLag is how long the autoscaler takes to learn of the gate.
	GateLag time.Duration
	// Direct: a load balancer sends requests to ready pods, and only those that
	// find none to Knative's activator.
	Direct bool
	// DrainBound is how long a request may take, and as long again is left to a
	// pod that ends.
	DrainBound time.Duration
	// Linger is how long a pod goes on after it has nothing left to do:
	// queue-proxy waits for 30 s of quiet (serving pkg/queue/sharedmain/main.go).
	Linger time.Duration
	// CreditsLow says whether a reserve pod's CPU credits are nearly used up; nil:
	// never.
	CreditsLow func(pod string) bool
	Rand       *rand.Rand
}

// Knative is the configuration of the autoscaler, with the names of its
// ConfigMap.
type Knative struct {
	Target           float64 // concurrency for each pod, utilisation included
	StableWindow     time.Duration
	Retention        time.Duration // scale-to-zero-pod, the user's own
	MinScale         int
	ProgressDeadline time.Duration
}

// DefaultKnative is what Knative is installed with: target 100 at 70 %
// (config/core/configmaps/autoscaler.yaml of serving 0.50).
func DefaultKnative() Knative {
	return Knative{Target: 70, StableWindow: time.Minute, ProgressDeadline: 10 * time.Minute}
}

// ShortKnative has the shortest window that Knative allows.
func ShortKnative() Knative {
	k := DefaultKnative()
	k.StableWindow = 6 * time.Second
	return k
}

// Fixed is a start that always takes as long.
func Fixed(d time.Duration) func(*rand.Rand) time.Duration {
	return func(*rand.Rand) time.Duration { return d }
}

// Between is a start that takes from a to b.
func Between(a, b time.Duration) func(*rand.Rand) time.Duration {
	return func(r *rand.Rand) time.Duration { return a + time.Duration(r.Int64N(int64(b-a)+1)) }
}

const (
	// gateHold is what the closed gate holds; that of package retention, which
	// this model must not know.
	gateHold = 10 * time.Minute
	// tickInterval is how often the autoscaler scales (serving
	// pkg/autoscaler/scaling/multiscaler.go).
	tickInterval = 2 * time.Second
	// reportInterval is that of all statistics.
	reportInterval = time.Second
	// activationBuffer is added to the progress deadline before the autoscaler
	// gives up (serving pkg/reconciler/autoscaling/kpa/scaler.go).
	activationBuffer = 30 * time.Second
)
