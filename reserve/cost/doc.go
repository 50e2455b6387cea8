// Package cost keeps the account of a revision's reserve: what it has cost, and
// what a standard pod that is always there (min-scale 1) would have cost beside it.
//
// In flow hourly prices and the times at which they begin to hold; out flow sums at
// any moment. An account is text of one line that knows its own rate of growth, so
// that it has to be written only when a pod comes or goes, and everybody who reads
// it knows the sum of now.
//
// The package is pure; it must not know Kubernetes but for the resources of a pod.
package cost
