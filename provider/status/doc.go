// Package status tells what a pod does, from what ECI tells of its container
// group.
//
// In flow a pod with the status that was reported last, the group, and the
// time; out flows the next status, in a kubelet's words. Every function is
// pure and returns a complete status. What Kubernetes forbids never happens:
// a phase does not go back, restart counts do not fall, the start time is set
// once, conditions change their transition time only with their status, and
// there is a container status for every container.
//
// The package must not know where groups come from or where statuses go, and
// it decides nothing: whether a group is created again is its caller's matter.
package status
