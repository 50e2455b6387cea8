// Package kubelet serves a node's kubelet API over HTTPS: container logs,
// commands in containers, port forwarding, the list of pods, and their use of
// resources.
//
// In flow requests of the API server (kubectl logs, exec, port-forward, top)
// and of monitoring; out flow questions to ECI and connections to pods. A
// caller shows a client certificate or a bearer token, and the API server
// decides whether that caller may do what it asks; nobody is anonymous.
//
// The package must not know how pods come into being: it asks its Pods which
// container group a pod has, and changes nothing.
package kubelet
