package test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestNothingIsLeftOfAKilledRegion kills a region that runs containers, and
// looks for what it left on the host.
func TestNothingIsLeftOfAKilledRegion(t *testing.T) {
	links, mounts := hostLinks(t), hostMounts(t)
	killed, err := newRegion("--knative=false")
	if err != nil {
		t.Fatal(err)
	}
	killed.kubectl(t, "apply", "-f", filepath.Join(killed.Source, "examples/coffee/deployment.yaml"))
	killed.kubectl(t, "rollout", "status", "deployment/coffee", "--timeout=60s")
	if left := killed.traces(t); len(left) == 0 {
		t.Fatal("the running region leaves no traces; this test would see nothing")
	}
	if err := killed.end(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	eventually(t, 15*time.Second, func(context.Context) error {
		if left := killed.traces(t); len(left) > 0 {
			return fmt.Errorf("left behind: %s", strings.Join(left, ", "))
		}
		return nil
	})
	if now := hostLinks(t); now != links {
		t.Errorf("network interfaces before:\n%s\nafter:\n%s", links, now)
	}
	if now := hostMounts(t); now != mounts {
		t.Errorf("mounts before:\n%s\nafter:\n%s", mounts, now)
	}
}

// traces are the processes and cgroups of a region.
func (r *testRegion) traces(t *testing.T) []string {
	t.Helper()
	var left []string
	commands, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	for _, path := range commands {
		if command, err := os.ReadFile(path); err == nil && bytes.Contains(command, []byte(r.Root)) {
			left = append(left, string(bytes.ReplaceAll(command, []byte{0}, []byte(" "))))
		}
	}
	cgroups, _ := filepath.Glob("/sys/fs/cgroup/*/" + r.CgroupParent())
	v2, _ := filepath.Glob("/sys/fs/cgroup/" + r.CgroupParent())
	return append(append(left, cgroups...), v2...)
}

func hostLinks(t *testing.T) string {
	t.Helper()
	output, err := exec.Command("ip", "-brief", "link").Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(output)
}

func hostMounts(t *testing.T) string {
	t.Helper()
	mounts, err := os.ReadFile("/proc/self/mounts")
	if err != nil {
		t.Fatal(err)
	}
	return string(mounts)
}
