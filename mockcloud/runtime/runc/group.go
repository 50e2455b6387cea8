package runc

import (
	"context"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/sirupsen/logrus"
	"k8s.io/utils/clock"

	"github.com/ebb-node/ebb/mockcloud/runtime"
)

// group is a container group from its start to its removal.
type group struct {
	rt         *Runtime
	spec       runtime.Group
	dir        string
	link       string            // the host's end of its link
	namespaces map[string]string // kind -> path
	report     *reporter
	log        *logrus.Entry
	inits      []*container
	apps       []*container

	stopping context.Context // done once nothing may be started any more
	stop     context.CancelFunc
	killing  context.Context // done once everything must be killed
	kill     context.CancelFunc
	done     chan struct{} // closed once nothing runs any more

	limits  sync.RWMutex // held while a container's limits are put into place
	cpu     float64      // vCPU, the limit in force
	bounded bool         // the group's cgroup exists

	mu       sync.Mutex
	mounts   []string
	deadline clock.Timer // ends the grace
	until    time.Time   // its moment
	execs    sync.WaitGroup
	removed  bool
	pause    *child // first process of the shared process namespace
}

func newGroup(rt *Runtime, spec runtime.Group, observe func(runtime.Status)) *group {
	g := &group{
		rt: rt, spec: spec, cpu: spec.CPU,
		dir:    filepath.Join(rt.config.StateDir, groupsDir, spec.ID),
		link:   hostLink(rt.config.StateDir, spec.ID),
		report: newReporter(spec, observe),
		log:    rt.config.Log.WithField("group", spec.ID),
		done:   make(chan struct{}),
	}
	g.namespaces = namespacePaths(g.path("ns"))
	g.stopping, g.stop = context.WithCancel(context.Background())
	g.killing, g.kill = context.WithCancel(context.Background())
	for i, c := range spec.InitContainers {
		g.inits = append(g.inits, &container{group: g, spec: c, init: true, index: i})
	}
	for i, c := range spec.Containers {
		g.apps = append(g.apps, &container{group: g, spec: c, index: i})
	}
	return g
}

// path is below the group's directory.
func (g *group) path(parts ...string) string {
	return filepath.Join(append([]string{g.dir}, parts...)...)
}

func (g *group) now() time.Time { return g.rt.config.Clock.Now() }

// run is the life of the group.
func (g *group) run() {
	defer close(g.done)
	if err := g.prepare(); err != nil {
		g.log.WithError(err).Error("Can't prepare a group")
		g.report.update(warning(eventFailed, "%v", err), nil)
		g.report.fail(reasonStart, err.Error())
		g.abandon()
		return
	}
	if g.spec.ActiveDeadline > 0 {
		go g.watchDeadline()
	}
	if g.runInits() {
		var apps sync.WaitGroup
		for _, c := range g.apps {
			apps.Go(func() { c.loop() })
		}
		apps.Wait()
	}
	if g.stopping.Err() != nil {
		g.abandon()
	}
}

// runInits runs the init containers one after the other.
func (g *group) runInits() bool {
	for _, c := range g.inits {
		if !c.loop() {
			return false
		}
	}
	return g.stopping.Err() == nil
}

// abandon ends a group before its containers are all over by themselves.
func (g *group) abandon() {
	g.report.end(func(s *runtime.Status) {
		for _, list := range [][]runtime.ContainerStatus{s.InitContainers, s.Containers} {
			for i := range list {
				if list[i].Current.State == waiting {
					supersedeUnstarted(&list[i])
				}
			}
		}
	})
}

// supersedeUnstarted ends a container that waits and won't be started: the
// run before it, if there was one, is its last.
func supersedeUnstarted(s *runtime.ContainerStatus) {
	if s.Previous.State == terminated {
		s.Current, s.Previous = s.Previous, runtime.ContainerState{}
		return
	}
	s.Current = runtime.ContainerState{State: terminated, Reason: reasonUnknown, ExitCode: exitKilled,
		Message: "The group ended before the container was started"}
}

// exitKilled is the exit code of what SIGKILL ends; a kubelet gives it to
// containers of which it knows no other.
const exitKilled = 137

// sleep answers false if the group stops first.
func (g *group) sleep(d time.Duration) bool { return sleep(g.stopping, g.rt.config.Clock, d) }

// sleep waits, and answers false if ctx is done first.
func sleep(ctx context.Context, clock clock.WithTicker, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	timer := clock.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C():
		return ctx.Err() == nil
	case <-ctx.Done():
		return false
	}
}

// container finds a container by its name.
func (g *group) container(name string) *container {
	all := slices.Concat(g.inits, g.apps)
	i := slices.IndexFunc(all, func(c *container) bool { return c.spec.Name == name })
	if i < 0 {
		return nil
	}
	return all[i]
}
