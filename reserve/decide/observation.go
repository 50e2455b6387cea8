package decide

import "time"

// Observation is what is known of one revision and its reserve.
type Observation struct {
	Now time.Time
	// Off says why the revision is to have no reserve; "" if it is to have one.
	Off string
	// Always: standard pods are wanted whatever the traffic, as with a min-scale.
	Always bool
	// Replicas is how many reserve pods are to stand ready, at least 1.
	Replicas int
	// NoSpec says why no instance spec can be used; "" if one can.
	NoSpec string
	// DrainBound is how long a request may take: spec.timeoutSeconds of the
	// revision.
	DrainBound time.Duration

	Scaler   Scaler
	Standard Standard
	Gate     Gate
	Reserve  Reserve
	Pods     []Pod // of the reserve
	Memory   Memory
	// Unreported is for how long the autoscaler could not be told of the
	// reserve's load; 0 if it can.
	Unreported time.Duration
}

// Activity is the condition Active of the revision's PodAutoscaler.
type Activity uint8

// The activities.
const (
	Activation Activity = iota // Unknown: pods are wanted and none is ready
	Serving                    // True
	Idle                       // False: no pods are wanted
)

// Scaler is what Knative's autoscaler says.
type Scaler struct {
	Activity Activity
	Since    time.Time // of the activity
	// TimedOut: it gave up starting standard pods.
	TimedOut bool
	// Desired is the scale that it wants; -1 if it does not say.
	Desired int
}

// Standard is the revision's own Deployment.
type Standard struct {
	Replicas int // wanted
	Ready    int
}

// Gate is what holds the last standard pod back when the traffic ends.
type Gate struct {
	Closed bool // on the revision
	// Holds: the autoscaler has been told, or the user's own retention is as
	// long.
	Holds bool
}

// Reserve is the reserve's Deployment.
type Reserve struct {
	Exists   bool
	Replicas int
	// Outdated: the standard Deployment's template has changed since it was
	// copied.
	Outdated bool
}

// Memory is what was decided before.
type Memory struct {
	State   State
	Since   time.Time
	Failure Failure
}

// Failure is the last time that a reserve could not be had.
type Failure struct {
	Count  int // in a row; 0: none
	At     time.Time
	Reason string
}
