package runc

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/ebb-node/ebb/mockcloud/runtime"
)

// holderVariable makes a copy of the tests hold a runtime: its value is what
// the runtime is to run.
const holderVariable = "MOCKCLOUD_TEST_HOLDER"

type holding struct {
	StateDir, CgroupParent, Cgroups string
	Rootless                        bool
	Groups                          []runtime.Group
	Await                           int // groups
}

// hold runs groups, says "running" once enough of them do, and waits to be
// killed.
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
	running := make(chan string, len(h.Groups))
	for _, g := range h.Groups {
		told := false
		err := rt.Start(g, func(s runtime.Status) {
			if final(s.Phase) {
				fmt.Println("failed", describe([]runtime.Status{s}))
			}
			if s.Phase == runtime.Running && !told {
				told = true
				running <- g.ID
			}
		})
		if err != nil {
			return err
		}
	}
	for range h.Await {
		<-running
	}
	fmt.Println("running")
	select {}
}

// startHolder starts such a copy and waits until enough of its groups run.
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

// kill ends a holder as a crash does. What it leaves becomes the tests', which
// reap it as the first process of a machine would, until stop is called.
func kill(t *testing.T, holder *exec.Cmd) (stop func()) {
	t.Helper()
	if err := holder.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = holder.Wait()
	done, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		tick := time.NewTicker(5 * time.Millisecond)
		defer tick.Stop()
		for {
			reapOrphans()
			select {
			case <-tick.C:
			case <-done:
				reapOrphans()
				return
			}
		}
	}()
	return sync.OnceFunc(func() { close(done); <-stopped })
}

func reapOrphans() {
	for _, pid := range processesOf(func(process) bool { return true }) {
		_, _ = unix.Wait4(pid, nil, unix.WNOHANG, nil)
	}
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
	b := &bench{TB: t, hub: h}
	one := withVolume(b.group("one", b.app("main", "wait"), b.app("side", "leave", "stubborn")))
	one.Volumes[0].Memory = true
	one.Containers[0].Mounts[0].SubPath = "part"
	two := b.group("two", b.app("main", "wait"))
	two.IP = one.IP.Next()
	two.ShareProcesses = true
	holder := startHolder(t, holding{StateDir: config.StateDir, CgroupParent: config.CgroupParent, Cgroups: cgroups,
		Groups: []runtime.Group{one, two}, Await: 2})

	stop := kill(t, holder)
	defer stop()
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
	stop()
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

// TestKillAmidStarts kills while runc is at work for other groups.
func TestKillAmidStarts(t *testing.T) {
	h, err := hub()
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{TB: t, hub: h}
	for _, cgroups := range []string{cgroupsAuto, cgroupsOff} {
		config := testConfig(t)
		config.Cgroups = cgroups
		holder := startHolder(t, holding{StateDir: config.StateDir, CgroupParent: config.CgroupParent, Cgroups: cgroups,
			Groups: b.many(8), Await: 2})
		stop := kill(t, holder)
		rt, err := New(config)
		if err != nil {
			t.Fatal(err)
		}
		if err := rt.Close(); err != nil {
			t.Error(err)
		}
		stop()
		nothingLeft(t, config)
	}
}

func TestOneRuntimePerStateDirectory(t *testing.T) {
	b := newBench(t)
	if _, err := New(b.rt.config); err == nil || !strings.Contains(err.Error(), "in use") {
		t.Errorf("a second runtime in the same directory: %v", err)
	}
}

// A cgroup parent that was configured otherwise before is cleared too.
func TestClearingFollowsTheRecord(t *testing.T) {
	config := testConfig(t)
	h, err := hub()
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{TB: t, hub: h}
	holder := startHolder(t, holding{StateDir: config.StateDir, CgroupParent: config.CgroupParent,
		Groups: []runtime.Group{b.group("one", b.app("main", "wait"))}, Await: 1})
	stop := kill(t, holder)
	other := config
	other.CgroupParent += "-other"
	rt, err := New(other)
	if err != nil {
		t.Fatal(err)
	}
	if err := rt.Close(); err != nil {
		t.Error(err)
	}
	stop()
	nothingLeft(t, config)
	nothingLeft(t, other)
}
