package slb

import (
	"regexp"

	"github.com/ebb-node/ebb/mockcloud/rpc"
)

func checkBalancerName(name string) error {
	if !balancerName.MatchString(name) {
		return rpc.InvalidParameter("LoadBalancerName", "1 to 80 letters, digits, . _ or -, beginning with a letter, are wanted")
	}
	return nil
}

func checkSpec(spec string) error {
	return oneOf("LoadBalancerSpec", &spec, "slb.s1.small", "slb.s2.small", "slb.s2.medium",
		"slb.s3.small", "slb.s3.medium", "slb.s3.large")
}

// checkCharge keeps pay by use together with pay by traffic.
func checkCharge(instance, internet string) error {
	if instance == payByCLCU && internet != payTraffic {
		return rpc.InvalidParameter("InternetChargeType", "an instance that is PayByCLCU can only be %s", payTraffic)
	}
	return nil
}

var protectionReason = regexp.MustCompile(`^\pL[\pL\pN._\-]{0,79}$`)

func checkModificationProtection(status string, reason *string) error {
	if err := oneOf("ModificationProtectionStatus", &status, "NonProtection", "ConsoleProtection"); err != nil {
		return err
	}
	if reason != nil && *reason != "" && !protectionReason.MatchString(*reason) {
		return rpc.InvalidParameter("ModificationProtectionReason", "1 to 80 letters, digits, . _ or -, beginning with a letter, are wanted")
	}
	return nil
}

// setDeleteProtection is SetLoadBalancerDeleteProtection.
type setDeleteProtection struct {
	balancerRef
	DeleteProtection string `rpc:",required"`
}

func (r *setDeleteProtection) change(s *state, _ *world) (any, error) {
	lb, err := s.editBalancer(r.LoadBalancerId)
	if err != nil {
		return nil, err
	}
	lb.deleteProtection = r.DeleteProtection
	return nil, onOff("DeleteProtection", &r.DeleteProtection)
}

// setModificationProtection is SetLoadBalancerModificationProtection. The
// protection is against the console; calls are not affected.
type setModificationProtection struct {
	balancerRef
	ModificationProtectionStatus string `rpc:",required"`
	ModificationProtectionReason *string
}

func (r *setModificationProtection) change(s *state, _ *world) (any, error) {
	lb, err := s.editBalancer(r.LoadBalancerId)
	if err != nil {
		return nil, err
	}
	lb.modificationProtection = r.ModificationProtectionStatus
	lb.modificationReason = value(r.ModificationProtectionReason)
	return nil, checkModificationProtection(r.ModificationProtectionStatus, r.ModificationProtectionReason)
}

// setBalancerStatus is SetLoadBalancerStatus.
type setBalancerStatus struct {
	balancerRef
	LoadBalancerStatus string `rpc:",required"`
}

func (r *setBalancerStatus) change(s *state, _ *world) (any, error) {
	lb, err := s.editBalancer(r.LoadBalancerId)
	if err != nil {
		return nil, err
	}
	lb.status = r.LoadBalancerStatus
	return nil, oneOf("LoadBalancerStatus", &r.LoadBalancerStatus, active, inactive)
}

// setBalancerName is SetLoadBalancerName.
type setBalancerName struct {
	balancerRef
	LoadBalancerName string `rpc:",required"`
}

func (r *setBalancerName) change(s *state, _ *world) (any, error) {
	lb, err := s.editBalancer(r.LoadBalancerId)
	if err != nil {
		return nil, err
	}
	lb.name = r.LoadBalancerName
	return nil, checkBalancerName(r.LoadBalancerName)
}

type orderAnswer struct{ OrderId int64 }

// modifySpec is ModifyLoadBalancerInstanceSpec, for PayBySpec only.
type modifySpec struct {
	balancerRef
	LoadBalancerSpec string `rpc:",required"`
}

func (r *modifySpec) change(s *state, _ *world) (any, error) {
	lb, err := s.editBalancer(r.LoadBalancerId)
	if err != nil {
		return nil, err
	}
	if lb.charge == payByCLCU {
		return nil, deniedByCharge()
	}
	lb.spec = r.LoadBalancerSpec
	return orderAnswer{}, checkSpec(r.LoadBalancerSpec)
}

// modifyInternetSpec is ModifyLoadBalancerInternetSpec, for PayBySpec only.
type modifyInternetSpec struct {
	balancerRef
	InternetChargeType *string
	Bandwidth          *int
}

func (r *modifyInternetSpec) change(s *state, _ *world) (any, error) {
	lb, err := s.editBalancer(r.LoadBalancerId)
	if err != nil {
		return nil, err
	}
	if lb.charge == payByCLCU {
		return nil, deniedByCharge()
	}
	if r.InternetChargeType != nil {
		lb.internetCharge = *r.InternetChargeType
	}
	if r.Bandwidth != nil {
		lb.bandwidth = *r.Bandwidth
	}
	return orderAnswer{}, firstError(
		oneOf("InternetChargeType", r.InternetChargeType, payTraffic, "paybybandwidth"),
		inRange("Bandwidth", r.Bandwidth, 1, 5120),
	)
}

// modifyCharge is ModifyLoadBalancerInstanceChargeType: to pay by use, not back.
type modifyCharge struct {
	balancerRef
	InstanceChargeType string `rpc:",required"`
	LoadBalancerSpec   *string
	InternetChargeType *string
	Bandwidth          *int
}

func (r *modifyCharge) change(s *state, _ *world) (any, error) {
	lb, err := s.editBalancer(r.LoadBalancerId)
	if err != nil {
		return nil, err
	}
	if lb.charge == payByCLCU {
		return nil, deniedByCharge()
	}
	lb.charge, lb.internetCharge = r.InstanceChargeType, payTraffic
	return nil, oneOf("InstanceChargeType", &r.InstanceChargeType, payByCLCU)
}

func deniedByCharge() error {
	return refuse("OperationDenied.PayByCLCU",
		"The operation is not allowed because the instanceChargeType of loadbalancer is PayByCLCU.")
}

// deleteBalancer is DeleteLoadBalancer. Listeners, groups and tags go with it.
type deleteBalancer struct{ balancerRef }

func (r *deleteBalancer) change(s *state, _ *world) (any, error) {
	lb, err := s.balancer(r.LoadBalancerId)
	if err != nil {
		return nil, err
	}
	if lb.deleteProtection == "on" {
		return nil, refuse("OperationDenied.DeleteProtectionIsOn",
			"The load balancer %s cannot be deleted, since its deletion protection is on.", lb.id)
	}
	delete(s.balancers, lb.id)
	for id, g := range s.groups {
		if g.balancer == lb.id {
			delete(s.groups, id)
		}
	}
	return nil, nil
}
