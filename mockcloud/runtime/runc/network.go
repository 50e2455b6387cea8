package runc

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"path/filepath"

	"github.com/vishvananda/netlink"
	"github.com/vishvananda/netns"
	"golang.org/x/sys/unix"

	"github.com/ebb-node/ebb/mockcloud/runtime/bridge"
)

// podLink is the name that a group sees its link by.
const podLink = "eth0"

// network attaches groups to a bridge.
type network struct {
	bridge  netlink.Link
	gateway netip.Addr
	made    bool // the bridge is ours
}

// hostLink is the name of the host's end of a group's link.
func hostLink(stateDir, group string) string {
	return "mc" + shortHash(stateDir+"/"+group)
}

// openNetwork finds the bridge, or makes it.
func openNetwork(name string, gateway netip.Prefix) (*network, error) {
	link, err := netlink.LinkByName(name)
	var missing netlink.LinkNotFoundError
	switch {
	case err == nil:
		n := &network{bridge: link, gateway: gateway.Addr()}
		return n, n.checkAddress()
	case errors.As(err, &missing):
		return makeBridge(name, gateway)
	default:
		return nil, fmt.Errorf("find bridge %s: %w", name, err)
	}
}

func (n *network) checkAddress() error {
	addresses, err := netlink.AddrList(n.bridge, netlink.FAMILY_V4)
	if err != nil {
		return fmt.Errorf("addresses of bridge %s: %w", n.bridge.Attrs().Name, err)
	}
	for _, a := range addresses {
		if a.IP.Equal(n.gateway.AsSlice()) {
			return nil
		}
	}
	return fmt.Errorf("bridge %s exists without the gateway's address %s: give it that address or name another bridge",
		n.bridge.Attrs().Name, n.gateway)
}

func makeBridge(name string, gateway netip.Prefix) (*network, error) {
	link, err := bridge.Make(name, gateway)
	if err != nil {
		return nil, err
	}
	n := &network{bridge: link, gateway: gateway.Addr(), made: true}
	if err := setSysctls(bridgeSysctls(name)); err != nil {
		return nil, errors.Join(err, n.close())
	}
	if err := netlink.LinkSetUp(link); err != nil {
		return nil, errors.Join(fmt.Errorf("bring up bridge %s: %w", name, err), n.close())
	}
	return n, nil
}

// bridgeSysctls let groups reach each other through the gateway. They end
// with the bridge.
func bridgeSysctls(bridge string) map[string]string {
	conf := "net/ipv4/conf/" + bridge + "/"
	return map[string]string{conf + "forwarding": "1", conf + "send_redirects": "0", conf + "rp_filter": "0"}
}

// close removes the bridge if it was made here.
func (n *network) close() error {
	if !n.made {
		return nil
	}
	return removeLink(n.bridge.Attrs().Name)
}

// attach gives a network namespace its link: an address of its own alone, and
// everything else behind the gateway, so that traffic between groups passes
// through it too and can be redirected there.
func (n *network) attach(link, nsDir string, address netip.Addr) error {
	ns, err := netns.GetFromPath(filepath.Join(nsDir, "net"))
	if err != nil {
		return fmt.Errorf("open network namespace: %w", err)
	}
	defer ns.Close()
	attrs := netlink.NewLinkAttrs()
	attrs.Name = link
	attrs.MasterIndex = n.bridge.Attrs().Index
	attrs.Flags = net.FlagUp
	veth := &netlink.Veth{LinkAttrs: attrs, PeerName: podLink, PeerNamespace: netlink.NsFd(ns)}
	if err := netlink.LinkAdd(veth); err != nil {
		return fmt.Errorf("make link %s: %w", link, err)
	}
	pod, err := netlink.NewHandleAt(ns, unix.NETLINK_ROUTE)
	if err != nil {
		return fmt.Errorf("enter network namespace: %w", err)
	}
	defer pod.Close()
	return n.configure(pod, address)
}

func (n *network) configure(pod *netlink.Handle, address netip.Addr) error {
	lo, err := pod.LinkByName("lo")
	if err != nil {
		return fmt.Errorf("find lo: %w", err)
	}
	eth, err := pod.LinkByName(podLink)
	if err != nil {
		return fmt.Errorf("find %s: %w", podLink, err)
	}
	gateway := net.IP(n.gateway.AsSlice())
	index := eth.Attrs().Index
	steps := []struct {
		what string
		do   func() error
	}{
		{"bring up lo", func() error { return pod.LinkSetUp(lo) }},
		{"set address " + address.String(), func() error {
			return pod.AddrAdd(eth, &netlink.Addr{IPNet: host(address.AsSlice())})
		}},
		{"bring up " + podLink, func() error { return pod.LinkSetUp(eth) }},
		{"route to the gateway", func() error {
			return pod.RouteAdd(&netlink.Route{LinkIndex: index, Dst: host(gateway), Scope: netlink.SCOPE_LINK})
		}},
		{"default route", func() error {
			return pod.RouteAdd(&netlink.Route{LinkIndex: index, Gw: gateway})
		}},
	}
	for _, s := range steps {
		if err := s.do(); err != nil {
			return fmt.Errorf("%s: %w", s.what, err)
		}
	}
	return nil
}

// host is the network of one address.
func host(ip net.IP) *net.IPNet {
	return &net.IPNet{IP: ip, Mask: net.CIDRMask(8*len(ip), 8*len(ip))}
}

// traffic answers what a group received and sent. The host's end of the link
// sees both the other way round.
func traffic(link string) (rx, tx uint64, err error) {
	l, err := netlink.LinkByName(link)
	if err != nil {
		return 0, 0, fmt.Errorf("find link %s: %w", link, err)
	}
	s := l.Attrs().Statistics
	if s == nil {
		return 0, 0, fmt.Errorf("link %s has no counters", link)
	}
	return s.TxBytes, s.RxBytes, nil
}

// removeLink takes a link away; none of that name is no error.
func removeLink(name string) error {
	link, err := netlink.LinkByName(name)
	var missing netlink.LinkNotFoundError
	if errors.As(err, &missing) {
		return nil
	}
	if err == nil {
		err = netlink.LinkDel(link)
	}
	if err != nil && !errors.Is(err, unix.ENODEV) {
		return fmt.Errorf("remove link %s: %w", name, err)
	}
	return nil
}
