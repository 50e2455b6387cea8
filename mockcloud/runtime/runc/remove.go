package runc

import (
	"errors"
	"fmt"
	"os"
	"slices"

	"golang.org/x/sys/unix"
)

// mounted remembers a mount for the removal.
func (g *group) mounted(path string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.mounts = append(g.mounts, path)
}

// unmounted takes a mount away before that.
func (g *group) unmounted(path string) {
	g.mu.Lock()
	g.mounts = slices.DeleteFunc(g.mounts, func(m string) bool { return m == path })
	g.mu.Unlock()
	if err := unmount(path); err != nil {
		g.log.WithError(err).Warn("Can't unmount")
	}
}

// processes lists all processes of the group: those of its cgroup or, without
// one, of its network namespace.
func (g *group) processes() []int {
	if g.rt.cgroups.enabled() {
		return g.rt.cgroups.processes(g.spec.ID)
	}
	var ns unix.Stat_t
	if err := unix.Stat(g.namespaces["net"], &ns); err != nil {
		return nil // it was never made, or is gone
	}
	return processesOf(func(p process) bool { return p.netNS() == fmt.Sprintf("net:[%d]", ns.Ino) })
}

// remove kills what runs and frees everything.
func (g *group) remove() error {
	g.report.close()
	g.mu.Lock()
	g.removed = true
	g.mu.Unlock()
	g.stop()
	g.kill()
	<-g.done
	g.execs.Wait()
	killAll(g.processes)
	if g.pause != nil {
		g.pause.end()
	}
	g.mu.Lock()
	mounts := slices.Clone(g.mounts)
	g.mu.Unlock()
	slices.Reverse(mounts)
	var errs []error
	for _, m := range mounts {
		errs = append(errs, unmount(m))
	}
	// The link goes first: the kernel removes that of a namespace which nobody
	// holds too, but later.
	errs = append(errs, removeLink(g.link), dropNamespaces(g.path("ns")), g.rt.cgroups.remove(g.spec.ID))
	if err := errors.Join(errs...); err != nil {
		return err
	}
	return os.RemoveAll(g.dir)
}
