package eci

import (
	"net/netip"
	"strings"
	"time"
)

// NetworkInterface is the elastic network interface of a container group.
type NetworkInterface struct {
	ID              string
	GroupID         string
	IP              netip.Addr
	VPCID           string
	VSwitchID       string
	Zone            string
	SecurityGroupID string
	Created         time.Time
}

// NetworkInterfaces are those of all groups that have been scheduled and have
// not ended, oldest first.
func (s *Service) NetworkInterfaces() []NetworkInterface {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []NetworkInterface
	for _, g := range s.groups.order {
		if g.started() && !g.final() {
			list = append(list, NetworkInterface{
				ID: g.eniID(), GroupID: g.id, IP: g.ip, VPCID: g.subnet.VPCID, VSwitchID: g.subnet.ID,
				Zone: g.subnet.Zone, SecurityGroupID: g.securityID, Created: g.began,
			})
		}
	}
	return list
}

// LookupENI reports whether a network interface has an address and belongs to
// a group that runs.
func (s *Service) LookupENI(eniID string, ip netip.Addr) bool {
	suffix, ok := strings.CutPrefix(eniID, eniPrefix)
	if !ok {
		return false
	}
	addr, running := s.LookupGroup(groupPrefix + suffix)
	return running && addr == ip
}

// LookupGroup answers the address of a group that runs.
func (s *Service) LookupGroup(id string) (netip.Addr, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g, ok := s.groups.byID[id]
	if !ok || g.status != running {
		return netip.Addr{}, false
	}
	return g.ip, true
}

// Ids of a group and of its network interface differ in what they begin with.
const (
	groupPrefix = "eci-"
	eniPrefix   = "eni-"
)

func (g *group) eniID() string { return eniPrefix + strings.TrimPrefix(g.id, groupPrefix) }
