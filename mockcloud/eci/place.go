package eci

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/netip"
	"slices"
	"strings"

	"github.com/ebb-node/ebb/mockcloud/rpc"
)

// offer is a size that would do.
type offer struct {
	size
	instanceType string // empty: by vCPU and memory
}

// spec is how stock settings name the offer.
func (o offer) spec() string {
	if o.instanceType != "" {
		return o.instanceType
	}
	return fmt.Sprintf("%v-%vGi", o.cpu, o.memory)
}

// offers are the sizes that a request accepts, best first.
func (s *Service) offers(r *createRequest) ([]offer, error) {
	if types := splitList(r.InstanceType); len(types) > 0 {
		return s.typeOffers(types)
	}
	wanted, err := r.requestedSize()
	if err != nil {
		return nil, err
	}
	rounded, err := roundUp(wanted, r.spot())
	return []offer{{size: rounded}}, err
}

func (s *Service) typeOffers(types []string) ([]offer, error) {
	var list []offer
	for _, name := range types {
		of, known := instanceType(s.types, name)
		if !known {
			return nil, rpc.Errorf(http.StatusBadRequest, "InvalidInstanceTypeForEciBuy",
				"The instance type %s is not one that ECI offers.", name)
		}
		list = append(list, offer{size: of, instanceType: name})
	}
	return list, nil
}

// place chooses vSwitch, size and address for a group: the first vSwitch that
// has stock and a free address. The caller holds the lock.
func (s *Service) place(g *group, r *createRequest) error {
	offers, err := s.offers(r)
	if err != nil {
		return err
	}
	subnets, err := s.candidates(r)
	if err != nil {
		return err
	}
	for _, sub := range subnets {
		if err = s.placeIn(g, r, sub, offers); err == nil {
			return nil
		}
	}
	return err
}

func (s *Service) placeIn(g *group, r *createRequest, sub *subnet, offers []offer) error {
	for _, o := range offers {
		state := s.stock.state(sub.Zone, o.spec(), r.spot())
		if state == StockNone {
			continue
		}
		ip, err := sub.reserve(r.PrivateIpAddress)
		if err != nil {
			return err
		}
		g.subnet, g.ip, g.size, g.instanceType = sub, ip, o.size, o.instanceType
		g.noStock = state == StockNoneDelayed
		return nil
	}
	return noStock()
}

func (s *subnet) reserve(wanted string) (netip.Addr, error) {
	if wanted == "" {
		return s.allocate()
	}
	addr, err := netip.ParseAddr(wanted)
	if err != nil {
		return addr, rpc.InvalidParameter("PrivateIpAddress", "an IPv4 address is wanted")
	}
	return addr, s.claim(addr)
}

// candidates are the vSwitches of a request in the order to try.
func (s *Service) candidates(r *createRequest) ([]*subnet, error) {
	ids := splitList(r.VSwitchId)
	if len(ids) == 0 {
		ids = []string{s.subnets[0].ID}
	}
	var list []*subnet
	for _, id := range ids {
		i := slices.IndexFunc(s.subnets, func(sub *subnet) bool { return sub.ID == id })
		if i < 0 {
			return nil, rpc.Errorf(http.StatusNotFound, "InvalidVSwitchId.NotFound",
				"The vSwitch %s does not exist.", id)
		}
		sub := s.subnets[i]
		if r.ZoneId != "" && r.ZoneId != sub.Zone {
			return nil, rpc.Errorf(http.StatusForbidden, "OperationDenied.VswZoneMisMatch",
				"The vSwitch %s is not in zone %s.", id, r.ZoneId)
		}
		list = append(list, sub)
	}
	if r.ScheduleStrategy != "VSwitchOrdered" {
		rand.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	}
	return list, nil
}

// security answers the security groups of a request.
func (s *Service) security(r *createRequest) (string, error) {
	ids := splitList(r.SecurityGroupId)
	if len(ids) == 0 {
		return s.config.SecurityGroups[0], nil
	}
	for _, id := range ids {
		if !slices.Contains(s.config.SecurityGroups, id) {
			return "", rpc.Errorf(http.StatusForbidden, "OperationDenied.SecurityGroupMisMatch",
				"The security group %s is not in the VPC.", id)
		}
	}
	return strings.Join(ids, ","), nil
}
