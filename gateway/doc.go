// Package gateway makes Alibaba Cloud's Classic Load Balancer the gateway of
// Knative: Ingresses (networking.internal.knative.dev/v1alpha1) of this class
// go in, with the pods behind them, and out come wishes for load balancers
// (package slb) and the Ingresses' statuses. There are no gateway pods: the
// load balancer sends requests straight to pods, and what it cannot do it
// leaves to the relay (package gateway/relay).
//
// # How it flows
//
// An Ingress becomes hosts (package ingress), hosts a route: sites with paths
// that lead to pools, one pool for each list of splits. The ready pods of the
// splits (package backend) become targets, addresses behind network interfaces.
// Each route lives on one load balancer for each visibility. A load balancer's
// routes are assembled to a wish, and an slb.Writer makes it true. What the
// Writer reads back decides whether the Ingress is ready; where requests go
// through the relay, its replicas are asked as well.
//
// All of that is pure, but for the reconcilers that run it. Three of them work
// side by side: for Ingresses, which keep routes up to date; for load
// balancers, which make them, wish, and show them as Services; and for
// statuses.
//
// # Nothing is kept elsewhere
//
// Ingresses have no finalizer: what no Ingress asks for is not in a wish, and
// what is not in a wish goes, whether the Ingress was deleted today or while
// nobody looked. Where an Ingress lives is in its status. Which load balancer
// is whose is an annotation of its Service, besides the tags in the cloud.
// Weights and members that are leaving are read back from the load balancer at
// the start.
//
// A load balancer is never deleted: its address may be in somebody's DNS.
//
// The package must not know how the cloud is spoken to (packages slb and ecs
// do), nor the node or the reserve.
package gateway
