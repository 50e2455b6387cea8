// Package sandbox gives the region its own network, mounts and process ids,
// so that nothing of it shows on the host and everything ends together. It
// works as root, and without root in a user namespace.
package sandbox

import (
	"errors"
	"os"
	"os/exec"
	"os/signal"
	"syscall"

	"golang.org/x/sys/unix"
)

// Rootless reports whether the sandbox needs a user namespace.
func Rootless() bool { return os.Geteuid() != 0 }

// Losses are what a region without root has to do without.
func Losses() []string {
	return []string{
		"no cgroups: CPU and memory limits of container groups are not enforced, nor counted by the kernel",
		"one user id: all containers run as the same real user, and as root inside",
	}
}

// Start runs this same program with other arguments as the first process of
// new namespaces. It is killed when the caller dies; the caller must have
// locked its thread (runtime.LockOSThread), since the kernel watches that.
// What the sandbox prints goes to output.
func Start(output *os.File, args ...string) (*exec.Cmd, error) {
	cmd := exec.Command("/proc/self/exe", args...)
	cmd.Stdout, cmd.Stderr = output, os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags: unix.CLONE_NEWNET | unix.CLONE_NEWNS | unix.CLONE_NEWPID,
		Pdeathsig:  syscall.SIGKILL,
		Setpgid:    true, // a Ctrl-C reaches the caller only, which ends us in order
	}
	if Rootless() {
		cmd.SysProcAttr.Cloneflags |= unix.CLONE_NEWUSER
		cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Geteuid(), Size: 1}}
		cmd.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getegid(), Size: 1}}
	}
	return cmd, cmd.Start()
}

// Init is what the first process of the sandbox does: it starts this program
// once more, passes signals on, collects orphans, and ends with the exit code
// of its child; the kernel then ends all that is left.
func Init(args ...string) (int, error) {
	if os.Getpid() != 1 {
		return 0, errors.New("the sandbox's init must be process 1 of its namespace")
	}
	cmd := exec.Command("/proc/self/exe", args...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	if err := prepareMounts(); err != nil {
		return 0, err
	}
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM, os.Interrupt)
	go func() {
		for range signals {
			_ = cmd.Process.Signal(syscall.SIGTERM)
		}
	}()
	return reapUntil(cmd.Process.Pid), nil
}

// reapUntil collects children until the one that matters ends.
func reapUntil(main int) int {
	for {
		var status unix.WaitStatus
		pid, err := unix.Wait4(-1, &status, 0, nil)
		switch {
		case errors.Is(err, unix.EINTR):
		case err != nil:
			return 1
		case pid == main && status.Exited():
			return status.ExitStatus()
		case pid == main && status.Signaled():
			return 128 + int(status.Signal())
		}
	}
}
