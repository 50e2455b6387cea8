package runc

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/ebb-node/ebb/mockcloud/runtime"
)

// usage answers what the group has used so far.
func (g *group) usage() (runtime.Usage, error) {
	u := runtime.Usage{At: g.now(), Containers: map[string]runtime.ContainerUsage{}}
	for _, c := range append(append([]*container{}, g.inits...), g.apps...) {
		used := c.usage()
		u.Containers[c.spec.Name] = used
		u.CPU += used.CPU
		u.Memory = addMemory(u.Memory, used.Memory)
	}
	if g.rt.cgroups.enabled() {
		whole, err := g.rt.cgroups.measure(g.spec.ID)
		if err != nil {
			return u, fmt.Errorf("group %s: measure: %w", g.spec.ID, err)
		}
		u.CPU, u.Memory = whole.CPU, whole.Memory
	}
	var err error
	u.RxBytes, u.TxBytes, err = traffic(g.link)
	return u, err
}

// usage answers what the container has used in all of its runs. A container
// that ends meanwhile counts with what is known.
func (c *container) usage() runtime.ContainerUsage {
	c.mu.Lock()
	defer c.mu.Unlock()
	u := runtime.ContainerUsage{}
	if c.current != nil {
		if now, err := c.measure(c.current); err == nil {
			u = now
		}
	}
	u.CPU += c.spent
	return u
}

// measure answers what one run has used.
func (c *container) measure(r *run) (runtime.ContainerUsage, error) {
	if c.group.rt.cgroups.enabled() {
		return c.group.rt.cgroups.measure(c.cgroup(r.attempt))
	}
	var u runtime.ContainerUsage
	for _, pid := range processesOf(func(p process) bool { return p.mountNS() == r.mountNS }) {
		cpu, rss := process(pid).used()
		u.CPU += cpu
		u.Memory = addMemory(u.Memory, runtime.Memory{Usage: rss, WorkingSet: rss, RSS: rss})
	}
	return u, nil
}

func addMemory(a, b runtime.Memory) runtime.Memory {
	return runtime.Memory{
		Usage: a.Usage + b.Usage, WorkingSet: a.WorkingSet + b.WorkingSet, RSS: a.RSS + b.RSS, Cache: a.Cache + b.Cache,
	}
}

// userHZ is the unit of times in /proc, the same on every architecture of Go.
// https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
const userHZ = 100

// used answers the CPU time of a process and of its children that are over,
// and its resident memory. A process that is gone has used nothing.
func (p process) used() (cpu time.Duration, rss uint64) {
	stat, _ := os.ReadFile(p.file("stat"))
	return cpuOfStat(string(stat)), p.rss()
}

// cpuOfStat adds up utime, stime, cutime and cstime: fields 14 to 17, counted
// from the end of the name, which may hold anything but is in parentheses.
func cpuOfStat(stat string) time.Duration {
	fields := strings.Fields(stat[strings.LastIndex(stat, ")")+1:])
	const first, last = 14 - 3, 17 - 3
	if len(fields) <= last {
		return 0
	}
	var ticks int64
	for _, f := range fields[first : last+1] {
		n, _ := strconv.ParseInt(f, 10, 64)
		ticks += n
	}
	return time.Duration(ticks) * time.Second / userHZ
}

// rss is the resident memory in bytes.
func (p process) rss() uint64 {
	statm, _ := os.ReadFile(p.file("statm"))
	fields := strings.Fields(string(statm))
	if len(fields) < 2 {
		return 0
	}
	pages, _ := strconv.ParseUint(fields[1], 10, 64)
	return pages * uint64(os.Getpagesize())
}
