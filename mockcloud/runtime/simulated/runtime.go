package simulated

import (
	"fmt"
	"sync"
	"time"

	"github.com/ebb-node/ebb/mockcloud/clock"
	"github.com/ebb-node/ebb/mockcloud/runtime"
)

// Runtime implements runtime.Runtime.
type Runtime struct {
	clock  *clock.Clock
	config Config

	mu     sync.Mutex
	groups map[string]*group
}

var _ runtime.Runtime = (*Runtime)(nil)

// New makes a runtime that lives in the clock's time.
func New(c *clock.Clock, config Config) *Runtime {
	return &Runtime{clock: c, config: config, groups: map[string]*group{}}
}

// Start implements runtime.Runtime.
func (r *Runtime) Start(spec runtime.Group, observe func(runtime.Status)) error {
	g := newGroup(r, spec, observe)
	r.mu.Lock()
	if _, twice := r.groups[spec.ID]; twice {
		r.mu.Unlock()
		return fmt.Errorf("container group %s exists already", spec.ID)
	}
	r.groups[spec.ID] = g
	r.mu.Unlock()
	g.update(g.begin)
	return nil
}

// Stop implements runtime.Runtime.
func (r *Runtime) Stop(id string, grace time.Duration) {
	if g := r.group(id); g != nil {
		g.update(func() { g.stop(grace) })
	}
}

// Remove implements runtime.Runtime.
func (r *Runtime) Remove(id string) error {
	r.mu.Lock()
	g := r.groups[id]
	delete(r.groups, id)
	r.mu.Unlock()
	if g != nil {
		g.remove()
	}
	return nil
}

// SetCPULimit implements runtime.Runtime.
func (r *Runtime) SetCPULimit(id string, vcpu float64) error {
	g := r.group(id)
	if g == nil {
		return runtime.ErrNotFound
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.settle()
	g.limit = vcpu
	return nil
}

// SetLoad changes what a container uses from now on.
func (r *Runtime) SetLoad(id, container string, load Load) error {
	c, g := r.container(id, container)
	if c == nil {
		return runtime.ErrNotFound
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.settle()
	c.script.load = load
	return nil
}

// Close implements runtime.Runtime.
func (r *Runtime) Close() error {
	r.mu.Lock()
	groups := r.groups
	r.groups = map[string]*group{}
	r.mu.Unlock()
	for _, g := range groups {
		g.remove()
	}
	return nil
}

func (r *Runtime) group(id string) *group {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.groups[id]
}

func (r *Runtime) container(id, name string) (*container, *group) {
	g := r.group(id)
	if g == nil {
		return nil, nil
	}
	for _, list := range [][]*container{g.init, g.app} {
		for _, c := range list {
			if c.spec.Name == name {
				return c, g
			}
		}
	}
	return nil, nil
}
