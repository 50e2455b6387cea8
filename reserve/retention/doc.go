// Package retention is the gate that holds the last standard pod of a revision
// until its reserve is ready.
//
// Knative's autoscaler keeps the last pod for the time that the annotation
// scale-to-zero-pod-retention-period of the Revision says, counted from the moment
// that the revision is idle. It reads the annotation each time that it scales
// (serving pkg/reconciler/autoscaling/kpa/scaler.go), so that a long period closes
// the gate, and putting the user's own back opens it: at once, if the revision has
// been idle for that long. An ebb that dies with the gate closed delays the scale
// to zero by no more than Hold.
//
// A closed gate carries the user's own period in itself, because a Revision has no
// better place for it: every other annotation of a Revision is copied into the pod
// template of its Deployment, where a change would replace all standard pods.
//
// The package is pure; it must not know Kubernetes.
package retention
