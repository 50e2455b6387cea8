// Package runtime is what a container group of the mock cloud runs on.
//
// In goes a Group (already validated and resolved by the product), out come
// Status values through an observer. Two implementations exist: a simulated
// one, a timeline with configurable latencies, and one on runc, whose
// containers really run. The package does not know the wire protocol, ECI's
// states or Kubernetes.
package runtime
