// Package backend finds what serves a split of a Knative Ingress: a Service
// goes in, addresses come out, from caches of Services and EndpointSlices.
//
// A revision has two Services. The public one, which an Ingress names, leads to
// the activator while the revision has no pod; the private one to the
// revision's ready pods, standard and reserve alike. The load balancer gets the
// latter, the relay uses the former. Knative labels both, and Kubernetes gives
// the labels to their EndpointSlices, so that those of the private Service are
// found without it. Services that are no revision's serve both.
//
// The package must not know load balancers or Ingresses' rules.
package backend
