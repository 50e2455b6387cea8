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

// setCPULimit bounds the group while it runs. No container may have more than
// its group at any moment (cgroup v1 refuses it), so that a lower limit begins
// with them and a higher one ends with them.
func (g *group) setCPULimit(vcpu float64) error {
	g.limits.Lock()
	defer g.limits.Unlock()
	if !g.bounded || vcpu == g.cpu {
		g.cpu = vcpu
		return nil
	}
	steps := []func() error{
		func() error { return g.rt.cgroups.setCPU(g.spec.ID, vcpu) },
		func() error { return g.limitContainers(vcpu) },
	}
	if lower := vcpu != 0 && (g.cpu == 0 || vcpu < g.cpu); lower {
		slices.Reverse(steps)
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	g.cpu = vcpu
	return nil
}

// limitContainers bounds the containers that have limits of their own.
func (g *group) limitContainers(vcpu float64) error {
	var errs []error
	for _, c := range slices.Concat(g.inits, g.apps) {
		name := c.lastCgroup()
		if c.spec.CPU == 0 || name == "" {
			continue
		}
		err := g.rt.cgroups.setCPU(name, limitWithin(c.spec.CPU, vcpu))
		if !errors.Is(err, os.ErrNotExist) { // it was never made
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// limitWithin is a container's own limit, or its group's if that is less. Zero
// is no limit.
func limitWithin(own, group float64) float64 {
	if group == 0 || own < group {
		return own
	}
	return group
}

// lastCgroup names the cgroup of the last run, which may be over.
func (c *container) lastCgroup() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.attempts == 0 {
		return ""
	}
	return c.cgroup(c.attempts - 1)
}
