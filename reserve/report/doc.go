// Package report tells Knative's autoscaler of the load on reserve pods, as an
// activator does.
//
// The autoscaler neither counts nor scrapes reserve pods, and only what passes
// through an activator is reported to it. Requests that a load balancer sends to a
// reserve pod would scale nothing. So each pod's queue-proxy is asked for its
// statistic once for each that it makes, and what did not come through an activator
// is sent on. Asking is not traffic: it goes to the port for statistics.
//
// In flow the pods to follow; out flow messages to the autoscaler, and what was seen
// of each pod: whether it is idle, whether it has been busy. If the autoscaler cannot
// be reached, for how long.
//
// Two interfaces of Knative Serving 0.50 are used that are not meant for others, both
// without authentication: queue-proxy's statistic (pkg/queue/protobuf_stats_reporter.go)
// and the autoscaler's WebSocket (pkg/autoscaler/statserver). They are kept to this
// package, and Knative's own types write and read the messages.
//
// The package must not know when a reserve is wanted.
package report
