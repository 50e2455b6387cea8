package slb

import (
	"net/netip"

	"github.com/ebb-node/ebb/mockcloud/rpc"
)

// allocate finds a free address of the range that an address type has.
func (s *state) allocate(addressType string, w *world) (netip.Addr, error) {
	pool := w.pool(addressType)
	used := s.addresses()
	for a := pool.Addr().Next(); usable(pool, a); a = a.Next() {
		if !used[a] {
			return a, nil
		}
	}
	if addressType == intranet {
		return netip.Addr{}, refuse("VSwitchAvailableIpNotExist", "The vSwitch has no free address.")
	}
	return netip.Addr{}, refuse("OverQuota", "There is no free address left.")
}

// claim takes a certain intranet address.
func (s *state) claim(text string, w *world) (netip.Addr, error) {
	a, err := netip.ParseAddr(text)
	if err != nil || !usable(w.intranet, a) {
		return netip.Addr{}, rpc.InvalidParameter("Address", "an address of the intranet range is wanted")
	}
	if s.addresses()[a] {
		return netip.Addr{}, rpc.InvalidParameter("Address", "the address %s is in use", a)
	}
	return a, nil
}

func (s *state) addresses() map[netip.Addr]bool {
	used := make(map[netip.Addr]bool, len(s.balancers))
	for _, lb := range s.balancers {
		used[lb.address] = true
	}
	return used
}

func (w *world) pool(addressType string) netip.Prefix {
	if addressType == intranet {
		return w.intranet
	}
	return w.internet
}

// usable excludes the first and the last address of a range.
func usable(pool netip.Prefix, a netip.Addr) bool {
	return pool.Contains(a) && pool.Contains(a.Prev()) && pool.Contains(a.Next())
}
