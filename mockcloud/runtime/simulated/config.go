package simulated

import "time"

// Latencies are how long the steps of a group take. Zero is at once.
type Latencies struct {
	Pull  time.Duration // all images of the group
	Start time.Duration // one container
	Ready time.Duration // from start to ready, on top of a probe's delay
	Stop  time.Duration // from SIGTERM to the end
}

// Load is what a container uses while it runs.
type Load struct {
	CPU    float64 // vCPU
	Memory uint64  // bytes
}

// Config of a runtime.
type Config struct {
	Latencies Latencies
	// Load is what a container uses that says nothing about itself.
	Load Load
}
