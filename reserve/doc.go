// Package reserve keeps a small burstable pod for each Knative revision without
// traffic, so that it is neither cold nor paid for in full.
//
// In flow Revisions, Routes, PodAutoscalers, Deployments and the reserve's pods; out
// flow the reserve Deployment, the gate on the Revision, labels of the reserve's
// pods, reports to Knative's autoscaler, events and metrics. What is to be done is
// decided by a pure function (package decide); this package reads what that needs,
// and does what it says.
//
// Each topic is a package of its own:
//
//   - decide: what a revision needs now
//   - settings: what its annotations say
//   - shape: the reserve Deployment
//   - retention: the gate that holds the last standard pod
//   - report: the load of reserve pods, for Knative's autoscaler
//   - record and cost: what is remembered, and the account
//   - status, simulate and cli: what people see of it
//
// The package must not know how pods come to run, nor package provider: what a
// node tells of a pod is on the pod.
package reserve
