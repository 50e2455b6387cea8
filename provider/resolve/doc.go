// Package resolve fetches everything that a pod names elsewhere and turns it
// into plain values: the environment of each container, the files of its
// ConfigMap, Secret, projected and downward API volumes, the persistent
// volumes behind its claims, and the credentials of its registries.
//
// In flows a pod, getter functions and a few facts of the node; out flow a
// Resolved, the notes that belong on the pod as events, and typed errors. A
// missing object makes the pod wait (PendingError), a request that ECI cannot
// express is final (UnsupportedError).
//
// The package reads single objects by name through its getters. It must not
// know a Kubernetes client, an informer, the cloud or how a container group
// is created, and it never watches or lists Secrets. The address of the pod
// does not exist yet when it runs: variables that want it are handed on as a
// field path that ECI fills in.
package resolve
