package runc

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"github.com/ebb-node/ebb/mockcloud/runtime"
)

// cgroupV1 uses one hierarchy per controller.
// https://www.kernel.org/doc/html/latest/admin-guide/cgroup-v1/index.html
type cgroupV1 struct {
	parent string
	dirs   map[string]string // controller -> parent's directory
	all    []string          // parent's directory in every hierarchy
}

// newCgroupV1 answers nil unless the controllers that matter are v1.
func newCgroupV1(mounts []mountPoint, parent string) *cgroupV1 {
	c := &cgroupV1{parent: parent, dirs: map[string]string{}}
	for _, m := range mounts {
		if m.fstype != "cgroup" && m.fstype != "cgroup2" {
			continue
		}
		dir := filepath.Join(m.path, parent)
		c.all = append(c.all, dir)
		if m.fstype == "cgroup" {
			for _, o := range m.options {
				c.dirs[o] = dir
			}
		}
	}
	for _, controller := range []string{"cpu", "cpuacct", "memory"} {
		if c.dirs[controller] == "" {
			return nil
		}
	}
	return c
}

func (c *cgroupV1) enabled() bool { return true }
func (c *cgroupV1) version() int  { return 1 }

// prepare makes the parent's directories; it fails where they can't be made.
func (c *cgroupV1) prepare() error {
	for _, controller := range []string{"cpu", "cpuacct", "memory"} {
		if err := os.MkdirAll(c.dirs[controller], 0o755); err != nil {
			return err
		}
	}
	// Kernels since 5.11 always count a cgroup's children in.
	err := writeControl(c.dirs["memory"], "memory.use_hierarchy", "1")
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

func (c *cgroupV1) dir(controller, name string) string {
	return filepath.Join(c.dirs[controller], name)
}

func (c *cgroupV1) create(group string, vcpu float64, memory int64) error {
	for _, controller := range []string{"cpu", "cpuacct", "memory"} {
		if err := os.MkdirAll(c.dir(controller, group), 0o755); err != nil {
			return fmt.Errorf("make cgroup: %w", err)
		}
	}
	if memory > 0 {
		dir, value := c.dir("memory", group), strconv.FormatInt(memory, 10)
		if err := writeControl(dir, "memory.limit_in_bytes", value); err != nil {
			return fmt.Errorf("limit memory: %w", err)
		}
		// Not there unless the kernel accounts swap.
		_ = writeControl(dir, "memory.memsw.limit_in_bytes", value)
	}
	return c.setCPU(group, vcpu)
}

func (c *cgroupV1) setCPU(name string, vcpu float64) error {
	value := "-1"
	if vcpu > 0 {
		value = strconv.FormatInt(quota(vcpu).Microseconds(), 10)
	}
	dir := c.dir("cpu", name)
	if err := writeControl(dir, "cpu.cfs_period_us", strconv.FormatInt(cpuPeriod.Microseconds(), 10)); err != nil {
		return fmt.Errorf("limit CPU of %s: %w", name, err)
	}
	if err := writeControl(dir, "cpu.cfs_quota_us", value); err != nil {
		return fmt.Errorf("limit CPU of %s to %v: %w", name, vcpu, err)
	}
	return nil
}

func (c *cgroupV1) path(name string) string { return "/" + filepath.Join(c.parent, name) }

func (c *cgroupV1) measure(name string) (runtime.ContainerUsage, error) {
	var u runtime.ContainerUsage
	cpu, err := readCount(c.dir("cpuacct", name), "cpuacct.usage")
	if err != nil {
		return u, err
	}
	u.CPU = time.Duration(cpu)
	if u.Memory.Usage, err = readCount(c.dir("memory", name), "memory.usage_in_bytes"); err != nil {
		return u, err
	}
	stat, err := readTable(c.dir("memory", name), "memory.stat")
	u.Memory.RSS, u.Memory.Cache = stat["total_rss"], stat["total_cache"]
	u.Memory.WorkingSet = u.Memory.Usage - min(u.Memory.Usage, stat["total_inactive_file"])
	return u, err
}

func (c *cgroupV1) oomKills(name string) int {
	table, _ := readTable(c.dir("memory", name), "memory.oom_control")
	return int(table["oom_kill"])
}

func (c *cgroupV1) add(name string, pid int) error {
	for _, controller := range []string{"cpu", "cpuacct", "memory"} {
		if err := writeControl(c.dir(controller, name), "cgroup.procs", strconv.Itoa(pid)); err != nil {
			return err
		}
	}
	return nil
}

func (c *cgroupV1) processes(name string) []int {
	var pids []int
	for _, dir := range c.all {
		pids = append(pids, processesBelow(filepath.Join(dir, name))...)
	}
	slices.Sort(pids)
	return slices.Compact(pids)
}

// remove visits every hierarchy: runc makes a container's cgroup in each.
func (c *cgroupV1) remove(name string) error {
	var errs []error
	for _, dir := range c.all {
		errs = append(errs, removeBelow(filepath.Join(dir, name)))
	}
	return errors.Join(errs...)
}
