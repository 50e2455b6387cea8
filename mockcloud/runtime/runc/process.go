package runc

import (
	"bytes"
	"errors"
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

// killPatience bounds the wait for killed processes to be gone. Without
// trouble they are gone within milliseconds.
const killPatience = 10 * time.Second

// killAll kills what list answers until it answers nothing, since a process
// may start others meanwhile, and reaps those that were adopted. Nobody else
// may need to know how they ended.
func killAll(list func() []int) {
	killed := map[int]bool{}
	for end := time.Now().Add(killPatience); time.Now().Before(end); time.Sleep(2 * time.Millisecond) {
		pids := list()
		for _, pid := range pids {
			_ = unix.Kill(pid, unix.SIGKILL)
			killed[pid] = true
		}
		reap(killed)
		if len(pids) == 0 && len(killed) == 0 {
			return
		}
	}
}

// reapGroup ends and reaps what is left of a process group whose leader is
// over. A runc that fails, because a container ends while it enters, does not
// wait for its children, which then are ours.
func reapGroup(leader int) {
	for end := time.Now().Add(killPatience); time.Now().Before(end); {
		pid, err := unix.Wait4(-leader, nil, unix.WNOHANG, nil)
		switch {
		case errors.Is(err, unix.ECHILD):
			return
		case err == nil && pid == 0: // it is there, so that the number means no other
			_ = unix.Kill(-leader, unix.SIGKILL)
			time.Sleep(time.Millisecond)
		}
	}
}

// reap forgets those processes that are over or have another parent. It never
// waits for one of them: the first process of a namespace ends only after all
// others of it were reaped.
func reap(killed map[int]bool) {
	for pid := range killed {
		if got, err := unix.Wait4(pid, nil, unix.WNOHANG, nil); got == pid || errors.Is(err, unix.ECHILD) {
			delete(killed, pid)
		}
	}
}
