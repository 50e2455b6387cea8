package runc

import (
	"fmt"
	"os"
	"path"

	"golang.org/x/sys/unix"
)

// root is a directory whose content others decide: an image, a volume. Paths
// in it are resolved by the kernel as if it were "/", so that no symbolic link
// leads out of it.
type root struct {
	dir *os.File
}

func openRoot(dir string) (*root, error) {
	f, err := os.OpenFile(dir, unix.O_PATH|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	return &root{f}, nil
}

func (r *root) close() error { return r.dir.Close() }

// open resolves name within the root.
func (r *root) open(name string, flags int) (*os.File, error) {
	how := &unix.OpenHow{Flags: uint64(flags | unix.O_CLOEXEC), Resolve: unix.RESOLVE_IN_ROOT}
	for {
		fd, err := unix.Openat2(int(r.dir.Fd()), name, how)
		switch err {
		case nil:
			return os.NewFile(uintptr(fd), name), nil
		case unix.EINTR, unix.EAGAIN: // a rename raced with the lookup
		default:
			return nil, &os.PathError{Op: "open", Path: name, Err: err}
		}
	}
}

// openDir opens a directory within the root, and makes it and its parents if
// they are missing.
func (r *root) openDir(name string) (*os.File, error) {
	const flags = unix.O_PATH | unix.O_DIRECTORY
	name = path.Clean("/" + name)
	if f, err := r.open(name, flags); err == nil || name == "/" || !os.IsNotExist(err) {
		return f, err
	}
	parent, err := r.openDir(path.Dir(name))
	if err != nil {
		return nil, err
	}
	defer parent.Close()
	if err := unix.Mkdirat(int(parent.Fd()), path.Base(name), 0o755); err != nil && err != unix.EEXIST {
		return nil, fmt.Errorf("make directory %s: %w", name, err)
	}
	return r.open(name, flags)
}

// fdPath names an open file for system calls that want a path.
func fdPath(f *os.File) string { return fmt.Sprintf("/proc/self/fd/%d", f.Fd()) }
