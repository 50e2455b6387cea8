// Package provider makes one Kubernetes node out of Alibaba Cloud ECI: every
// pod that is bound to the node becomes one container group.
//
// In flow pods, from an informer that sees just this node's, by way of
// virtual-kubelet's pod controller, and container groups, from the status
// watch of package eci. Out flow creates and deletes of container groups, pod
// statuses, events, and, once its containers have stopped, the deletion of a
// pod object.
//
// A pod is known by its UID, never by its name. The UID is in the client token
// of its create and in the tags of its group, so that neither a crash between
// create and record nor a pod of the same name makes a second group or loses
// one. What a pod asks for and what a status means is decided in the pure
// packages resolve, translate and status; this package decides when, and keeps
// at it: errors that pass are retried for as long as the pod exists.
//
// The package must not know how the cloud is spoken to (package eci does), nor
// the gateway or the reserve.
package provider
