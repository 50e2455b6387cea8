package eci

import (
	"net/netip"
	"testing"
)

func TestSubnetHandsOutEveryUsableAddressOnce(t *testing.T) {
	s, err := newSubnet(VSwitch{
		ID: "vsw", CIDR: netip.MustParsePrefix("10.0.0.16/28"), Reserved: []netip.Addr{netip.MustParseAddr("10.0.0.17")},
	})
	if err != nil {
		t.Fatal(err)
	}
	seen := map[netip.Addr]bool{}
	for {
		addr, err := s.allocate()
		if err != nil {
			if code(err) != "InvalidVSwitchId.IpNotEnough" {
				t.Fatal(err)
			}
			break
		}
		if seen[addr] {
			t.Fatalf("%s was handed out twice", addr)
		}
		seen[addr] = true
	}
	// 16 addresses without the first, the last three and the reserved one.
	if len(seen) != 11 {
		t.Errorf("%d addresses, want 11: %v", len(seen), seen)
	}
	for _, no := range []string{"10.0.0.16", "10.0.0.17", "10.0.0.29", "10.0.0.30", "10.0.0.31"} {
		if seen[netip.MustParseAddr(no)] {
			t.Errorf("%s was handed out", no)
		}
	}
	freed := netip.MustParseAddr("10.0.0.20")
	s.release(freed)
	s.release(freed)
	if addr, err := s.allocate(); err != nil || addr != freed {
		t.Errorf("after release: %v, %v", addr, err)
	}
	if _, err := s.allocate(); err == nil {
		t.Error("a double release made two addresses")
	}
}

func TestFreedAddressesRest(t *testing.T) {
	s, _ := newSubnet(VSwitch{CIDR: netip.MustParsePrefix("10.0.0.0/24")})
	first, _ := s.allocate()
	s.release(first)
	if second, _ := s.allocate(); second == first {
		t.Errorf("%s was handed out again at once", first)
	}
}

func TestClaim(t *testing.T) {
	s, _ := newSubnet(VSwitch{CIDR: netip.MustParsePrefix("10.0.0.0/24")})
	addr := netip.MustParseAddr("10.0.0.9")
	if err := s.claim(addr); err != nil {
		t.Fatal(err)
	}
	if err := s.claim(addr); code(err) != "PrivateIpAddress.Already.InUse" {
		t.Errorf("second claim: %v", err)
	}
	for _, bad := range []string{"10.0.0.0", "10.0.0.255", "10.0.1.9", "::1"} {
		if err := s.claim(netip.MustParseAddr(bad)); code(err) != "InvalidParameter" {
			t.Errorf("claim of %s: %v", bad, err)
		}
	}
}

func TestSubnetsThatAreTooSmallAreRefused(t *testing.T) {
	for _, cidr := range []string{"10.0.0.0/30", "fd00::/64"} {
		if _, err := newSubnet(VSwitch{CIDR: netip.MustParsePrefix(cidr)}); err == nil {
			t.Errorf("%s was accepted", cidr)
		}
	}
}
