package sandbox

import (
	"fmt"
	"net"
	"net/netip"
	"os"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"

	"github.com/ebb-node/ebb/mockcloud/runtime/bridge"
)

// Network is the region's own: a bridge that pods hang on, and the service
// range behind it.
type Network struct {
	Bridge   string
	Gateway  string   // address of the bridge with its prefix, 10.244.0.1/16
	Services string   // range of ClusterIPs, 10.96.0.0/16
	Local    []string // ranges of addresses that are this namespace's own, 10.98.0.0/24
}

// SetUp makes the network in the present namespace. The route to the service
// range exists only so that the kernel reaches the hook where kube-proxy
// translates a ClusterIP; nothing is ever sent there.
func (n Network) SetUp() error {
	if err := linkUp("lo"); err != nil {
		return err
	}
	gateway, err := netip.ParsePrefix(n.Gateway)
	if err != nil {
		return fmt.Errorf("gateway %q: %w", n.Gateway, err)
	}
	link, err := bridge.Make(n.Bridge, gateway)
	if err != nil {
		return err
	}
	if err := linkUp(n.Bridge); err != nil {
		return err
	}
	if err := n.sysctls(); err != nil {
		return err
	}
	_, services, err := net.ParseCIDR(n.Services)
	if err != nil {
		return fmt.Errorf("services %q: %w", n.Services, err)
	}
	if err := netlink.RouteAdd(&netlink.Route{LinkIndex: link.Attrs().Index, Dst: services, Scope: netlink.SCOPE_LINK}); err != nil {
		return fmt.Errorf("route to %s: %w", n.Services, err)
	}
	for _, local := range n.Local {
		if err := addLocal(local); err != nil {
			return err
		}
	}
	return nil
}

// addLocal lets programs of this namespace listen on a whole range.
func addLocal(text string) error {
	_, local, err := net.ParseCIDR(text)
	if err != nil {
		return fmt.Errorf("local range %q: %w", text, err)
	}
	loopback, err := netlink.LinkByName("lo")
	if err != nil {
		return err
	}
	route := &netlink.Route{LinkIndex: loopback.Attrs().Index, Dst: local, Type: unix.RTN_LOCAL, Table: unix.RT_TABLE_LOCAL, Scope: netlink.SCOPE_HOST}
	if err := netlink.RouteAdd(route); err != nil {
		return fmt.Errorf("local route for %s: %w", text, err)
	}
	return nil
}

func linkUp(name string) error {
	link, err := netlink.LinkByName(name)
	if err != nil {
		return fmt.Errorf("link %s: %w", name, err)
	}
	return netlink.LinkSetUp(link)
}

// sysctls let the bridge forward between pods that see it as their router,
// without telling them of the shorter way.
func (n Network) sysctls() error {
	for path, value := range map[string]string{
		"/proc/sys/net/ipv4/ip_forward":                           "1",
		"/proc/sys/net/ipv4/conf/all/send_redirects":              "0",
		"/proc/sys/net/ipv4/conf/" + n.Bridge + "/send_redirects": "0",
		"/proc/sys/net/ipv4/conf/all/rp_filter":                   "0",
		"/proc/sys/net/ipv4/conf/" + n.Bridge + "/rp_filter":      "0",
		"/proc/sys/net/ipv4/ip_local_port_range":                  "32768 60999",
	} {
		if err := os.WriteFile(path, []byte(value), 0o644); err != nil {
			return fmt.Errorf("sysctl: %w", err)
		}
	}
	return nil
}
