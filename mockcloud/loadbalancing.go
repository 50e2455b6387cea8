package mockcloud

import (
	"net/netip"

	"github.com/ebb-node/ebb/mockcloud/clock"
	"github.com/ebb-node/ebb/mockcloud/eci"
	"github.com/ebb-node/ebb/mockcloud/ecs"
	"github.com/ebb-node/ebb/mockcloud/slb"
)

// The ranges that load balancers get their addresses from if nothing is said:
// one of private use beside the vSwitches, and one for documentation (RFC 5737).
var (
	defaultIntranet = netip.MustParsePrefix("10.250.0.0/24")
	defaultInternet = netip.MustParsePrefix("203.0.113.0/24")
)

// LoadBalancing is how the Classic Load Balancer is. The zero value has
// documented quotas and forwards nothing.
type LoadBalancing struct {
	Intranet, Internet netip.Prefix
	// Quotas are how many of something there may be; nil is as documented.
	Quotas *slb.Quotas
	// RefuseEmptyGroups lets nothing be led to a vServer group without members.
	RefuseEmptyGroups bool
	// DataPlane follows what is configured; nil is none. Whoever gives it
	// closes it, after the cloud.
	DataPlane slb.DataPlane
}

func (l LoadBalancing) withDefaults(region string) LoadBalancing {
	if !l.Intranet.IsValid() {
		l.Intranet = defaultIntranet
	}
	if !l.Internet.IsValid() {
		l.Internet = defaultInternet
	}
	if l.Quotas == nil {
		q := slb.DocumentedQuotas(region)
		l.Quotas = &q
	}
	return l
}

// loadBalancer makes the product, whose members are what the others run.
func (c Config) loadBalancer(k *clock.Clock, groups *eci.Service, instances *ecs.Service) (*slb.Service, error) {
	l := c.LoadBalancing.withDefaults(c.RegionID)
	var vSwitches []slb.VSwitch
	for _, v := range c.VSwitches {
		vSwitches = append(vSwitches, slb.VSwitch{ID: v.ID, VPCID: v.VPCID, Zone: v.Zone})
	}
	return slb.New(slb.Config{
		RegionID: c.RegionID, VSwitches: vSwitches, Intranet: l.Intranet, Internet: l.Internet,
		Quotas: *l.Quotas, RefuseEmptyGroups: l.RefuseEmptyGroups, Latencies: c.Latencies.LoadBalancers, Clock: k, DataPlane: l.DataPlane, Log: c.Log,
		Servers: slb.Servers{
			LookupENI: func(id string, ip netip.Addr) bool {
				return groups.LookupENI(id, ip) || instances.LookupENI(id, ip)
			},
			LookupECI: groups.LookupGroup, LookupECS: instances.LookupInstance,
		},
	})
}

// instances makes the product that tells of instances, types and interfaces.
func (c Config) instances(groups *eci.Service) (*ecs.Service, error) {
	return ecs.New(ecs.Config{Instances: c.Instances, Interfaces: func() []ecs.NetworkInterface {
		var list []ecs.NetworkInterface
		for _, i := range groups.NetworkInterfaces() {
			list = append(list, ecs.NetworkInterface{
				ID: i.ID, Type: "Secondary", InstanceID: i.GroupID, IP: i.IP, VPCID: i.VPCID,
				VSwitchID: i.VSwitchID, Zone: i.Zone, SecurityGroupID: i.SecurityGroupID, Created: i.Created,
			})
		}
		return list
	}})
}
