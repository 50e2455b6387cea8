package runc

import (
	"os"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/sys/unix"
)

// adopted are the processes that this process has adopted. There is one list,
// as the adoption of orphans is a property of the process.
var adopted = &family{known: map[int]*child{}}

// family tells the children that somebody waits for from strays. A runc that
// fails while it enters a container, because the container ends, leaves its
// own children behind; and as long as nobody reaps them, the first process of
// their namespace, the container, does not end either.
type family struct {
	gate sync.RWMutex // read: a process is about to be adopted; write: strays are sought

	mu    sync.Mutex
	known map[int]*child
}

// start calls what starts a process and answers its number, and adopts it.
func (f *family) start(birth func() (int, error)) (*child, error) {
	c, err := f.tryStart(birth)
	if err != nil {
		f.reapStrays()
	}
	return c, err
}

func (f *family) tryStart(birth func() (int, error)) (*child, error) {
	f.gate.RLock()
	defer f.gate.RUnlock()
	pid, err := birth()
	if err != nil {
		return nil, err
	}
	c, err := adopt(pid)
	if err != nil {
		return nil, err
	}
	f.mu.Lock()
	f.known[pid] = c
	f.mu.Unlock()
	go func() {
		<-c.done
		f.mu.Lock()
		defer f.mu.Unlock()
		if f.known[pid] == c { // the number may have been given again
			delete(f.known, pid)
		}
	}()
	return c, nil
}

// reapStrays kills and reaps what was left behind: children in a process
// namespace below this one that nobody waits for.
func (f *family) reapStrays() {
	f.gate.Lock()
	defer f.gate.Unlock()
	here := process(os.Getpid()).levels()
	killAll(func() []int {
		f.mu.Lock()
		defer f.mu.Unlock()
		return processesOf(func(p process) bool {
			return f.known[int(p)] == nil && p.parent() == os.Getpid() && p.levels() > here
		})
	})
}

// parent is the number of the process's parent.
func (p process) parent() int {
	pid, _ := strconv.Atoi(p.status("PPid:"))
	return pid
}

// levels is the depth of the process's process namespace.
func (p process) levels() int { return len(strings.Fields(p.status("NSpid:"))) }

// status answers a field of /proc/PID/status.
func (p process) status(field string) string {
	b, _ := os.ReadFile(p.file("status"))
	for line := range strings.Lines(string(b)) {
		if value, ok := strings.CutPrefix(line, field); ok {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// end kills an adopted process and waits for its end.
func (c *child) end() {
	_ = c.signal(unix.SIGKILL)
	<-c.done
	c.pidfd.Close()
}
