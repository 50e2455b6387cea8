package eci

type recordWire struct {
	Timestamp stamp
	CPU       cpuWire
	Memory    memoryWire
	Network   struct {
		Interfaces []interfaceWire
	}
	Containers []struct {
		Name   string
		CPU    cpuWire
		Memory memoryWire
	}
}

type cpuWire struct {
	UsageNanoCores       count
	UsageCoreNanoSeconds count
	Limit                count
}

type memoryWire struct {
	UsageBytes     count
	WorkingSet     count
	Rss            count
	Cache          count
	AvailableBytes count
}

type interfaceWire struct {
	Name     string
	RxBytes  count
	TxBytes  count
	RxErrors count
	TxErrors count
}

func (w recordWire) record() MetricRecord {
	r := MetricRecord{
		Timestamp: w.Timestamp.Time, CPU: w.CPU.usage(), Memory: w.Memory.usage(),
		Network: mapped(w.Network.Interfaces, interfaceWire.usage),
	}
	for _, c := range w.Containers {
		r.Containers = append(r.Containers, ContainerUsage{Name: c.Name, CPU: c.CPU.usage(), Memory: c.Memory.usage()})
	}
	return r
}

func (w cpuWire) usage() CPUUsage {
	return CPUUsage{
		UsageNanoCores: uint64(w.UsageNanoCores), UsageCoreNanoSeconds: uint64(w.UsageCoreNanoSeconds),
		Limit: uint64(w.Limit),
	}
}

func (w memoryWire) usage() MemoryUsage {
	return MemoryUsage{
		UsageBytes: uint64(w.UsageBytes), WorkingSet: uint64(w.WorkingSet), RSS: uint64(w.Rss),
		Cache: uint64(w.Cache), AvailableBytes: uint64(w.AvailableBytes),
	}
}

func (w interfaceWire) usage() InterfaceUsage {
	return InterfaceUsage{
		Name: w.Name, RxBytes: uint64(w.RxBytes), TxBytes: uint64(w.TxBytes),
		RxErrors: uint64(w.RxErrors), TxErrors: uint64(w.TxErrors),
	}
}
