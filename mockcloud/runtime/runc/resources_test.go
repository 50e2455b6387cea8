package runc

import (
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/ebb-node/ebb/mockcloud/runtime"
)

// needCgroups leaves out what a machine without cgroups can't show.
func needCgroups(b *bench) {
	b.Helper()
	if !b.rt.cgroups.enabled() {
		b.Skip("no writable cgroups here")
	}
}

func TestOutOfMemory(t *testing.T) {
	b := newBench(t)
	needCgroups(b)
	tests := []struct {
		name             string
		group, container int64
	}{
		{"beyond the container's limit", 0, 48 << 20},
		{"beyond the group's limit", 48 << 20, 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			g := b.group("g", b.app("main", "alloc=200", "print=survived"))
			g.MemoryBytes, g.Containers[0].MemoryBytes = test.group, test.container
			end := b.finish(g)
			if s := end.Containers[0].Current; s.Reason != reasonOOM || s.ExitCode != 137 {
				t.Errorf("%s, log %q", describe([]runtime.Status{end}), b.log("g", "main"))
			}
			if err := b.rt.Remove("g"); err != nil {
				t.Error(err)
			}
		})
	}
}

// cpuRate is how many vCPU a group uses, over a stretch of time long enough
// for several of the kernel's periods.
func cpuRate(b *bench, id string) float64 {
	b.Helper()
	first, err := b.rt.Usage(id)
	if err != nil {
		b.Fatal(err)
	}
	var second runtime.Usage
	poll(b.TB, "half a second has passed", func() bool {
		second, err = b.rt.Usage(id)
		return err != nil || second.At.Sub(first.At) >= 500*time.Millisecond
	})
	if err != nil {
		b.Fatal(err)
	}
	return float64(second.CPU-first.CPU) / float64(second.At.Sub(first.At))
}

func TestCPULimits(t *testing.T) {
	b := newBench(t)
	needCgroups(b)
	g := b.group("g", b.app("main", "burn=1"), b.app("over", "exit=0"))
	g.CPU = 0.3
	g.Containers[0].CPU = 0.2
	g.Containers[1].CPU = 0.3
	b.start(g).until("one running, one over", func(s runtime.Status) bool {
		return s.Containers[0].Current.State == running && s.Containers[1].Current.State == terminated
	})
	// A limit holds at all times; a busy machine may give less for a while.
	within := func(low, high float64) {
		t.Helper()
		poll(t, fmt.Sprintf("at least %.2f vCPU used", low), func() bool {
			got := cpuRate(b, "g")
			if got > high {
				t.Errorf("uses %.2f vCPU, more than %.2f", got, high)
			}
			return got >= low
		})
	}
	within(0.1, 0.26) // the container's limit
	set := func(vcpu float64) {
		t.Helper()
		if err := b.rt.SetCPULimit("g", vcpu); err != nil {
			t.Fatal(err)
		}
	}
	set(0.05)
	within(0.01, 0.1) // less than the container's
	set(2)
	within(0.1, 0.26) // the container's again
	set(0)
	within(0.1, 0.26)
	if err := b.rt.SetCPULimit("other", 1); err == nil {
		t.Error("a group that is not there was limited")
	}
}

func TestCPULimitBeforeTheStart(t *testing.T) {
	b := newBench(t)
	needCgroups(b)
	w := b.start(b.group("g", b.app("main", "burn=1")))
	if err := b.rt.SetCPULimit("g", 0.1); err != nil {
		t.Fatal(err)
	}
	w.running()
	if got := cpuRate(b, "g"); got > 0.2 {
		t.Errorf("uses %.2f vCPU of 0.1", got)
	}
}

func TestUsage(t *testing.T) {
	b := newBench(t)
	g := b.group("g", b.app("main", "alloc=40", "print=held", "burn=1"), b.app("side", "wait"))
	w := b.start(g)
	w.untilLog(b, "g", "main", "held")
	var u runtime.Usage
	// The kernel lags up to two seconds behind with a cgroup's statistics.
	poll(t, "CPU and memory are used", func() bool {
		var err error
		if u, err = b.rt.Usage("g"); err != nil {
			t.Fatal(err)
		}
		return u.Containers["main"].CPU > 100*time.Millisecond && u.Containers["main"].Memory.RSS > 40<<20 && u.Memory.RSS > 40<<20
	})
	main, side := u.Containers["main"], u.Containers["side"]
	if main.Memory.WorkingSet < 40<<20 || main.Memory.Usage < main.Memory.WorkingSet {
		t.Errorf("main's memory %+v", main.Memory)
	}
	if side.CPU > main.CPU/2 || side.Memory.RSS > 30<<20 {
		t.Errorf("side used %+v", side)
	}
	if u.CPU < main.CPU+side.CPU || u.Memory.Usage < 40<<20 {
		t.Errorf("the group used less than its parts: %+v", u)
	}
	if _, err := b.rt.Usage("other"); err == nil {
		t.Error("usage of a group that is not there")
	}
}

func TestUsageOutlivesRestarts(t *testing.T) {
	b := newBench(t)
	g := withVolume(b.group("g", b.app("main", "burn-for=200ms", "first=/v/x:1", "wait")))
	g.RestartPolicy = restartOnFailure
	w := b.start(g)
	w.until("restarted", func(s runtime.Status) bool { return s.Containers[0].RestartCount == 1 })
	u, err := b.rt.Usage("g")
	if err != nil || u.Containers["main"].CPU < 100*time.Millisecond {
		t.Errorf("%+v, %v", u, err)
	}
}

func TestNetwork(t *testing.T) {
	b := newBench(t)
	gateway, err := net.Listen("tcp", gatewayPrefix.Addr().String()+":0")
	if err != nil {
		t.Fatal(err)
	}
	defer gateway.Close()
	server := withVolume(b.group("server", b.app("main", "serve=80"), b.app("side", "wait-for=/v/go", "get=http://127.0.0.1:80/from-side")))
	w := b.start(server)
	w.until("running", func(s runtime.Status) bool { return s.Phase == runtime.Running })
	before, err := b.rt.Usage("server")
	if err != nil {
		t.Fatal(err)
	}
	client := b.group("g", b.app("main", "get=http://"+server.IP.String()+"/from-client", "dial="+gateway.Addr().String()))
	client.IP = server.IP.Next()
	poll(t, "the server listens", func() bool {
		return handleTCP(t.Context(), runtime.TCPSocket{Port: 80}, server.IP.String()) == nil
	})
	if got := inside(b, client); got != "served\nconnected\n" {
		t.Errorf("client %q", got)
	}
	after, err := b.rt.Usage("server")
	if err != nil || after.RxBytes < before.RxBytes+100 || after.TxBytes < before.TxBytes+100 {
		t.Errorf("server's traffic: before %+v, after %+v, %v", before, after, err)
	}
	if _, err := b.rt.Exec(t.Context(), "server", "side", runtime.Exec{Command: []string{"/app", "write=/v/go:1"}}); err != nil {
		t.Fatal(err)
	}
	w.until("side over", func(s runtime.Status) bool { return s.Containers[1].Current.Reason == reasonCompleted })
	poll(t, "both are in the server's log", func() bool {
		log := b.log("server", "main")
		return strings.Contains(log, "/from-client") && strings.Contains(log, "/from-side")
	})
}
