package slb

// balancerView is an item of DescribeLoadBalancers, and most of the answer of
// DescribeLoadBalancerAttribute.
type balancerView struct {
	LoadBalancerId               string
	LoadBalancerName             string
	LoadBalancerStatus           string
	Address                      string
	AddressType                  string
	AddressIPVersion             string
	RegionId                     string
	RegionIdAlias                string
	NetworkType                  string
	VpcId                        string
	VSwitchId                    string
	MasterZoneId                 string
	SlaveZoneId                  string
	ResourceGroupId              string
	InstanceChargeType           string
	LoadBalancerSpec             string
	InternetChargeType           string
	Bandwidth                    int
	PayType                      string
	BusinessStatus               string
	DeleteProtection             string
	ModificationProtectionStatus string
	ModificationProtectionReason string
	CreateTime                   string
	CreateTimeStamp              int64
	Tags                         tagViews
}

func (lb *loadBalancer) view(region string) balancerView {
	return balancerView{
		LoadBalancerId: lb.id, LoadBalancerName: lb.name, LoadBalancerStatus: lb.status,
		Address: lb.address.String(), AddressType: lb.addressType, AddressIPVersion: "ipv4",
		RegionId: region, RegionIdAlias: region, NetworkType: lb.networkType(),
		VpcId: lb.vpcID, VSwitchId: lb.vSwitchID, MasterZoneId: lb.masterZone, SlaveZoneId: lb.slaveZone,
		ResourceGroupId: lb.resourceGroup, InstanceChargeType: lb.charge, LoadBalancerSpec: lb.spec,
		InternetChargeType: lb.internetCharge, Bandwidth: lb.bandwidth, PayType: "PayOnDemand",
		BusinessStatus: "Normal", DeleteProtection: lb.deleteProtection,
		ModificationProtectionStatus: lb.modificationProtection,
		ModificationProtectionReason: lb.modificationReason,
		CreateTime:                   timestamp(lb.created), CreateTimeStamp: lb.created.UnixMilli(),
		Tags: lb.tags.view(),
	}
}

// balancerListenerView is a listener in DescribeLoadBalancerAttribute.
type balancerListenerView struct {
	ListenerPort     int
	ListenerProtocol string
	ListenerForward  string `json:",omitempty"`
	ForwardPort      int    `json:",omitempty"`
	Description      string
}

type balancerAttribute struct {
	balancerView
	ListenerPorts            struct{ ListenerPort []int }
	ListenerPortsAndProtocol struct{ ListenerPortAndProtocol []balancerListenerView }
	BackendServers           struct{ BackendServer []struct{} }
}

// describeBalancer is DescribeLoadBalancerAttribute
// (https://www.alibabacloud.com/help/en/slb/classic-load-balancer/developer-reference/api-slb-2014-05-15-describeloadbalancerattribute).
type describeBalancer struct{ balancerRef }

func (r *describeBalancer) answer(s *state, w *world) (any, error) {
	lb, err := s.balancer(r.LoadBalancerId)
	if err != nil {
		return nil, err
	}
	a := balancerAttribute{balancerView: lb.view(w.region)}
	// The default server group has no members: no action here adds any.
	a.BackendServers.BackendServer = []struct{}{}
	ports, both := []int{}, []balancerListenerView{}
	for _, l := range lb.listeners {
		ports = append(ports, l.port)
		both = append(both, balancerListenerView{
			ListenerPort: l.port, ListenerProtocol: l.protocol, Description: value(l.shared.Description),
			ListenerForward: value(l.forward.ListenerForward), ForwardPort: value(l.forward.ForwardPort),
		})
	}
	a.ListenerPorts.ListenerPort = ports
	a.ListenerPortsAndProtocol.ListenerPortAndProtocol = both
	return a, nil
}
