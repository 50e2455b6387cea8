package runc

import (
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"

	specs "github.com/opencontainers/runtime-spec/specs-go"
	"golang.org/x/sys/unix"

	"github.com/ebb-node/ebb/mockcloud/runtime"
)

// defaultFileMode is that of a volume's files if nobody says.
const defaultFileMode = 0o644

// makeVolume makes a volume with its initial files. Everybody may write to it,
// as the containers of a group may be different users.
func makeVolume(dir string, v runtime.Volume) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	if v.Memory {
		options := "mode=0777"
		if v.Size > 0 {
			options += fmt.Sprintf(",size=%d", v.Size)
		}
		if err := unix.Mount("tmpfs", dir, "tmpfs", unix.MS_NOSUID|unix.MS_NODEV, options); err != nil {
			return fmt.Errorf("volume %s: mount tmpfs: %w", v.Name, err)
		}
	}
	if err := os.Chmod(dir, 0o777); err != nil {
		return err
	}
	files, err := openRoot(dir)
	if err != nil {
		return err
	}
	defer files.close()
	for _, f := range v.Files {
		if err := writeVolumeFile(files, v, f); err != nil {
			return fmt.Errorf("volume %s: file %s: %w", v.Name, f.Path, err)
		}
	}
	return nil
}

func writeVolumeFile(files *root, v runtime.Volume, f runtime.File) error {
	name := path.Clean("/" + f.Path)
	if name == "/" {
		return errors.New("its path is empty")
	}
	dir, err := files.openDir(path.Dir(name))
	if err != nil {
		return err
	}
	defer dir.Close()
	target := filepath.Join(fdPath(dir), path.Base(name))
	if err := os.WriteFile(target, f.Content, 0o600); err != nil {
		return err
	}
	mode := uint32(defaultFileMode)
	for _, m := range []uint32{v.Mode, f.Mode} {
		if m != 0 {
			mode = m
		}
	}
	return unix.Chmod(target, mode&0o7777)
}

// volumeMounts are a container's mounts of its group's volumes.
func (g *group) volumeMounts(c runtime.Container) ([]specs.Mount, error) {
	var all []specs.Mount
	for i, m := range c.Mounts {
		if !slices.ContainsFunc(g.spec.Volumes, func(v runtime.Volume) bool { return v.Name == m.Volume }) {
			return nil, configError("container %s: mount %s: the group has no volume %q", c.Name, m.Path, m.Volume)
		}
		source := g.path("volumes", m.Volume)
		if m.SubPath != "" {
			var err error
			if source, err = g.mountSubPath(c.Name, i, source, m.SubPath); err != nil {
				return nil, configError("container %s: mount %s: subPath %q: %w", c.Name, m.Path, m.SubPath, err)
			}
		}
		all = append(all, bind(source, path.Clean("/"+m.Path), m.ReadOnly))
	}
	return all, nil
}

// mountSubPath gives a part of a volume a place of its own, so that a
// container that changes the volume can't lead the mount elsewhere. The part
// is made as a directory if it is missing.
func (g *group) mountSubPath(container string, index int, volume, sub string) (string, error) {
	target := g.path("containers", container, fmt.Sprintf("subpath-%d", index))
	if _, err := os.Lstat(target); err == nil {
		return target, nil // since an earlier start of the container
	}
	files, err := openRoot(volume)
	if err != nil {
		return "", err
	}
	defer files.close()
	source, err := openPart(files, sub)
	if err != nil {
		return "", err
	}
	defer source.Close()
	if err := makeTarget(source, target); err != nil {
		return "", err
	}
	if err := unix.Mount(fdPath(source), target, "", unix.MS_BIND|unix.MS_REC, ""); err != nil {
		return "", errors.Join(err, os.Remove(target))
	}
	g.mounted(target)
	return target, nil
}

func openPart(volume *root, sub string) (*os.File, error) {
	part, err := volume.open(sub, unix.O_PATH)
	if !os.IsNotExist(err) {
		return part, err
	}
	if part, err = volume.openDir(sub); err != nil {
		return nil, err
	}
	return part, os.Chmod(fdPath(part), 0o777)
}

// makeTarget makes a mount point of the same type as what is mounted on it.
func makeTarget(source *os.File, target string) error {
	info, err := source.Stat()
	if err != nil {
		return err
	}
	if info.IsDir() {
		return os.Mkdir(target, 0o755)
	}
	return os.WriteFile(target, nil, 0o644)
}
