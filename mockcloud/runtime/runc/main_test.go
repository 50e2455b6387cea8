package runc

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"testing"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

// insideVariable marks the copy of the tests that has namespaces of its own,
// and names the cgroup below which they have theirs.
const insideVariable = "MOCKCLOUD_TEST_INSIDE"

// TestMain runs the tests in network, mount and process namespaces of their
// own, so that they touch nothing of the machine's, and leave nothing behind
// whatever happens. Only their cgroups are the machine's.
func TestMain(m *testing.M) {
	if os.Getenv(insideVariable) == "" {
		os.Exit(runInside())
	}
	if os.Getenv(holderVariable) != "" {
		hold()
	}
	if err := prepareInside(); err != nil {
		fmt.Fprintln(os.Stderr, "prepare the tests' namespaces:", err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

func runInside() int {
	flags := []string{"-n", "-m", "-p", "-f", "--mount-proc", "--kill-child"}
	if os.Geteuid() != 0 {
		flags = append([]string{"-U", "-r"}, flags...)
	}
	self, err := os.Executable()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	cmd := exec.Command("unshare", append(append(flags, self), os.Args[1:]...)...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	parent := fmt.Sprintf("mockcloud-test-%d", os.Getpid())
	cmd.Env = append(os.Environ(), insideVariable+"="+parent)
	// Also what tests that were cut short have left.
	defer func() { _ = findCgroups(parent).remove("") }()
	var failed *exec.ExitError
	switch err := cmd.Run(); {
	case err == nil:
		return 0
	case errors.As(err, &failed):
		return failed.ExitCode() // of the tests, which have said why
	default:
		fmt.Fprintln(os.Stderr, "unshare (install the package util-linux):", err)
		return 1
	}
}

func prepareInside() error {
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return err
	}
	lo, err := netlink.LinkByName("lo")
	if err != nil {
		return err
	}
	return netlink.LinkSetUp(lo)
}
