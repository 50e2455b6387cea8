package runc

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"golang.org/x/sys/unix"
)

// mountPoint is a line of mountinfo.
// https://www.kernel.org/doc/Documentation/filesystems/proc.rst, section 3.5
type mountPoint struct {
	path    string
	fstype  string
	options []string // of the superblock
}

// readMounts lists the mounts that a process sees; process is a pid or "self".
func readMounts(process string) ([]mountPoint, error) {
	f, err := os.Open("/proc/" + process + "/mountinfo")
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var mounts []mountPoint
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		if m, ok := parseMount(lines.Text()); ok {
			mounts = append(mounts, m)
		}
	}
	return mounts, lines.Err()
}

func parseMount(line string) (mountPoint, bool) {
	left, right, ok := strings.Cut(line, " - ")
	before, after := strings.Fields(left), strings.Fields(right)
	if !ok || len(before) < 6 || len(after) < 3 {
		return mountPoint{}, false
	}
	return mountPoint{
		path:    unescapeMount.Replace(before[4]),
		fstype:  after[0],
		options: strings.Split(unescapeMount.Replace(after[2]), ","),
	}, true
}

var unescapeMount = strings.NewReplacer(`\040`, " ", `\011`, "\t", `\012`, "\n", `\134`, `\`)

// unmount takes a mount away at once, even if it is in use. Nothing mounted
// is no error.
func unmount(path string) error {
	err := unix.Unmount(path, unix.MNT_DETACH|unix.UMOUNT_NOFOLLOW)
	if err == nil || errors.Is(err, unix.EINVAL) || errors.Is(err, unix.ENOENT) {
		return nil
	}
	return fmt.Errorf("unmount %s: %w", path, err)
}

// unmountBelow takes away every mount below a directory, the last one first,
// and those on the directory itself.
func unmountBelow(dir string) error {
	mounts, err := readMounts("self")
	if err != nil {
		return err
	}
	slices.Reverse(mounts)
	var errs []error
	for _, m := range mounts {
		if m.path == dir || strings.HasPrefix(m.path, dir+"/") {
			errs = append(errs, unmount(m.path))
		}
	}
	return errors.Join(errs...)
}

// ownMount makes a directory a private mount of its own, so that what is
// mounted below it is not copied to other mount namespaces.
func ownMount(dir string) error {
	if err := unix.Mount(dir, dir, "", unix.MS_BIND, ""); err != nil {
		return fmt.Errorf("mount %s on itself: %w", dir, err)
	}
	if err := unix.Mount("", dir, "", unix.MS_PRIVATE, ""); err != nil {
		return fmt.Errorf("make %s private: %w", dir, err)
	}
	return nil
}
