package eci

import (
	"fmt"
	"net/http"
	"net/netip"

	"github.com/ebb-node/ebb/mockcloud/rpc"
)

// VSwitch is a subnet in a zone.
type VSwitch struct {
	ID    string
	Zone  string
	VPCID string
	CIDR  netip.Prefix
	// Reserved are addresses that no group may get, besides the documented
	// first one and last three.
	Reserved []netip.Addr
}

// subnet hands out a vSwitch's addresses. It is not safe for concurrent use.
type subnet struct {
	VSwitch
	next netip.Addr
	used map[netip.Addr]bool
	free int
}

func newSubnet(v VSwitch) (*subnet, error) {
	v.CIDR = v.CIDR.Masked()
	if !v.CIDR.IsValid() || !v.CIDR.Addr().Is4() || v.CIDR.Bits() > 29 {
		return nil, fmt.Errorf("vSwitch %s: CIDR %s is not an IPv4 network of at least 8 addresses", v.ID, v.CIDR)
	}
	s := &subnet{VSwitch: v, used: map[netip.Addr]bool{}, free: 1<<(32-v.CIDR.Bits()) - 4}
	s.next = v.CIDR.Addr().Next()
	for _, a := range v.Reserved {
		if s.usable(a) && !s.used[a] {
			s.used[a] = true
			s.free--
		}
	}
	return s, nil
}

// allocate takes the next free address, so that a freed one rests for a while.
func (s *subnet) allocate() (netip.Addr, error) {
	if s.free == 0 {
		return netip.Addr{}, rpc.Errorf(http.StatusForbidden, "InvalidVSwitchId.IpNotEnough",
			"The vSwitch %s has no free address.", s.ID)
	}
	for {
		addr := s.next
		s.next = addr.Next()
		if !s.usable(s.next) {
			s.next = s.CIDR.Addr().Next()
		}
		if !s.used[addr] {
			s.take(addr)
			return addr, nil
		}
	}
}

// claim takes a certain address.
func (s *subnet) claim(addr netip.Addr) error {
	if !s.usable(addr) {
		return rpc.InvalidParameter("PrivateIpAddress", "%s is not a usable address of vSwitch %s", addr, s.ID)
	}
	if s.used[addr] {
		return rpc.Errorf(http.StatusBadRequest, "PrivateIpAddress.Already.InUse",
			"The address %s is in use.", addr)
	}
	s.take(addr)
	return nil
}

func (s *subnet) take(addr netip.Addr) {
	s.used[addr] = true
	s.free--
}

func (s *subnet) release(addr netip.Addr) {
	if s.used[addr] {
		delete(s.used, addr)
		s.free++
	}
}

// usable excludes the first and the last three addresses of the network, which
// the service reserves (https://www.alibabacloud.com/help/en/vpc/user-guide/what-is-vpc).
func (s *subnet) usable(addr netip.Addr) bool {
	if !s.CIDR.Contains(addr) || addr == s.CIDR.Addr() {
		return false
	}
	for range 3 {
		addr = addr.Next()
		if !s.CIDR.Contains(addr) {
			return false
		}
	}
	return true
}
