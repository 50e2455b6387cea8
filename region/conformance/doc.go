// Package conformance runs Knative's own conformance suite for ingresses,
// alpha and beta features included, against ebb's gateway in a region: once in
// each of its modes. What "go test -v" of the suite says goes in, counts by
// mode come out.
//
// It must not know how the suite's tests work, only which of them a load
// balancer cannot pass and why (docs/conformance.md has the sources).
package conformance
