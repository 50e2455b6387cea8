// Package ingress reads Knative Ingresses
// (networking.internal.knative.dev/v1alpha1) as the gateway needs them: an
// Ingress goes in, the hosts that it claims come out, as plain values. A second
// step settles which Ingress gets a host that several claim.
//
// The package must not know load balancers, addresses or pods: what serves a
// split is package backend's business, how it is reached that of the gateway
// and its relay.
package ingress
