package sandbox

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

// sweepPatience is how long a sweep waits for killed processes to leave their
// cgroups.
const sweepPatience = 10 * time.Second

// StartSweeper runs this program with other arguments as a process that
// outlives a SIGKILL of the caller. Its standard input ends when the caller
// does, however that happens; the sweeper then removes what namespaces do not
// take with them. The returned file keeps it waiting.
func StartSweeper(args ...string) (io.Closer, error) {
	reader, writer, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer reader.Close()
	cmd := exec.Command("/proc/self/exe", args...)
	cmd.Stdin = reader
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := cmd.Start(); err != nil {
		writer.Close()
		return nil, err
	}
	return sweeper{writer, cmd}, nil
}

type sweeper struct {
	pipe *os.File
	cmd  *exec.Cmd
}

// Close lets the sweeper do its work and waits for it.
func (s sweeper) Close() error {
	s.pipe.Close()
	return s.cmd.Wait()
}

// Sweep waits for its input to end, then removes the cgroups of that name in
// every hierarchy.
func Sweep(input io.Reader, cgroup string) error {
	_, _ = io.Copy(io.Discard, input)
	return RemoveCgroups(cgroup)
}

// RemoveCgroups removes the cgroup of that name, with all below it, from
// every hierarchy. It waits for dying processes.
func RemoveCgroups(name string) error {
	roots, err := filepath.Glob("/sys/fs/cgroup/*/" + name)
	if err != nil {
		return err
	}
	roots = append(roots, "/sys/fs/cgroup/"+name)
	deadline := time.Now().Add(sweepPatience)
	for {
		var left error
		for _, root := range roots {
			left = errors.Join(left, removeTree(root))
		}
		if left == nil || time.Now().After(deadline) {
			return left
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// removeTree removes a cgroup's directories, deepest first; their files go
// with them.
func removeTree(root string) error {
	var dirs []string
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() {
			dirs = append(dirs, path)
		}
		return nil
	})
	for i := len(dirs) - 1; i >= 0; i-- {
		if rmErr := syscall.Rmdir(dirs[i]); rmErr != nil && !errors.Is(rmErr, fs.ErrNotExist) {
			err = errors.Join(err, &fs.PathError{Op: "rmdir", Path: dirs[i], Err: rmErr})
		}
	}
	return err
}
