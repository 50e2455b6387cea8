package runc

import (
	"bytes"
	"os"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// process is the number of a process that is not ours to wait for.
type process int

func (p process) file(name string) string { return "/proc/" + strconv.Itoa(int(p)) + "/" + name }

// mountNS names the mount namespace: each run of a container has its own, so
// that its processes are known by it. Empty for a process that is over.
func (p process) mountNS() string {
	ns, _ := os.Readlink(p.file("ns/mnt"))
	return ns
}

// netNS names the network namespace: each group has its own.
func (p process) netNS() string {
	ns, _ := os.Readlink(p.file("ns/net"))
	return ns
}

// marked says whether the process works for the runtime of a state directory.
func (p process) marked(stateDir string) bool {
	env, _ := os.ReadFile(p.file("environ"))
	for _, variable := range bytes.Split(env, []byte{0}) {
		if string(variable) == stateVariable+"="+stateDir {
			return true
		}
	}
	return false
}

// rootedBelow says whether the root of the process is a container's whose
// writable layer lies below a directory.
func (p process) rootedBelow(dir string) bool {
	mounts, err := readMounts(strconv.Itoa(int(p)))
	if err != nil {
		return false
	}
	for _, m := range mounts {
		if m.path != "/" || m.fstype != "overlay" {
			continue
		}
		for _, option := range m.options {
			if strings.HasPrefix(option, "upperdir="+dir+"/") {
				return true
			}
		}
	}
	return false
}

// processesOf lists the processes that a filter chooses, but never this one.
func processesOf(choose func(process) bool) []int {
	entries, _ := os.ReadDir("/proc")
	var pids []int
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err == nil && pid != os.Getpid() && choose(process(pid)) {
			pids = append(pids, pid)
		}
	}
	return pids
}

// killAll kills what list answers until it answers nothing, since a process
// may start others meanwhile, and reaps those that were adopted. None of them
// may be waited for elsewhere.
func killAll(list func() []int) {
	killed := map[int]bool{}
	for range 1000 {
		pids := list()
		if len(pids) == 0 {
			break
		}
		for _, pid := range pids {
			_ = unix.Kill(pid, unix.SIGKILL)
			killed[pid] = true
		}
		time.Sleep(2 * time.Millisecond)
		for pid := range killed {
			_, _ = unix.Wait4(pid, nil, unix.WNOHANG, nil)
		}
	}
	for pid := range killed {
		_, _ = unix.Wait4(pid, nil, 0, nil)
	}
}
