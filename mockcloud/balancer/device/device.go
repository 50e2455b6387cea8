// Package device gives a machine the addresses of load balancers, on a network
// device of its own or on a bridge that is there.
//
// It is the balancer's Addresses where load balancers have real addresses, as
// in the region; where they are bound to loopback it is not needed.
package device

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"syscall"

	"github.com/vishvananda/netlink"
)

// Device holds addresses. It is safe for concurrent use.
type Device struct {
	link netlink.Link
	made bool
}

// Open uses the device of a name, or makes a bridge without ports: every
// kernel that can run the region has bridges, not every one has dummies. The
// caller needs the right to administer the network of its namespace.
func Open(name string) (*Device, error) {
	link, err := netlink.LinkByName(name)
	var missing netlink.LinkNotFoundError
	made := errors.As(err, &missing)
	if made {
		link, err = addBridge(name)
	}
	if err != nil {
		return nil, fmt.Errorf("device %s: %w", name, err)
	}
	if err := netlink.LinkSetUp(link); err != nil {
		return nil, fmt.Errorf("device %s: set up: %w", name, err)
	}
	return &Device{link: link, made: made}, nil
}

func addBridge(name string) (netlink.Link, error) {
	attributes := netlink.NewLinkAttrs()
	attributes.Name = name
	if err := netlink.LinkAdd(&netlink.Bridge{LinkAttrs: attributes}); err != nil {
		return nil, fmt.Errorf("make: %w", err)
	}
	return netlink.LinkByName(name)
}

// Add makes an address this machine's. One that is there already is fine.
func (d *Device) Add(address netip.Addr) error {
	if err := netlink.AddrAdd(d.link, host(address)); err != nil && !errors.Is(err, syscall.EEXIST) {
		return fmt.Errorf("device %s: add %s: %w", d.link.Attrs().Name, address, err)
	}
	return nil
}

// Remove gives an address up. One that is not there is fine.
func (d *Device) Remove(address netip.Addr) error {
	if err := netlink.AddrDel(d.link, host(address)); err != nil && !errors.Is(err, syscall.EADDRNOTAVAIL) {
		return fmt.Errorf("device %s: remove %s: %w", d.link.Attrs().Name, address, err)
	}
	return nil
}

// Close removes the device if Open made it.
func (d *Device) Close() error {
	if !d.made {
		return nil
	}
	if err := netlink.LinkDel(d.link); err != nil {
		return fmt.Errorf("device %s: remove: %w", d.link.Attrs().Name, err)
	}
	return nil
}

// noDuplicateDetection is IFA_F_NODAD of linux/if_addr.h: without it an IPv6
// address can't be bound for a while.
const noDuplicateDetection = 0x02

// host is an address without a network around it.
func host(address netip.Addr) *netlink.Addr {
	bits := address.BitLen()
	return &netlink.Addr{
		IPNet: &net.IPNet{IP: address.AsSlice(), Mask: net.CIDRMask(bits, bits)},
		Flags: noDuplicateDetection,
	}
}
