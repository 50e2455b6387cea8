// Package credits tells how the CPU credits of a node's burstable pods stand:
// in metrics, on the pod as annotations, and by an event when a pod comes near
// its baseline, falls to it, or is free of it again.
//
// In flow the node's pods with their container groups, and samples of their CPU
// counters from ECI, 20 groups a call and always under a hundredth of that call's
// quota. Out flow annotations, events and metrics. The books themselves are
// ledgers of package instancespecs, one for each container group; ECI does not
// tell the balance, so they are all there is. They outlive a restart of the node
// in an annotation of the pod, and what was used meanwhile is in the counter.
//
// When a line is crossed is decided by a pure function (level.go); the Sampler
// asks, books and tells.
//
// The package must not know how container groups come to be, nor package
// provider: it gets what runs through a function.
package credits
