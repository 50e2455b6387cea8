package runc

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ebb-node/ebb/mockcloud/runtime"
)

// TestCgroupV2 shows on plain files what is written to and read from the
// unified hierarchy, which not every machine has.
func TestCgroupV2(t *testing.T) {
	dir := t.TempDir()
	c := newCgroupV2([]mountPoint{{path: dir, fstype: "cgroup2"}}, "top/parent")
	if err := c.prepare(); err != nil {
		t.Fatal(err)
	}
	if err := c.create("g", 1.5, 1<<30); err != nil {
		t.Fatal(err)
	}
	for file, want := range map[string]string{
		"cgroup.subtree_control":              "+pids", // the last of those written
		"top/cgroup.subtree_control":          "+pids",
		"top/parent/cgroup.subtree_control":   "+pids",
		"top/parent/g/cgroup.subtree_control": "+pids",
		"top/parent/g/memory.max":             "1073741824",
		"top/parent/g/cpu.max":                "150000 100000",
	} {
		if got := content(t, dir, file); got != want {
			t.Errorf("%s is %q, want %q", file, got, want)
		}
	}
	if err := c.setCPU("g", 0); err != nil {
		t.Fatal(err)
	}
	if got := content(t, dir, "top/parent/g/cpu.max"); got != "max 100000" {
		t.Errorf("lifted limit: %q", got)
	}
	for file, text := range map[string]string{
		"cpu.stat": "usage_usec 2500\nuser_usec 1\n", "memory.current": "1000\n",
		"memory.stat": "anon 300\nfile 600\ninactive_file 400\n", "memory.events": "oom 1\noom_kill 2\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, "top/parent/g", file), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	got, err := c.measure("g")
	want := runtime.ContainerUsage{CPU: 2500 * time.Microsecond, Memory: runtime.Memory{Usage: 1000, WorkingSet: 600, RSS: 300, Cache: 600}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Error(diff, err)
	}
	if n := c.oomKills("g"); n != 2 {
		t.Errorf("%d OOM kills", n)
	}
}

func content(t *testing.T, dir, file string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, file))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestCgroupVersionIsChosenByWhereTheControllersAre(t *testing.T) {
	v1 := func(controller string) mountPoint {
		return mountPoint{path: "/sys/fs/cgroup/" + controller, fstype: "cgroup", options: []string{"rw", controller}}
	}
	unified := mountPoint{path: "/sys/fs/cgroup/unified", fstype: "cgroup2"}
	hybrid := []mountPoint{v1("cpu"), v1("cpuacct"), v1("memory"), unified}
	if c := newCgroupV1(hybrid, "p"); c == nil || len(c.all) != 4 || c.dir("memory", "g") != "/sys/fs/cgroup/memory/p/g" {
		t.Errorf("hybrid: %+v", c)
	}
	if c := newCgroupV1([]mountPoint{unified}, "p"); c != nil {
		t.Errorf("unified only: %+v", c)
	}
	if c := newCgroupV2(nil, "p"); c != nil {
		t.Errorf("nothing mounted: %+v", c)
	}
}
