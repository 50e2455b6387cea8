package eci

import (
	"time"

	"github.com/ebb-node/ebb/mockcloud/runtime"
)

// recordView is an item of Records.
type recordView struct {
	Timestamp  string
	CPU        cpuView
	Memory     memoryView
	Network    networkView
	Containers []containerUsageView
}

type cpuView struct {
	UsageNanoCores       uint64
	UsageCoreNanoSeconds uint64
	Load                 uint64
	Limit                uint64 // thousandths of a vCPU
}

type memoryView struct {
	UsageBytes     uint64
	WorkingSet     uint64
	Rss            uint64
	Cache          uint64
	AvailableBytes uint64
}

type networkView struct{ Interfaces []interfaceView }

type interfaceView struct {
	Name               string
	RxBytes, TxBytes   uint64
	RxErrors, TxErrors uint64
}

type containerUsageView struct {
	Name   string
	CPU    cpuView
	Memory memoryView
}

// record compares a sample with the one before it.
func (g *group) record(before, now sample) recordView {
	elapsed := now.at.Sub(before.at)
	limit := uint64(g.size.memory * gib)
	v := recordView{
		Timestamp: timestamp(now.at),
		CPU:       viewCPU(before.cpu, now.cpu, elapsed, g.size.cpu),
		Memory:    viewMemory(now.memory, limit),
		Network:   networkView{Interfaces: []interfaceView{{Name: "eth0", RxBytes: now.rx, TxBytes: now.tx}}},
	}
	for i, c := range g.request.Container {
		cpu, memory := deref(c.Cpu), uint64(deref(c.Memory)*gib)
		if cpu == 0 {
			cpu = g.size.cpu
		}
		if memory == 0 {
			memory = limit
		}
		v.Containers = append(v.Containers, containerUsageView{
			Name:   c.Name,
			CPU:    viewCPU(before.parts[i].cpu, now.parts[i].cpu, elapsed, cpu),
			Memory: viewMemory(now.parts[i].memory, memory),
		})
	}
	return v
}

func viewCPU(before, now, elapsed time.Duration, limit float64) cpuView {
	v := cpuView{UsageCoreNanoSeconds: uint64(now), Limit: uint64(limit * 1000)}
	if elapsed > 0 && now > before {
		v.UsageNanoCores = uint64(float64(now-before) / float64(elapsed) * 1e9)
	}
	return v
}

func viewMemory(m runtime.Memory, limit uint64) memoryView {
	v := memoryView{UsageBytes: m.Usage, WorkingSet: m.WorkingSet, Rss: m.RSS, Cache: m.Cache}
	if limit > m.WorkingSet {
		v.AvailableBytes = limit - m.WorkingSet
	}
	return v
}
