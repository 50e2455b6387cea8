package slb

import (
	"regexp"

	"github.com/ebb-node/ebb/mockcloud/rpc"
)

const (
	internet = "internet"
	intranet = "intranet"

	payBySpec  = "PayBySpec"
	payByCLCU  = "PayByCLCU"
	payTraffic = "paybytraffic"
)

// createBalancer is CreateLoadBalancer
// (https://www.alibabacloud.com/help/en/slb/classic-load-balancer/developer-reference/api-slb-2014-05-15-createloadbalancer).
type createBalancer struct {
	AddressType                  string
	VpcId                        string
	VSwitchId                    string
	MasterZoneId                 string
	SlaveZoneId                  string
	LoadBalancerName             *string
	InstanceChargeType           *string
	LoadBalancerSpec             *string
	InternetChargeType           *string
	Bandwidth                    *int
	PayType                      *string
	AddressIPVersion             *string
	Address                      string
	DeleteProtection             *string
	ModificationProtectionStatus *string
	ModificationProtectionReason *string
	ResourceGroupId              string
	Tag                          []tag
	ClientToken                  string
}

type createBalancerAnswer struct {
	LoadBalancerId   string
	LoadBalancerName string
	Address          string
	AddressIPVersion string
	NetworkType      string
	VpcId            string
	VSwitchId        string
	ResourceGroupId  string
	OrderId          int64
}

var balancerName = regexp.MustCompile(`^\pL[\pL\pN._\-]{0,79}$`)

func (r *createBalancer) scope(*state) scope {
	if r.ClientToken == "" {
		return scope{}
	}
	return scope{key: "token " + r.ClientToken, kind: onToken}
}

func (r *createBalancer) change(s *state, w *world) (any, error) {
	key, print := w.caller+" "+r.ClientToken, fingerprint(r)
	if r.ClientToken != "" {
		if answer, err := s.repeated(key, print, w.now); answer != nil || err != nil {
			return answer, err
		}
	}
	filled := *r
	filled.fill()
	lb, err := filled.balancer(s, w)
	if err != nil {
		return nil, err
	}
	s.balancers[lb.id] = lb
	answer := lb.createAnswer()
	if r.ClientToken != "" {
		s.remember(key, print, answer, w.now)
	}
	return answer, nil
}

// fill sets defaults. A vSwitch makes an instance an intranet one; what is sold
// today is pay by use.
func (r *createBalancer) fill() {
	if r.AddressType == "" {
		r.AddressType = internet
		if r.VSwitchId != "" {
			r.AddressType = intranet
		}
	}
	standard(&r.LoadBalancerName, "auto_named_slb")
	standard(&r.InstanceChargeType, payByCLCU)
	standard(&r.LoadBalancerSpec, "slb.s1.small")
	standard(&r.InternetChargeType, payTraffic)
	standard(&r.DeleteProtection, "off")
	standard(&r.ModificationProtectionStatus, "NonProtection")
}

func (r *createBalancer) validate() error {
	return firstError(
		oneOf("AddressType", &r.AddressType, internet, intranet),
		checkBalancerName(*r.LoadBalancerName),
		oneOf("InstanceChargeType", r.InstanceChargeType, payBySpec, payByCLCU),
		checkSpec(*r.LoadBalancerSpec),
		oneOf("InternetChargeType", r.InternetChargeType, payTraffic, "paybybandwidth"),
		inRange("Bandwidth", r.Bandwidth, 1, 5120),
		oneOf("PayType", r.PayType, "PayOnDemand"),
		oneOf("AddressIPVersion", r.AddressIPVersion, "ipv4"),
		onOff("DeleteProtection", r.DeleteProtection),
		checkModificationProtection(*r.ModificationProtectionStatus, r.ModificationProtectionReason),
		checkCharge(*r.InstanceChargeType, *r.InternetChargeType),
	)
}

func (r *createBalancer) balancer(s *state, w *world) (*loadBalancer, error) {
	if err := r.validate(); err != nil {
		return nil, err
	}
	if len(s.balancers) >= w.quotas.LoadBalancers {
		return nil, refuse("OverQuota", "There are %d load balancers, which is the quota.", w.quotas.LoadBalancers)
	}
	lb := &loadBalancer{
		created: w.now, status: active, name: *r.LoadBalancerName,
		addressType: r.AddressType, masterZone: r.MasterZoneId, slaveZone: r.SlaveZoneId,
		resourceGroup: r.ResourceGroupId, charge: *r.InstanceChargeType, spec: *r.LoadBalancerSpec,
		internetCharge: *r.InternetChargeType, bandwidth: value(r.Bandwidth),
		deleteProtection: *r.DeleteProtection, modificationProtection: *r.ModificationProtectionStatus,
		modificationReason: value(r.ModificationProtectionReason),
	}
	var err error
	if lb.tags, err = lb.tags.with(r.Tag, tagsPerResource); err != nil {
		return nil, err
	}
	if err := r.connect(s, lb, w); err != nil {
		return nil, err
	}
	lb.id, lb.serial = w.newID("lb-"), s.nextSerial()
	return lb, nil
}

// connect gives a load balancer its network and address.
func (r *createBalancer) connect(s *state, lb *loadBalancer, w *world) (err error) {
	if r.AddressType == internet {
		if r.VSwitchId != "" || r.Address != "" {
			return rpc.InvalidParameter("AddressType", "VSwitchId and Address are of intranet instances")
		}
		lb.address, err = s.allocate(internet, w)
		return err
	}
	if r.VSwitchId == "" {
		return rpc.MissingParameter("VSwitchId")
	}
	v, err := w.vSwitch(r.VSwitchId, r.VpcId)
	if err != nil {
		return err
	}
	lb.vSwitchID, lb.vpcID = v.ID, v.VPCID
	if lb.masterZone == "" {
		lb.masterZone = v.Zone
	}
	if r.Address != "" {
		lb.address, err = s.claim(r.Address, w)
		return err
	}
	lb.address, err = s.allocate(intranet, w)
	return err
}

func (w *world) vSwitch(id, vpcID string) (VSwitch, error) {
	for _, v := range w.vSwitches {
		if v.ID == id && (vpcID == "" || vpcID == v.VPCID) {
			return v, nil
		}
	}
	return VSwitch{}, notFound("InvalidParameter", "The specified VSwitchId %s does not exist in the VPC.", id)
}

func (lb *loadBalancer) createAnswer() createBalancerAnswer {
	return createBalancerAnswer{
		LoadBalancerId: lb.id, LoadBalancerName: lb.name, Address: lb.address.String(), AddressIPVersion: "ipv4",
		NetworkType: lb.networkType(), VpcId: lb.vpcID, VSwitchId: lb.vSwitchID, ResourceGroupId: lb.resourceGroup,
	}
}
