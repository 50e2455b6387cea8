package runc

import (
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// adoptOrphans makes this process the parent of the containers that a
// detached runc leaves behind, so that it learns their exit codes and no
// supervisor stays resident.
func adoptOrphans() error {
	if err := unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("become a subreaper: %w", err)
	}
	return nil
}

// child is an adopted process. Only its own pid is ever waited for: waiting
// for any child would steal those of os/exec.
type child struct {
	pid    int
	pidfd  *os.File
	done   chan struct{}
	status unix.WaitStatus // once done is closed
}

// adopt begins to wait for a process without holding a thread for it.
func adopt(pid int) (*child, error) {
	fd, err := unix.PidfdOpen(pid, unix.PIDFD_NONBLOCK)
	if err != nil {
		return nil, fmt.Errorf("open process %d: %w", pid, err)
	}
	c := &child{pid: pid, pidfd: os.NewFile(uintptr(fd), "pidfd"), done: make(chan struct{})}
	conn, err := c.pidfd.SyscallConn()
	if err != nil {
		c.pidfd.Close()
		return nil, fmt.Errorf("open process %d: %w", pid, err)
	}
	go func() {
		defer close(c.done)
		if err := conn.Read(func(uintptr) bool { return c.reap(unix.WNOHANG) }); err != nil {
			c.reap(0)
		}
	}()
	return c, nil
}

// reap says whether the process is over.
func (c *child) reap(options int) bool {
	for {
		pid, err := unix.Wait4(c.pid, &c.status, options, nil)
		if !errors.Is(err, unix.EINTR) {
			return err != nil || pid == c.pid
		}
	}
}

// signal reaches this very process, never another one with its number.
func (c *child) signal(s unix.Signal) error {
	err := unix.PidfdSendSignal(int(c.pidfd.Fd()), s, nil, 0)
	if err != nil && !errors.Is(err, unix.ESRCH) {
		return fmt.Errorf("signal process %d: %w", c.pid, err)
	}
	return nil
}

// exit answers the exit code as a shell does (128 + signal), and the signal.
func (c *child) exit() (code, signal int) {
	if c.status.Signaled() {
		s := int(c.status.Signal())
		return 128 + s, s
	}
	return c.status.ExitStatus(), 0
}
