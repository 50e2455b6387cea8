// Package decide is the reserve's mind: what one revision needs now.
//
// In flows an Observation, plain values that were read from the cluster: what
// Knative's autoscaler says, how the standard Deployment, the reserve Deployment
// and its pods stand, what is remembered. Out flows a Decision: whether the last
// standard pod may go, how many reserve pods there are to be, which of them leave,
// what to report and to tell, and when to look again.
//
// Decide is a pure function without memory of its own. All that it needs to go on
// after a restart is in the cluster, so that a decision can be repeated at any
// time, from any state, without harm.
//
// The cycle:
//
//	Active -> Arming -> Reserved -> Activating -> Handover -> Active
//
// While a revision is Active the gate is closed: its last standard pod is held
// back when the traffic ends (the retention period of Knative's autoscaler, see
// package retention). Arming starts the reserve, and opens the gate when it is
// Ready. Reserved lasts until a request comes; the reserve answers it while
// standard pods start (Activating). With the first of them Ready the gate is
// closed again and the reserve is detached: it gets no new requests, finishes
// those that it has (Handover), and goes.
//
// The package must not know Kubernetes, Knative's types, the cloud, or the time
// but what the Observation says.
package decide
