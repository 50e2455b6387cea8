package runc

import (
	"net"
	"strings"
	"testing"

	"github.com/vishvananda/netlink"

	"github.com/ebb-node/ebb/mockcloud/runtime/bridge"
)

// ownBridge makes the bridge before a runtime does.
func ownBridge(t *testing.T, name, address string) {
	t.Helper()
	attrs := netlink.NewLinkAttrs()
	attrs.Name = name
	link := &netlink.Bridge{LinkAttrs: attrs}
	if err := netlink.LinkAdd(link); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := netlink.LinkDel(link); err != nil {
			t.Errorf("the bridge of others: %v", err)
		}
	})
	if address == "" {
		return
	}
	parsed, err := netlink.ParseAddr(address)
	if err != nil {
		t.Fatal(err)
	}
	if err := netlink.AddrAdd(link, parsed); err != nil {
		t.Fatal(err)
	}
}

func TestBridgeOfOthersIsUsedAndLeftAlone(t *testing.T) {
	ownBridge(t, "br7", gatewayPrefix.String())
	config := testConfig(t)
	config.Bridge = "br7"
	rt, err := New(config)
	if err != nil {
		t.Fatal(err)
	}
	if err := rt.Close(); err != nil {
		t.Error(err)
	}
	if left := remains(config); len(left) != 1 || left[0] != "link br7" {
		t.Errorf("left are %v, want the bridge alone", left)
	}
}

// Pods would lose packets to a gateway whose hardware address moves.
func TestBridgeKeepsItsHardwareAddress(t *testing.T) {
	link, err := bridge.Make("br8", gatewayPrefix)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := netlink.LinkDel(link); err != nil {
			t.Error(err)
		}
	})
	attrs := netlink.NewLinkAttrs()
	attrs.Name = "lowest"
	attrs.MasterIndex = link.Attrs().Index
	attrs.HardwareAddr = net.HardwareAddr{0x02, 0, 0, 0, 0, 1}
	if err := netlink.LinkAdd(&netlink.Veth{LinkAttrs: attrs, PeerName: "lowest-peer"}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := removeLink("lowest"); err != nil {
			t.Error(err)
		}
	})
	now, err := netlink.LinkByName("br8")
	if err != nil {
		t.Fatal(err)
	}
	if was, is := link.Attrs().HardwareAddr.String(), now.Attrs().HardwareAddr.String(); was != is {
		t.Errorf("hardware address moved from %s to %s as a port joined", was, is)
	}
}

func TestBridgeWithoutTheGateway(t *testing.T) {
	ownBridge(t, "br7", "")
	config := testConfig(t)
	config.Bridge = "br7"
	if _, err := New(config); err == nil || !strings.Contains(err.Error(), "br7") || !strings.Contains(err.Error(), gatewayPrefix.Addr().String()) {
		t.Errorf("error %v", err)
	}
	if left := remains(config); len(left) != 1 {
		t.Errorf("left are %v, want the bridge alone", left)
	}
}
