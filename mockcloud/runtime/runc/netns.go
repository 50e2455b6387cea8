package runc

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	goruntime "runtime"

	"golang.org/x/sys/unix"
)

// sharedNamespaces are those that all containers of a group live in. They are
// kept alive by bind mounts instead of a process.
var sharedNamespaces = []struct {
	name string
	flag int
}{
	{"net", unix.CLONE_NEWNET},
	{"uts", unix.CLONE_NEWUTS},
	{"ipc", unix.CLONE_NEWIPC},
}

// newNamespaces makes a group's namespaces and mounts them on files in dir.
func newNamespaces(dir, hostname string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	result := make(chan error, 1)
	go func() {
		goruntime.LockOSThread()
		home, err := openNamespaces()
		if err == nil {
			err = pinNamespaces(dir, hostname)
			if home.enter() == nil {
				goruntime.UnlockOSThread()
			} // else the thread ends with this goroutine
			home.close()
		}
		result <- err
	}()
	return <-result
}

// podSysctls hold for every group. Redirections would lead traffic between
// groups past the gateway. Ports are open to all users, as container engines
// have it.
var podSysctls = map[string]string{
	"net/ipv4/conf/all/accept_redirects":     "0",
	"net/ipv4/conf/default/accept_redirects": "0",
	"net/ipv4/ip_unprivileged_port_start":    "0",
}

// setSysctls sets them for the network namespace of the calling thread.
func setSysctls(values map[string]string) error {
	for name, value := range values {
		if err := os.WriteFile("/proc/sys/"+name, []byte(value), 0); err != nil {
			return fmt.Errorf("set sysctl: %w", err)
		}
	}
	return nil
}

// pinNamespaces moves the calling thread to new namespaces.
func pinNamespaces(dir, hostname string) error {
	flags := 0
	for _, ns := range sharedNamespaces {
		flags |= ns.flag
	}
	if err := unix.Unshare(flags); err != nil {
		return fmt.Errorf("make namespaces: %w", err)
	}
	if err := unix.Sethostname([]byte(hostname)); err != nil {
		return fmt.Errorf("set host name %q: %w", hostname, err)
	}
	if err := setSysctls(podSysctls); err != nil {
		return err
	}
	for _, ns := range sharedNamespaces {
		target := filepath.Join(dir, ns.name)
		if err := os.WriteFile(target, nil, 0o600); err != nil {
			return err
		}
		if err := unix.Mount("/proc/thread-self/ns/"+ns.name, target, "", unix.MS_BIND, ""); err != nil {
			return fmt.Errorf("keep %s namespace: %w", ns.name, err)
		}
	}
	return nil
}

// threadNamespaces are the namespaces that a thread came from.
type threadNamespaces []*os.File

func openNamespaces() (threadNamespaces, error) {
	var all threadNamespaces
	for _, ns := range sharedNamespaces {
		f, err := os.Open("/proc/thread-self/ns/" + ns.name)
		if err != nil {
			all.close()
			return nil, err
		}
		all = append(all, f)
	}
	return all, nil
}

func (t threadNamespaces) enter() error {
	var errs []error
	for i, f := range t {
		errs = append(errs, unix.Setns(int(f.Fd()), sharedNamespaces[i].flag))
	}
	return errors.Join(errs...)
}

func (t threadNamespaces) close() {
	for _, f := range t {
		f.Close()
	}
}

// dropNamespaces undoes newNamespaces.
func dropNamespaces(dir string) error {
	var errs []error
	for _, ns := range sharedNamespaces {
		errs = append(errs, unmount(filepath.Join(dir, ns.name)))
	}
	return errors.Join(errs...)
}
