// Package translate turns a pod into the container groups to ask ECI for.
//
// In flow a pod, what package resolve fetched for it, and the settings of the
// node; out flows a Plan: one create request per spec to try, in order, and
// the warnings that belong on the pod as events. Everything is a pure function
// of its input, so the same pod gives the same requests.
//
// What ECI cannot express is never left out silently. What would change
// behaviour, cost or security is refused with an UnsupportedError per field;
// what only loses a hint, or is stricter than needed because each group is a
// virtual machine of its own, becomes a warning or nothing at all; some things
// are expressed by other means, with a warning where the result is weaker:
//
//   - A probe over HTTP with headers becomes a TCP probe of its port.
//   - Knative's queue-proxy probe, which needs a header, becomes a TCP probe
//     of queue-proxy plus the user's own probe on the user's container.
//   - A startup probe delays the liveness probe by the longest start that it
//     allows, and stands in for a missing readiness probe.
//   - A native sidecar becomes a container that ECI starts first and stops
//     last.
//   - A preStop sleep becomes the command sleep.
//
// The package must not know a client of the cloud or of Kubernetes. It neither
// sets the ClientToken nor decides when an attempt is made.
package translate
