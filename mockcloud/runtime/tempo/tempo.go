package tempo

import (
	"sync"
	"time"

	kclock "k8s.io/utils/clock"

	"github.com/ebb-node/ebb/mockcloud/clock"
	"github.com/ebb-node/ebb/mockcloud/runtime"
)

// resolution is the shortest time of the machine in which a rate is measured:
// a few periods of the kernel's CPU bandwidth control, which are 100 ms
// (https://www.kernel.org/doc/html/latest/scheduler/sched-bwc.html). Readings
// closer together go on at the rate measured last.
const resolution = 300 * time.Millisecond

// Runtime is a runtime whose CPU time is the cloud's.
type Runtime struct {
	runtime.Runtime
	cloud   *clock.Clock
	machine kclock.PassiveClock

	mu     sync.Mutex
	groups map[string]*group
}

// New decorates a runtime that lives in the machine's time.
func New(r runtime.Runtime, cloud *clock.Clock, machine kclock.PassiveClock) *Runtime {
	return &Runtime{Runtime: r, cloud: cloud, machine: machine, groups: map[string]*group{}}
}

// Start implements runtime.Runtime.
func (r *Runtime) Start(g runtime.Group, observe func(runtime.Status)) error {
	r.mu.Lock()
	r.groups[g.ID] = r.newGroup()
	r.mu.Unlock()
	return r.Runtime.Start(g, observe)
}

// Remove implements runtime.Runtime.
func (r *Runtime) Remove(id string) error {
	err := r.Runtime.Remove(id)
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.groups, id)
	return err
}

// Usage implements runtime.Runtime.
func (r *Runtime) Usage(id string) (runtime.Usage, error) {
	u, err := r.Runtime.Usage(id)
	if err != nil {
		return u, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	g, ok := r.groups[id]
	if !ok {
		g = r.newGroup()
		r.groups[id] = g
	}
	return g.read(u, r.cloud.Now(), r.machine.Now()), nil
}

func (r *Runtime) newGroup() *group {
	return &group{cloud: r.cloud.Now(), machine: r.machine.Now(), meters: map[string]*meter{}}
}

// group holds a group's meters and when they were measured last.
type group struct {
	cloud, machine time.Time
	meters         map[string]*meter // by container; "" is the whole group
}

// read translates a reading. It works on the caller's copy of the map.
func (g *group) read(u runtime.Usage, cloud, machine time.Time) runtime.Usage {
	t := interval{cloud: cloud.Sub(g.cloud), machine: machine.Sub(g.machine)}
	u.CPU = g.meter("").read(u.CPU, t)
	containers := make(map[string]runtime.ContainerUsage, len(u.Containers))
	for name, c := range u.Containers {
		c.CPU = g.meter(name).read(c.CPU, t)
		containers[name] = c
	}
	u.Containers = containers
	if t.measures() {
		g.cloud, g.machine = cloud, machine
	}
	return u
}

func (g *group) meter(name string) *meter {
	m, ok := g.meters[name]
	if !ok {
		m = &meter{}
		g.meters[name] = m
	}
	return m
}

// interval is the time since the last measurement, by both clocks.
type interval struct{ cloud, machine time.Duration }

// measures reports whether the interval is long enough for a rate.
func (t interval) measures() bool { return t.machine >= resolution }

// meter translates one counter.
type meter struct {
	raw   time.Duration // at the last measurement
	rate  float64       // vCPU, in the interval before it
	total time.Duration // in the cloud's time, at the last measurement
	shown time.Duration // never falls
}

func (m *meter) read(raw time.Duration, t interval) time.Duration {
	now := m.total + time.Duration(m.rate*float64(t.cloud))
	if t.measures() {
		used := raw - m.raw
		if used < 0 { // the counter began again
			used = raw
		}
		m.raw = raw
		m.rate = float64(used) / float64(t.machine)
		m.total += time.Duration(m.rate * float64(t.cloud))
		now = m.total
	}
	m.shown = max(m.shown, now)
	return m.shown
}
