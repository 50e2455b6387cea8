package runc

import (
	"encoding/json"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"

	specs "github.com/opencontainers/runtime-spec/specs-go"
	"golang.org/x/sys/unix"

	"github.com/ebb-node/ebb/mockcloud/runtime"
)

// bundle makes all that runc needs for one run of a container: the root file
// system, fresh for every run, and the configuration.
func (c *container) bundle(attempt int, img *image) (*specs.Spec, error) {
	account, err := resolveUser(c.spec, img.config.User, imageFile(img.rootfs))
	if err != nil {
		return nil, err
	}
	dir := c.runDir(attempt)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	mounts, err := c.mounts(dir)
	if err != nil {
		return nil, err
	}
	g, facts := c.group, c.group.spec
	facts.CPU = g.cpu
	spec, err := buildSpec(specInput{
		group: facts, container: c.spec, image: img.config, account: account, rootfs: "rootfs",
		namespaces: g.namespaces, mounts: mounts, cgroup: g.rt.cgroups.path(c.cgroup(attempt)),
		version: g.rt.cgroups.version(), rootless: g.rt.config.Rootless, grantable: g.rt.grantable,
	})
	if err != nil {
		return nil, err
	}
	b, err := json.Marshal(spec)
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(dir, "config.json"), b, 0o600); err != nil {
		return nil, err
	}
	return spec, c.overlay(dir, img)
}

// runDir holds one run of a container.
func (c *container) runDir(attempt int) string {
	return c.group.path("containers", c.spec.Name, strconv.Itoa(attempt))
}

// cgroup names the cgroup of one run of a container.
func (c *container) cgroup(attempt int) string {
	return filepath.Join(c.group.spec.ID, c.runID(attempt))
}

// runID names one run of a container.
func (c *container) runID(attempt int) string {
	return fmt.Sprintf("%s-%s-%d", c.group.spec.ID, c.spec.Name, attempt)
}

// overlay mounts a writable view of an image.
func (c *container) overlay(dir string, img *image) error {
	for _, sub := range []string{"upper", "work", "rootfs"} {
		if err := os.MkdirAll(filepath.Join(dir, sub), 0o755); err != nil {
			return err
		}
	}
	rootfs := filepath.Join(dir, "rootfs")
	options := fmt.Sprintf("lowerdir=%s,upperdir=%s/upper,workdir=%s/work", img.rootfs, dir, dir)
	if c.group.rt.config.Rootless {
		options += ",userxattr" // the only attributes that a user namespace may write
	}
	if err := unix.Mount("overlay", rootfs, "overlay", 0, options); err != nil {
		return fmt.Errorf("mount the root of container %s (overlay needs a state directory on ext4, xfs, btrfs or tmpfs): %w", c.spec.Name, err)
	}
	c.group.mounted(rootfs)
	return nil
}

// discard frees what a run that is over holds besides its log. It removes
// runc's record of it by hand, which is what "runc delete" does with a dead
// container, at the price of a process.
func (c *container) discard(attempt int) {
	g := c.group
	g.unmounted(filepath.Join(c.runDir(attempt), "rootfs"))
	for _, dir := range []string{c.runDir(attempt), g.path("runc", c.runID(attempt))} {
		if err := os.RemoveAll(dir); err != nil {
			g.log.WithError(err).Warn("Can't discard the last run of a container")
		}
	}
	if err := g.rt.cgroups.remove(c.cgroup(attempt)); err != nil {
		g.log.WithError(err).Warn("Can't discard the last run of a container")
	}
}

// defaultTerminationLog is where a container may leave its last words.
// https://kubernetes.io/docs/tasks/debug/debug-application/determine-reason-pod-failure/
const defaultTerminationLog = "/dev/termination-log"

// mounts are the volumes and files of the group that a container sees. A
// volume at the place of one of the files wins.
func (c *container) mounts(dir string) ([]specs.Mount, error) {
	volumes, err := c.group.volumeMounts(c.spec)
	if err != nil {
		return nil, err
	}
	var files []specs.Mount
	for _, name := range etcFiles {
		files = append(files, bind(c.group.path("etc", name), "/etc/"+name, false))
	}
	last := filepath.Join(dir, "termination-log")
	if err := os.WriteFile(last, nil, 0o600); err != nil {
		return nil, err
	}
	if err := os.Chmod(last, 0o666); err != nil {
		return nil, err
	}
	files = append(files, bind(last, terminationLog(c.spec), false))
	files = slices.DeleteFunc(files, func(f specs.Mount) bool {
		return slices.ContainsFunc(volumes, func(v specs.Mount) bool { return v.Destination == f.Destination })
	})
	return append(files, volumes...), nil
}

func terminationLog(c runtime.Container) string {
	if c.TerminationMessagePath == "" {
		return defaultTerminationLog
	}
	return path.Clean("/" + c.TerminationMessagePath)
}
