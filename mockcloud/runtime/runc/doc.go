// Package runc runs container groups on real containers with runc.
//
// In goes a runtime.Group, out come runtime.Status values through the group's
// observer. Each group has its own network, UTS and IPC namespace on a bridge;
// its containers come from OCI images of any registry, run on an overlay of
// the image, and are bounded by cgroups where those may be written. Probes,
// hooks, restarts and back-off behave as those of a kubelet do.
//
// All that a group holds on the machine lies below one state directory or is
// named after it, so that Remove, Close and the next New with the same
// directory (after a kill -9) find every process, namespace, link, cgroup,
// mount and file. Extracted images stay as a cache.
//
// The package does not know the wire protocol, ECI's states or Kubernetes. It
// needs Linux 5.6 or later (openat2), runc, and root: real, or that of a user
// namespace with a network and mount namespace of its own, where it goes
// without cgroups and runs every container as user 0.
package runc
