package testregion

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"syscall"
	"time"

	"k8s.io/client-go/kubernetes"

	"github.com/ebb-node/ebb/region/internal/control"
	"github.com/ebb-node/ebb/region/internal/layout"
)

// Region is a region that runs.
type Region struct {
	layout.Layout
	*control.Client
	// Kube has the administrator's rights.
	Kube    kubernetes.Interface
	process *exec.Cmd
	ended   chan struct{}

	mu   sync.Mutex
	told []string // what it said
}

// New boots a region in a directory of its own; "make build" has built it.
// Flags are those of "region up". The test package is two directories below
// the checkout.
func New(flags ...string) (*Region, error) {
	source, err := filepath.Abs("../..")
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "ebb-region-")
	if err != nil {
		return nil, err
	}
	if err := os.Symlink(filepath.Join(source, ".region", "bin"), filepath.Join(dir, "bin")); err != nil {
		return nil, err
	}
	return Boot(dir, source, nil, flags...)
}

// Lines are what the region has said so far.
func (r *Region) Lines() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.told)
}

func (r *Region) tell(line string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.told = append(r.told, line)
}

// End ends the region with a signal and removes its files, unless the logs of
// a failure are worth keeping: EBB_KEEP_REGION is set then.
func (r *Region) End(signal syscall.Signal) error {
	if err := r.process.Process.Signal(signal); err != nil {
		return err
	}
	select {
	case <-r.ended:
	case <-time.After(time.Minute):
		return fmt.Errorf("region %s did not end within a minute of %v", r.Root, signal)
	}
	if keep := os.Getenv("EBB_KEEP_REGION"); keep != "" {
		fmt.Println("kept:", r.Root)
		return nil
	}
	return os.RemoveAll(r.Root)
}
