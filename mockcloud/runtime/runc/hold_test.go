package runc

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/ebb-node/ebb/mockcloud/runtime"
)

// holderVariable makes a copy of the tests hold a runtime: its value is what
// the runtime is to run.
const holderVariable = "MOCKCLOUD_TEST_HOLDER"

type holding struct {
	StateDir, CgroupParent, Cgroups string
	Rootless                        bool
	Groups                          []runtime.Group
}

// hold runs groups, says "running" once all do, and waits to be killed.
func hold() {
	var h holding
	err := json.Unmarshal([]byte(os.Getenv(holderVariable)), &h)
	if err == nil {
		err = h.run()
	}
	fmt.Fprintln(os.Stderr, "holder:", err)
	os.Exit(1)
}

func (h holding) run() error {
	rt, err := New(Config{StateDir: h.StateDir, Bridge: "br0", Gateway: gatewayPrefix,
		CgroupParent: h.CgroupParent, Cgroups: h.Cgroups, Rootless: h.Rootless})
	if err != nil {
		return err
	}
	running := make(chan string)
	for _, g := range h.Groups {
		told := false
		err := rt.Start(g, func(s runtime.Status) {
			if s.Phase == runtime.Running && !told {
				told = true
				running <- g.ID
			}
		})
		if err != nil {
			return err
		}
	}
	for range h.Groups {
		<-running
	}
	fmt.Println("running")
	select {}
}

// startHolder starts such a copy and waits until its groups run.
func startHolder(t *testing.T, h holding) *exec.Cmd {
	t.Helper()
	b, err := json.Marshal(h)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("/proc/self/exe")
	cmd.Env = append(os.Environ(), holderVariable+"="+string(b))
	cmd.Stderr = os.Stderr
	output, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(output).ReadString('\n'); line != "running\n" {
		t.Fatalf("holder says %q, %v", line, err)
	}
	return cmd
}

func TestKillLeavesNothingAfterTheNextStart(t *testing.T) {
	for _, cgroups := range []string{cgroupsAuto, cgroupsOff} {
		t.Run("cgroups "+cgroups, func(t *testing.T) { killAndClear(t, cgroups) })
	}
}

func killAndClear(t *testing.T, cgroups string) {
	config := testConfig(t)
	config.Cgroups = cgroups
	h, err := hub()
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{T: t, hub: h}
	one := withVolume(b.group("one", b.app("main", "wait"), b.app("side", "leave", "stubborn")))
	one.Volumes[0].Memory = true
	one.Containers[0].Mounts[0].SubPath = "part"
	two := b.group("two", b.app("main", "wait"))
	two.IP = one.IP.Next()
	two.ShareProcesses = true
	holder := startHolder(t, holding{StateDir: config.StateDir, CgroupParent: config.CgroupParent, Cgroups: cgroups,
		Groups: []runtime.Group{one, two}})

	if _, err := New(config); err == nil || !strings.Contains(err.Error(), "in use") {
		t.Errorf("a second runtime in the same directory: %v", err)
	}
	if err := holder.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = holder.Wait()
	left := remains(config)
	for _, kind := range []string{"process", "link mc", "link br0", "mount"} {
		if !slices.ContainsFunc(left, func(s string) bool { return strings.HasPrefix(s, kind) }) {
			t.Errorf("the kill left no %s, so that nothing is shown: %v", kind, left)
		}
	}
	rt, err := New(config)
	if err != nil {
		t.Fatal(err)
	}
	for _, what := range remains(config) {
		expected := []string{"link br0", "mount " + config.StateDir, "cgroup"}
		if !slices.ContainsFunc(expected, func(s string) bool { return strings.HasPrefix(what, s) }) || strings.Contains(what, "/"+groupsDir+"/") {
			t.Errorf("still there: %s", what)
		}
	}
	if err := rt.Close(); err != nil {
		t.Error(err)
	}
	nothingLeft(t, config)
}

// A cgroup parent that was configured otherwise before is cleared too.
func TestClearingFollowsTheRecord(t *testing.T) {
	config := testConfig(t)
	h, err := hub()
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{T: t, hub: h}
	holder := startHolder(t, holding{StateDir: config.StateDir, CgroupParent: config.CgroupParent,
		Groups: []runtime.Group{b.group("one", b.app("main", "wait"))}})
	if err := holder.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = holder.Wait()
	other := config
	other.CgroupParent += "-other"
	rt, err := New(other)
	if err != nil {
		t.Fatal(err)
	}
	if err := rt.Close(); err != nil {
		t.Error(err)
	}
	nothingLeft(t, config)
	nothingLeft(t, other)
}
