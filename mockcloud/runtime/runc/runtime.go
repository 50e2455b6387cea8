package runc

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/ebb-node/ebb/mockcloud/runtime"
)

// Runtime is a runtime.Runtime on runc.
type Runtime struct {
	config    Config
	runc      string
	lock      *os.File
	grantable []string // capabilities
	cgroups   cgroups
	images    *imageStore
	network   *network

	mu     sync.Mutex
	groups map[string]*group
	closed bool
}

// Start implements runtime.Runtime.
func (rt *Runtime) Start(spec runtime.Group, observe func(runtime.Status)) error {
	if err := checkNames(spec); err != nil {
		return err
	}
	rt.mu.Lock()
	defer rt.mu.Unlock()
	if rt.closed {
		return errors.New("the runtime is closed")
	}
	if rt.groups[spec.ID] != nil {
		return fmt.Errorf("group %s exists already", spec.ID)
	}
	g := newGroup(rt, spec, observe)
	rt.groups[spec.ID] = g
	go g.run()
	return nil
}

// Stop implements runtime.Runtime.
func (rt *Runtime) Stop(id string, grace time.Duration) {
	if g := rt.group(id); g != nil {
		g.end(grace, "", "")
	}
}

// Remove implements runtime.Runtime.
func (rt *Runtime) Remove(id string) error {
	g := rt.group(id)
	if g == nil {
		return nil
	}
	if err := g.remove(); err != nil {
		return fmt.Errorf("remove group %s: %w", id, err)
	}
	rt.mu.Lock()
	defer rt.mu.Unlock()
	if rt.groups[id] == g {
		delete(rt.groups, id)
	}
	return nil
}

// Logs implements runtime.Runtime.
func (rt *Runtime) Logs(id, name string, options runtime.LogOptions) ([]runtime.LogLine, error) {
	c, err := rt.container(id, name)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	last := c.attempts - 1
	c.mu.Unlock()
	if options.Previous {
		last--
	}
	if last < 0 {
		return nil, nil
	}
	return readLog(logPath(c.logDir(), last), options)
}

// Exec implements runtime.Runtime.
func (rt *Runtime) Exec(ctx context.Context, id, name string, e runtime.Exec) (int, error) {
	c, err := rt.container(id, name)
	if err != nil {
		return 0, err
	}
	c.mu.Lock()
	r := c.current
	c.mu.Unlock()
	if r == nil {
		return 0, fmt.Errorf("container %s of group %s: %w", name, id, runtime.ErrNotRunning)
	}
	return c.exec(ctx, r, e)
}

// Usage implements runtime.Runtime.
func (rt *Runtime) Usage(id string) (runtime.Usage, error) {
	g := rt.group(id)
	if g == nil {
		return runtime.Usage{}, fmt.Errorf("group %s: %w", id, runtime.ErrNotFound)
	}
	return g.usage()
}

// SetCPULimit implements runtime.Runtime.
func (rt *Runtime) SetCPULimit(id string, vcpu float64) error {
	g := rt.group(id)
	if g == nil {
		return fmt.Errorf("group %s: %w", id, runtime.ErrNotFound)
	}
	return g.setCPULimit(vcpu)
}

// Close implements runtime.Runtime. It also gives back the bridge, if the
// runtime made it, and the state directory.
func (rt *Runtime) Close() error {
	rt.mu.Lock()
	if rt.closed {
		rt.mu.Unlock()
		return nil
	}
	rt.closed = true
	var ids []string
	for id := range rt.groups {
		ids = append(ids, id)
	}
	rt.mu.Unlock()
	errs := make([]error, len(ids))
	var removals sync.WaitGroup
	for i, id := range ids {
		removals.Go(func() { errs[i] = rt.Remove(id) })
	}
	removals.Wait()
	return errors.Join(append(errs, rt.release())...)
}

// release frees what all groups shared.
func (rt *Runtime) release() error {
	dir := rt.config.StateDir
	err := errors.Join(
		rt.network.close(),
		rt.cgroups.remove(""),
		unmountBelow(dir),
		os.RemoveAll(filepath.Join(dir, groupsDir)),
		os.RemoveAll(filepath.Join(dir, stateName)))
	return errors.Join(err, rt.lock.Close())
}

func (rt *Runtime) group(id string) *group {
	rt.mu.Lock()
	defer rt.mu.Unlock()
	return rt.groups[id]
}

func (rt *Runtime) container(id, name string) (*container, error) {
	if g := rt.group(id); g != nil {
		if c := g.container(name); c != nil {
			return c, nil
		}
	}
	return nil, fmt.Errorf("container %s of group %s: %w", name, id, runtime.ErrNotFound)
}
