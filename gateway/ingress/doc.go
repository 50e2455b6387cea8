// Package ingress reads Knative Ingresses
// (networking.internal.knative.dev/v1alpha1) as the gateway needs them: an
// Ingress goes in, the hosts that it claims and what is wrong with it come
// out, as plain values. A second step, Settle or a Registry that is kept up to
// date, says which Ingress gets a host that several claim. A Ledger does so for
// all Ingresses of a cache, and lets several follow.
//
// A host is all or nothing: when one of its paths cannot be read, requests for
// that path must not fall to another path's backend, so the host is left out
// and a Problem says why. Other hosts of the Ingress are not affected.
//
// The package must not know load balancers, addresses or pods: what serves a
// split is package backend's business, how it is reached that of the gateway
// and its relay.
package ingress
