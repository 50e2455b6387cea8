// Package status shows how reserves stand, as a table.
//
// In flow reserve Deployments and their pods, as the API server has them; out flows
// text. All that is shown is on these objects: the state and the account on the
// Deployment (package record), the instance and its CPU credits on the pod, where
// its node writes them.
//
// The package is pure; it must not know where the objects come from.
package status
