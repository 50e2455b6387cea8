package runc

import (
	"fmt"
	"sync"
	"testing"

	"github.com/ebb-node/ebb/mockcloud/runtime"
)

// many are groups of two containers with an address each.
func (b *bench) many(n int) []runtime.Group {
	var all []runtime.Group
	ip := b.group("").IP
	for i := range n {
		g := b.group(fmt.Sprintf("g%d", i), b.app("main", "wait"), b.app("side", "wait"))
		g.IP, ip = ip, ip.Next()
		all = append(all, g)
	}
	return all
}

func TestManyGroupsAtOnce(t *testing.T) {
	b := newBench(t)
	groups := b.many(16)
	var watchers []*watcher
	for _, g := range groups {
		watchers = append(watchers, b.start(g))
	}
	for _, w := range watchers {
		w.until("running", func(s runtime.Status) bool { return s.Phase == runtime.Running })
	}
	var removals sync.WaitGroup
	for _, g := range groups[:8] { // Close removes the others
		removals.Go(func() {
			if err := b.rt.Remove(g.ID); err != nil {
				t.Error(err)
			}
		})
	}
	removals.Wait()
}

// BenchmarkStart measures a group of two containers from its acceptance until
// both run. Its image is present.
func BenchmarkStart(b *testing.B) {
	t := newBench(b)
	g := t.many(1)[0]
	for b.Loop() {
		t.start(g).until("running", func(s runtime.Status) bool { return s.Phase == runtime.Running })
		b.StopTimer()
		if err := t.rt.Remove(g.ID); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
}

// BenchmarkNetwork measures a group's namespaces, link and routes.
func BenchmarkNetwork(b *testing.B) {
	t := newBench(b)
	for i := 0; b.Loop(); i++ {
		dir := fmt.Sprintf("%s/ns%d", t.rt.config.StateDir, i)
		if err := newNamespaces(dir, "host"); err != nil {
			b.Fatal(err)
		}
		if err := t.rt.network.attach("mcbench", dir, gatewayPrefix.Addr().Next()); err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		if err := removeLink("mcbench"); err != nil {
			b.Fatal(err)
		}
		if err := dropNamespaces(dir); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
}

// BenchmarkExec measures a command from its request to its exit code.
func BenchmarkExec(b *testing.B) {
	t := newBench(b)
	t.start(t.group("g", t.app("main", "wait"))).running()
	for b.Loop() {
		t.act("main", "exit=0")
	}
}
