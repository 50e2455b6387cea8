package runc

import (
	"archive/tar"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"strings"

	"golang.org/x/sys/unix"
)

// How a layer says that a file, or all files, of the layers below are gone.
// https://github.com/opencontainers/image-spec/blob/main/layer.md#whiteouts
const (
	whiteout       = ".wh."
	whiteoutOpaque = ".wh..wh..opq"
)

// extractor applies the layers of an image, the lowest first, to one
// directory.
type extractor struct {
	root   *root
	owners bool            // give files the owners that the layer names
	fresh  map[string]bool // what the current layer has brought

	parent     *os.File // the directory of the entry before
	parentName string
}

// apply extracts one layer.
func (x *extractor) apply(layer io.Reader) error {
	x.fresh = map[string]bool{}
	defer x.leave()
	for entries := tar.NewReader(layer); ; {
		header, err := entries.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read layer: %w", err)
		}
		if err := x.entry(header, entries); err != nil {
			return fmt.Errorf("extract %s: %w", header.Name, err)
		}
	}
}

func (x *extractor) leave() {
	if x.parent != nil {
		x.parent.Close()
		x.parent, x.parentName = nil, ""
	}
}

// enter opens the directory that an entry lies in. Entries of one directory
// mostly follow each other.
func (x *extractor) enter(dir string) (int, error) {
	if x.parent == nil || x.parentName != dir {
		f, err := x.root.openDir(dir)
		if err != nil {
			return 0, err
		}
		x.leave()
		x.parent, x.parentName = f, dir
	}
	return int(x.parent.Fd()), nil
}

func (x *extractor) entry(h *tar.Header, content io.Reader) error {
	name := path.Clean("/" + h.Name)
	if name == "/" {
		return nil
	}
	dir, err := x.enter(path.Dir(name))
	if err != nil {
		return err
	}
	base := path.Base(name)
	if base == whiteoutOpaque {
		return x.hideChildren(path.Dir(name))
	}
	if hidden, ok := strings.CutPrefix(base, whiteout); ok {
		return x.removeAt(dir, hidden)
	}
	x.fresh[name] = true
	made, err := x.create(dir, base, h, content)
	if err != nil || !made {
		return err
	}
	return x.describe(dir, base, h)
}

// create makes the entry's file. Devices are left out: a container has its own
// /dev, and a user namespace may not make them.
func (x *extractor) create(dir int, base string, h *tar.Header, content io.Reader) (bool, error) {
	if h.Typeflag == tar.TypeDir {
		return true, x.directory(dir, base)
	}
	if err := x.removeAt(dir, base); err != nil {
		return false, err
	}
	switch h.Typeflag {
	case tar.TypeReg:
		return true, writeAt(dir, base, content)
	case tar.TypeSymlink:
		return true, unix.Symlinkat(h.Linkname, dir, base)
	case tar.TypeLink:
		return false, x.link(dir, base, h.Linkname)
	case tar.TypeFifo:
		return true, unix.Mknodat(dir, base, unix.S_IFIFO|0o600, 0)
	default:
		return false, nil
	}
}

// directory keeps a directory that a lower layer made.
func (x *extractor) directory(dir int, base string) error {
	err := unix.Mkdirat(dir, base, 0o755)
	if err != unix.EEXIST {
		return err
	}
	var stat unix.Stat_t
	if err := unix.Fstatat(dir, base, &stat, unix.AT_SYMLINK_NOFOLLOW); err != nil {
		return err
	}
	if stat.Mode&unix.S_IFMT == unix.S_IFDIR {
		return nil
	}
	if err := unix.Unlinkat(dir, base, 0); err != nil {
		return err
	}
	return unix.Mkdirat(dir, base, 0o755)
}

func writeAt(dir int, base string, content io.Reader) error {
	fd, err := unix.Openat(dir, base, unix.O_WRONLY|unix.O_CREAT|unix.O_EXCL|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0o600)
	if err != nil {
		return err
	}
	f := os.NewFile(uintptr(fd), base)
	_, err = io.Copy(f, content)
	return errors.Join(err, f.Close())
}

// link makes a hard link to a file of the image.
func (x *extractor) link(dir int, base, target string) error {
	target = path.Clean("/" + target)
	from, err := x.root.open(path.Dir(target), unix.O_PATH|unix.O_DIRECTORY)
	if err != nil {
		return err
	}
	defer from.Close()
	return unix.Linkat(int(from.Fd()), path.Base(target), dir, base, 0)
}

// describe sets owner, mode and time of an entry.
func (x *extractor) describe(dir int, base string, h *tar.Header) error {
	if x.owners {
		if err := unix.Fchownat(dir, base, h.Uid, h.Gid, unix.AT_SYMLINK_NOFOLLOW); err != nil {
			return fmt.Errorf("set owner: %w", err)
		}
	}
	if h.Typeflag != tar.TypeSymlink {
		if err := unix.Fchmodat(dir, base, uint32(h.Mode)&0o7777, 0); err != nil {
			return fmt.Errorf("set mode: %w", err)
		}
	}
	at := unix.NsecToTimespec(h.ModTime.UnixNano())
	if err := unix.UtimesNanoAt(dir, base, []unix.Timespec{at, at}, unix.AT_SYMLINK_NOFOLLOW); err != nil {
		return fmt.Errorf("set time: %w", err)
	}
	if capability := h.PAXRecords["SCHILY.xattr.security.capability"]; capability != "" && x.owners {
		file := fmt.Sprintf("/proc/self/fd/%d/%s", dir, base)
		return unix.Lsetxattr(file, "security.capability", []byte(capability), 0)
	}
	return nil
}

// hideChildren removes what lower layers put into a directory.
func (x *extractor) hideChildren(dir string) error {
	f, err := x.root.open(dir, unix.O_RDONLY|unix.O_DIRECTORY)
	if err != nil {
		return err
	}
	defer f.Close()
	names, err := f.Readdirnames(-1)
	if err != nil {
		return err
	}
	for _, name := range names {
		if child := path.Join(dir, name); !x.fresh[child] {
			if err := x.removeAt(int(f.Fd()), name); err != nil {
				return err
			}
		}
	}
	return nil
}

// removeAt removes a file or a directory with all that is in it, and follows
// no symbolic link on the way.
func (x *extractor) removeAt(dir int, base string) error {
	err := unix.Unlinkat(dir, base, 0)
	if err == nil || err == unix.ENOENT {
		return nil
	}
	if err != unix.EISDIR && err != unix.EPERM {
		return err
	}
	fd, err := unix.Openat(dir, base, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
	if err != nil {
		return err
	}
	f := os.NewFile(uintptr(fd), base)
	defer f.Close()
	names, err := f.Readdirnames(-1)
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := x.removeAt(fd, name); err != nil {
			return err
		}
	}
	return unix.Unlinkat(dir, base, unix.AT_REMOVEDIR)
}
