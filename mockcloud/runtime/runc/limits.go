package runc

import (
	"errors"
	"os"
	"slices"
)

// bound makes the group's cgroup.
func (g *group) bound() error {
	g.limits.Lock()
	defer g.limits.Unlock()
	g.bounded = true
	return g.rt.cgroups.create(g.spec.ID, g.cpu, g.spec.MemoryBytes)
}

// setCPULimit bounds the group while it runs. Containers with a bound of their
// own go first and come back last, as no child may have more than its parent.
func (g *group) setCPULimit(vcpu float64) error {
	g.limits.Lock()
	defer g.limits.Unlock()
	if !g.bounded {
		g.cpu = vcpu
		return nil
	}
	var bounded []*container
	for _, c := range slices.Concat(g.inits, g.apps) {
		if c.spec.CPU > 0 && c.cgroupInUse() != "" {
			bounded = append(bounded, c)
		}
	}
	var errs []error
	for _, c := range bounded {
		errs = append(errs, ignoreMissing(g.rt.cgroups.setCPU(c.cgroupInUse(), 0)))
	}
	if err := errors.Join(append(errs, g.rt.cgroups.setCPU(g.spec.ID, vcpu))...); err != nil {
		return err
	}
	g.cpu = vcpu
	for _, c := range bounded {
		if vcpu == 0 || c.spec.CPU < vcpu {
			errs = append(errs, ignoreMissing(g.rt.cgroups.setCPU(c.cgroupInUse(), c.spec.CPU)))
		}
	}
	return errors.Join(errs...)
}

// ignoreMissing forgives that a container has ended meanwhile.
func ignoreMissing(err error) error {
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}

// cgroupInUse names the cgroup of what runs now.
func (c *container) cgroupInUse() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.current == nil {
		return ""
	}
	return c.cgroup(c.current.attempt)
}
