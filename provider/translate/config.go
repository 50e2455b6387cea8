package translate

import "github.com/ebb-node/ebb/eci"

// Config is what the node brings to every pod. Annotations of a pod win over
// it.
type Config struct {
	// Region decides which sizes can be bought; empty means those that every
	// region has.
	Region          string
	ZoneID          string
	VSwitchIDs      []string
	SecurityGroupID string // one id, or a comma list of at most 5
	ResourceGroupID string
	RAMRoleName     string
	// Architecture is the node's, amd64 or arm64: that of pods that select
	// none. Empty means amd64.
	Architecture string

	// ClusterDNS are the addresses of the cluster's DNS service and
	// ClusterDomain is its domain ("cluster.local").
	ClusterDNS    []string
	ClusterDomain string

	// Tags identify the group. Tags of the user's come after them.
	Tags []eci.KeyValue

	// AllowListed says that Alibaba Cloud lets the account run privileged
	// containers and mount host paths.
	AllowListed bool
	// EvictsOnSpotRelease says that the node evicts pods that ask for it when
	// their spot instance is about to go. Without it they get a warning.
	EvictsOnSpotRelease bool

	// InstanceSize tells the size of an ECS instance type, or false when it
	// is not known. May be nil.
	InstanceSize func(instanceType string) (vcpu, memoryGiB float64, ok bool)
}
