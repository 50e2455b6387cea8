// Package bridge makes the Linux bridge that container groups hang on.
package bridge

import (
	"errors"
	"fmt"
	"net"
	"net/netip"

	"github.com/vishvananda/netlink"
)

// Make adds a bridge with the gateway's address, not yet up. A bridge that
// exists already is an error.
//
// Its hardware address is fixed. Left to itself a bridge takes the lowest
// address among its ports and changes it as they come and go; neighbours that
// see two changes within a second keep the older one (arp_tbl's locktime) and
// lose what they send to the gateway until they ask again, three seconds later.
func Make(name string, gateway netip.Prefix) (netlink.Link, error) {
	attributes := netlink.NewLinkAttrs()
	attributes.Name = name
	attributes.HardwareAddr = hardwareAddress(gateway.Addr())
	if err := netlink.LinkAdd(&netlink.Bridge{LinkAttrs: attributes}); err != nil {
		return nil, fmt.Errorf("make bridge %s: %w", name, err)
	}
	link, err := netlink.LinkByName(name)
	if err != nil {
		return nil, fmt.Errorf("find bridge %s: %w", name, err)
	}
	address := &netlink.Addr{IPNet: &net.IPNet{
		IP: gateway.Addr().AsSlice(), Mask: net.CIDRMask(gateway.Bits(), gateway.Addr().BitLen()),
	}}
	if err := netlink.AddrAdd(link, address); err != nil {
		return nil, errors.Join(fmt.Errorf("give bridge %s address %s: %w", name, gateway, err), netlink.LinkDel(link))
	}
	return link, nil
}

// hardwareAddress is a locally administered unicast address that ends in the
// last four bytes of the gateway's.
func hardwareAddress(gateway netip.Addr) net.HardwareAddr {
	bytes := gateway.AsSlice()
	return append(net.HardwareAddr{0x02, 0xeb}, bytes[len(bytes)-4:]...)
}
