package device

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"testing"

	"github.com/vishvananda/netlink"
)

// insideVariable marks the copy of the tests that has a network of its own.
const insideVariable = "MOCKCLOUD_TEST_INSIDE"

// TestMain runs the tests in a network namespace of their own, so that they
// touch nothing of the machine's.
func TestMain(m *testing.M) {
	if os.Getenv(insideVariable) != "" {
		os.Exit(m.Run())
	}
	flags := []string{"-n"}
	if os.Geteuid() != 0 {
		flags = append(flags, "-U", "-r")
	}
	command := exec.Command("unshare", append(append(flags, os.Args[0]), os.Args[1:]...)...)
	command.Stdout, command.Stderr = os.Stdout, os.Stderr
	command.Env = append(os.Environ(), insideVariable+"=1")
	err := command.Run()
	var failed *exec.ExitError
	if err != nil && !errors.As(err, &failed) {
		fmt.Fprintln(os.Stderr, "unshare (install the package util-linux):", err)
		os.Exit(1)
	}
	os.Exit(command.ProcessState.ExitCode())
}

func bind(address string) error {
	l, err := net.Listen("tcp", net.JoinHostPort(address, "80"))
	if err != nil {
		return err
	}
	return l.Close()
}

func check(t *testing.T, d *Device, address string) {
	t.Helper()
	parsed := netip.MustParseAddr(address)
	for range 2 { // the second time it is there already
		if err := d.Add(parsed); err != nil {
			t.Fatal(err)
		}
		if err := bind(address); err != nil {
			t.Errorf("%s can't be bound: %v", address, err)
		}
	}
	for range 2 {
		if err := d.Remove(parsed); err != nil {
			t.Fatal(err)
		}
		if err := bind(address); err == nil {
			t.Errorf("%s can be bound after it was removed", address)
		}
	}
}

func TestAddressesComeAndGo(t *testing.T) {
	bridge := &netlink.Bridge{LinkAttrs: netlink.LinkAttrs{Name: "br-test"}}
	if err := netlink.LinkAdd(bridge); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = netlink.LinkDel(bridge) })
	d, err := Open("br-test")
	if err != nil {
		t.Fatal(err)
	}
	check(t, d, "192.0.2.10")
	check(t, d, "2001:db8::10")
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := netlink.LinkByName("br-test"); err != nil {
		t.Errorf("a bridge that was there is gone: %v", err)
	}
}

func TestADeviceIsMadeAndRemoved(t *testing.T) {
	d, err := Open("slb-test")
	if err != nil {
		t.Fatal(err)
	}
	check(t, d, "192.0.2.11")
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	var missing netlink.LinkNotFoundError
	if _, err := netlink.LinkByName("slb-test"); !errors.As(err, &missing) {
		t.Errorf("the device is still there: %v", err)
	}
}
