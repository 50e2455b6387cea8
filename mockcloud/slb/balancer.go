package slb

import (
	"net/netip"
	"time"
)

// States of a load balancer
// (https://www.alibabacloud.com/help/en/slb/classic-load-balancer/developer-reference/api-slb-2014-05-15-describeloadbalancers).
const (
	active   = "active"
	inactive = "inactive"
)

// loadBalancer is one instance of the product.
type loadBalancer struct {
	id      string
	serial  uint64
	created time.Time

	name             string
	status           string
	address          netip.Addr
	addressType      string
	vpcID, vSwitchID string
	masterZone       string
	slaveZone        string
	resourceGroup    string

	charge         string // InstanceChargeType
	spec           string
	internetCharge string
	bandwidth      int

	deleteProtection       string
	modificationProtection string
	modificationReason     string

	listeners []*listener // by creation
	tags      tags
}

func (lb *loadBalancer) order() uint64 { return lb.serial }

// networkType is vpc for whatever has a vSwitch.
func (lb *loadBalancer) networkType() string {
	if lb.vSwitchID != "" {
		return "vpc"
	}
	return "classic"
}

// listenerIndex finds a listener; an empty protocol is any.
func (lb *loadBalancer) listenerIndex(port int, protocol string) int {
	for i, l := range lb.listeners {
		if l.port == port && (protocol == "" || protocol == l.protocol) {
			return i
		}
	}
	return -1
}

// balancerRef is the parameter of actions on a load balancer as a whole.
type balancerRef struct {
	LoadBalancerId string `rpc:",required"`
}

func (r *balancerRef) scope(*state) scope { return scope{key: r.LoadBalancerId, kind: onInstance} }
