package simulated

import (
	"time"

	"github.com/ebb-node/ebb/mockcloud/runtime"
)

// settle accounts the CPU time since the last change; every change of state,
// load or limit is preceded by it.
func (g *group) settle() {
	now := g.runtime.clock.Now()
	elapsed := now.Sub(g.settled)
	g.settled = now
	if elapsed <= 0 {
		return
	}
	wanted := 0.0
	for _, c := range g.running() {
		wanted += c.script.load.CPU
	}
	share := 1.0
	if g.limit > 0 && wanted > g.limit {
		share = g.limit / wanted
	}
	for _, c := range g.running() {
		c.cpu += time.Duration(float64(elapsed) * c.script.load.CPU * share)
	}
}

func (g *group) running() []*container {
	var list []*container
	for _, c := range g.app {
		if c.state.State == "Running" {
			list = append(list, c)
		}
	}
	return list
}

// Usage implements runtime.Runtime.
func (r *Runtime) Usage(id string) (runtime.Usage, error) {
	g := r.group(id)
	if g == nil {
		return runtime.Usage{}, runtime.ErrNotFound
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.settle()
	u := runtime.Usage{At: g.settled, Containers: map[string]runtime.ContainerUsage{}}
	for _, c := range g.app {
		m := runtime.Memory{}
		if c.state.State == "Running" {
			m = runtime.Memory{Usage: c.script.load.Memory, WorkingSet: c.script.load.Memory, RSS: c.script.load.Memory}
		}
		u.Containers[c.spec.Name] = runtime.ContainerUsage{CPU: c.cpu, Memory: m}
		u.CPU += c.cpu
		u.Memory.Usage += m.Usage
		u.Memory.WorkingSet += m.WorkingSet
		u.Memory.RSS += m.RSS
	}
	return u, nil
}
