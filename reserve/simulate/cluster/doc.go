// Package cluster is a small model of Knative Serving on Kubernetes: one revision
// with its autoscaler, its standard Deployment, a reserve Deployment, pods that
// take time to start, and requests.
//
// It exists to run the decisions of package decide against: in the property tests
// of that package, and over a day of traffic in package simulate. In flow requests
// and decisions; out flow observations, and sums of what pods ran and how long
// requests waited.
//
// The rules are those of Knative Serving 0.50 (pkg/autoscaler/scaling,
// pkg/reconciler/autoscaling/kpa), each named where it is modelled. Time passes in
// steps and only when it is told to; the model must not know the clock, nor
// Kubernetes.
package cluster
