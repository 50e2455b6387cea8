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

	"golang.org/x/sys/unix"

	"github.com/ebb-node/ebb/mockcloud/runtime"
)

// cpuPeriod is the kernel's default for CPU bandwidth control.
// https://www.kernel.org/doc/html/latest/scheduler/sched-bwc.html
const cpuPeriod = 100 * time.Millisecond

// minQuota is the least that the kernel accepts.
const minQuota = time.Millisecond

// cgroups bounds and measures groups. Names are a group's id and below it a
// container's.
type cgroups interface {
	// enabled says whether containers get a cgroup at all.
	enabled() bool
	// version is 1 or 2; it decides what a container's spec may ask for.
	version() int
	// create makes a group's cgroup with its limits; zero means unlimited.
	create(group string, vcpu float64, memory int64) error
	// setCPU bounds a group or one of its containers; zero lifts it.
	setCPU(name string, vcpu float64) error
	// path is what a spec calls a container's cgroup.
	path(name string) string
	// measure answers CPU time and memory of a group or container.
	measure(name string) (runtime.ContainerUsage, error)
	// oomKills counts processes of a container killed for want of memory.
	oomKills(name string) int
	// add moves a process into a group's cgroup.
	add(name string, pid int) error
	// processes lists what runs in a cgroup and below.
	processes(name string) []int
	// remove takes a cgroup and those below away; "" is all of them.
	remove(name string) error
}

// quota is the CPU time per period that a number of vCPU means.
func quota(vcpu float64) time.Duration {
	return max(minQuota, time.Duration(vcpu*float64(cpuPeriod)))
}

// openCgroups chooses what the machine has and the configuration wants.
func openCgroups(config Config) (cgroups, error) {
	if config.Cgroups == cgroupsOff || (config.Cgroups == cgroupsAuto && config.Rootless) {
		return noCgroups{}, nil
	}
	c, err := detectCgroups(config.CgroupParent)
	switch {
	case err == nil:
		return c, nil
	case config.Cgroups == cgroupsAuto:
		config.Log.WithError(err).Warn("No writable cgroups: groups run without CPU and memory limits")
		return noCgroups{}, nil
	default:
		return nil, fmt.Errorf("cgroups (set Cgroups to off to go without): %w", err)
	}
}

var errNoCgroups = errors.New("no usable cgroup file system is mounted")

func detectCgroups(parent string) (cgroups, error) {
	mounts, err := readMounts("self")
	if err != nil {
		return nil, err
	}
	if v1 := newCgroupV1(mounts, parent); v1 != nil {
		return v1, v1.prepare()
	}
	if v2 := newCgroupV2(mounts, parent); v2 != nil {
		return v2, v2.prepare()
	}
	return nil, errNoCgroups
}

// writeControl sets one value of a cgroup.
func writeControl(dir, file, value string) error {
	return os.WriteFile(filepath.Join(dir, file), []byte(value), 0)
}

// readCount reads a file that holds one number.
func readCount(dir, file string) (uint64, error) {
	b, err := os.ReadFile(filepath.Join(dir, file))
	if err != nil {
		return 0, err
	}
	return strconv.ParseUint(strings.TrimSpace(string(b)), 10, 64)
}

// readTable reads a file of names and numbers.
func readTable(dir, file string) (map[string]uint64, error) {
	b, err := os.ReadFile(filepath.Join(dir, file))
	if err != nil {
		return nil, err
	}
	table := map[string]uint64{}
	for line := range strings.Lines(string(b)) {
		if f := strings.Fields(line); len(f) == 2 {
			table[f[0]], _ = strconv.ParseUint(f[1], 10, 64)
		}
	}
	return table, nil
}

// processesBelow lists the processes of a cgroup directory and its children.
func processesBelow(dir string) []int {
	var pids []int
	_ = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return nil // gone meanwhile
		}
		b, _ := os.ReadFile(filepath.Join(path, "cgroup.procs"))
		for field := range strings.FieldsSeq(string(b)) {
			if pid, err := strconv.Atoi(field); err == nil && pid > 0 {
				pids = append(pids, pid)
			}
		}
		return nil
	})
	return pids
}

// removeBelow removes a cgroup directory and its children. A process that was
// killed may hold its cgroup a moment longer.
func removeBelow(dir string) error {
	var err error
	for range 200 {
		if err = removeTree(dir); err == nil || !errors.Is(err, unix.EBUSY) {
			return err
		}
		time.Sleep(10 * time.Millisecond)
	}
	return err
}

func removeTree(dir string) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, e := range entries {
		if e.IsDir() {
			if err := removeTree(filepath.Join(dir, e.Name())); err != nil {
				return err
			}
		}
	}
	if err := unix.Rmdir(dir); err != nil && !errors.Is(err, unix.ENOENT) {
		return fmt.Errorf("remove cgroup %s: %w", dir, err)
	}
	return nil
}
