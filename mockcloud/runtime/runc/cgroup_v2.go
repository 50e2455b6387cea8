package runc

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/ebb-node/ebb/mockcloud/runtime"
)

// cgroupV2 uses the unified hierarchy.
// https://www.kernel.org/doc/html/latest/admin-guide/cgroup-v2.html
type cgroupV2 struct {
	root   string
	parent string
}

// newCgroupV2 answers nil unless there is a unified hierarchy.
func newCgroupV2(mounts []mountPoint, parent string) *cgroupV2 {
	for _, m := range mounts {
		if m.fstype == "cgroup2" {
			return &cgroupV2{root: m.path, parent: parent}
		}
	}
	return nil
}

func (c *cgroupV2) enabled() bool { return true }
func (c *cgroupV2) version() int  { return 2 }

// prepare makes the parent and hands the controllers down to it, level by
// level.
func (c *cgroupV2) prepare() error {
	dir := c.root
	if err := c.handDown(dir); err != nil {
		return err
	}
	for part := range strings.SplitSeq(filepath.Clean(c.parent), "/") {
		dir = filepath.Join(dir, part)
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return err
		}
		if err := c.handDown(dir); err != nil {
			return err
		}
	}
	return nil
}

// handDown lets the children of a cgroup be bounded.
func (c *cgroupV2) handDown(dir string) error {
	for _, controller := range []string{"+cpu", "+memory", "+pids"} {
		if err := writeControl(dir, "cgroup.subtree_control", controller); err != nil {
			return err
		}
	}
	return nil
}

func (c *cgroupV2) dir(name string) string { return filepath.Join(c.root, c.parent, name) }

func (c *cgroupV2) create(group string, vcpu float64, memory int64) error {
	dir := c.dir(group)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("make cgroup: %w", err)
	}
	if err := c.handDown(dir); err != nil {
		return fmt.Errorf("hand controllers down in %s: %w", dir, err)
	}
	if memory > 0 {
		if err := writeControl(dir, "memory.max", strconv.FormatInt(memory, 10)); err != nil {
			return fmt.Errorf("limit memory: %w", err)
		}
		// Not there unless the kernel accounts swap.
		_ = writeControl(dir, "memory.swap.max", "0")
	}
	return c.setCPU(group, vcpu)
}

func (c *cgroupV2) setCPU(name string, vcpu float64) error {
	value := "max"
	if vcpu > 0 {
		value = strconv.FormatInt(quota(vcpu).Microseconds(), 10)
	}
	value = fmt.Sprintf("%s %d", value, cpuPeriod.Microseconds())
	if err := writeControl(c.dir(name), "cpu.max", value); err != nil {
		return fmt.Errorf("limit CPU of %s to %v: %w", name, vcpu, err)
	}
	return nil
}

func (c *cgroupV2) path(name string) string { return "/" + filepath.Join(c.parent, name) }

func (c *cgroupV2) measure(name string) (runtime.ContainerUsage, error) {
	var u runtime.ContainerUsage
	cpu, err := readTable(c.dir(name), "cpu.stat")
	if err != nil {
		return u, err
	}
	u.CPU = time.Duration(cpu["usage_usec"]) * time.Microsecond
	if u.Memory.Usage, err = readCount(c.dir(name), "memory.current"); err != nil {
		return u, err
	}
	stat, err := readTable(c.dir(name), "memory.stat")
	u.Memory.RSS, u.Memory.Cache = stat["anon"], stat["file"]
	u.Memory.WorkingSet = u.Memory.Usage - min(u.Memory.Usage, stat["inactive_file"])
	return u, err
}

func (c *cgroupV2) oomKills(name string) int {
	table, _ := readTable(c.dir(name), "memory.events")
	return int(table["oom_kill"])
}

// add puts a process below the group: a cgroup with children of its own can't
// hold processes itself.
func (c *cgroupV2) add(name string, pid int) error {
	dir := filepath.Join(c.dir(name), "pause")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	return writeControl(dir, "cgroup.procs", strconv.Itoa(pid))
}

func (c *cgroupV2) processes(name string) []int { return processesBelow(c.dir(name)) }

func (c *cgroupV2) remove(name string) error {
	err := removeBelow(c.dir(name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
