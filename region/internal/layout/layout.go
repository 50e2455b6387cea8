// Package layout knows where the region keeps its files. Everything lives
// below one directory, so that removing it removes the region.
package layout

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
)

// Layout is the set of paths of one region.
type Layout struct {
	// Root is the absolute path of the region's directory.
	Root string
	// Source is the absolute path of the project's checkout.
	Source string
}

// New makes the paths absolute.
func New(root, source string) (Layout, error) {
	root, err := filepath.Abs(root)
	if err != nil {
		return Layout{}, err
	}
	source, err = filepath.Abs(source)
	return Layout{Root: root, Source: source}, err
}

// ID is a short name that no region in another directory has; it names the
// region's cgroup.
func (l Layout) ID() string {
	sum := sha256.Sum256([]byte(l.Root))
	return hex.EncodeToString(sum[:4])
}

// CgroupParent is the cgroup below which all containers of the region live.
func (l Layout) CgroupParent() string { return "ebb-region-" + l.ID() }

// Bin is where the binaries are built.
func (l Layout) Bin(name string) string { return filepath.Join(l.Root, "bin", name) }

// Knative is Knative's YAML, which is collected when its binaries are built.
func (l Layout) Knative() string { return l.Bin("knative.yaml") }

// Run is where the files of the present boot are; it is emptied at each boot.
func (l Layout) Run(elements ...string) string {
	return filepath.Join(append([]string{l.Root, "run"}, elements...)...)
}

// Log is the log file of a component.
func (l Layout) Log(component string) string { return l.Run("log", component+".log") }

// PKI is a certificate or key of the present boot.
func (l Layout) PKI(name string) string { return l.Run("pki", name) }

// Cache is what may be kept from one boot to the next, such as unpacked images.
func (l Layout) Cache(elements ...string) string {
	return filepath.Join(append([]string{l.Root, "cache"}, elements...)...)
}

// Kubeconfig is the administrator's, for use outside of the region's network.
func (l Layout) Kubeconfig() string { return filepath.Join(l.Root, "kubeconfig") }

// ControlSocket is where the running region takes commands.
func (l Layout) ControlSocket() string { return l.Run("control.sock") }

// AccessKey is the file of the mock cloud's access key, as environment
// variables.
func (l Layout) AccessKey() string { return l.Run("access-key.env") }

// PIDFile names the process of "region up" while it runs.
func (l Layout) PIDFile() string { return filepath.Join(l.Root, "region.pid") }

// Prepare empties the files of the last boot and makes the directories.
func (l Layout) Prepare() error {
	if err := os.RemoveAll(l.Run()); err != nil {
		return err
	}
	for _, dir := range []string{l.Run("log"), l.Run("pki"), l.Run("etcd"), l.Cache(), filepath.Dir(l.Bin(""))} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return err
		}
	}
	return nil
}
