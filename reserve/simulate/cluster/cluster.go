package cluster

import (
	"time"

	"github.com/ebb-node/ebb/reserve/decide"
)

// Faults are what goes wrong, until it is unset.
type Faults struct {
	// Away: ebb does not run.
	Away bool
	// Unreported: the autoscaler takes no reports.
	Unreported bool
	// Silent: the autoscaler does nothing.
	Silent bool
	// Refused: new reserve pods get no instance, for this reason.
	Refused string
	// Restarting: new reserve pods become ready after one restart.
	Restarting bool
	// StandardBroken: new standard pods do not become ready until it ends.
	StandardBroken bool
}

// Sums are what has happened so far.
type Sums struct {
	Requests, ByReserve, Lost int
	// ColdStarts is how often a request came while no pod was ready, and Late how
	// many requests waited for one.
	ColdStarts, Late    int
	Waited, LongestWait time.Duration // for a pod

	// Reserves is how many reserve pods were made.
	Reserves int
	// Of all pods together, from their creation to their end.
	Standard, Reserve time.Duration
	// Absent is how long no standard pod was wanted: what min-scale 1 would have
	// kept one for.
	Absent time.Duration
	// Gap is how long no pod was ready, since the first one was.
	Gap time.Duration
}

// Cluster is a model at one moment. It is not for several goroutines.
type Cluster struct {
	Config
	Faults Faults
	Sums   Sums

	now  time.Time
	made int

	pods      []*pod
	endpoints []*pod // as of the last step
	waiting   []*request
	replicas  int // of the standard Deployment
	exists    bool
	reserves  int // of the reserve Deployment
	everReady bool

	activity   decide.Activity
	since      time.Time
	timedOut   bool
	desired    int
	poked      bool
	load       load
	window     []sample
	panicSince time.Time
	panicPods  int
	nextTick   time.Time
	nextReport time.Time

	gateClosed bool      // on the revision
	gateSince  time.Time // of that
	gateHolds  bool      // known to the autoscaler
	memory     decide.Memory
	unreported time.Time // since when
}

// New is a revision whose first standard pod starts.
func New(config Config) *Cluster {
	c := &Cluster{Config: config, now: config.Start, since: config.Start, replicas: 1, desired: 1}
	c.nextTick, c.nextReport = c.now.Add(tickInterval), c.now.Add(reportInterval)
	return c
}

// Now is the time of the model.
func (c *Cluster) Now() time.Time { return c.now }

// Step lets time pass.
func (c *Cluster) Step(step time.Duration) {
	c.work(step)
	c.spend(step)
	c.now = c.now.Add(step)
	if !c.now.Before(c.nextReport) {
		c.nextReport = c.nextReport.Add(reportInterval)
		c.measure()
	}
	c.autoscale()
	c.scale(false, c.replicas)
	c.scale(true, c.reserves)
	for _, p := range c.pods {
		c.run(p)
	}
	c.sweep()
	c.connect()
	if !c.now.Before(c.gateSince.Add(c.GateLag)) {
		c.gateHolds = c.gateClosed
	}
	if !c.Faults.Unreported {
		c.unreported = c.now
	}
}

// connect brings the endpoints up to date.
func (c *Cluster) connect() {
	c.endpoints = c.endpoints[:0]
	for _, p := range c.pods {
		if p.attached && p.ready(c.now) {
			c.endpoints = append(c.endpoints, p)
		}
	}
	c.everReady = c.everReady || len(c.endpoints) > 0
	c.release()
}

// spend adds a step to the sums.
func (c *Cluster) spend(step time.Duration) {
	for _, p := range c.pods {
		switch {
		case !p.running():
		case p.reserve:
			c.Sums.Reserve += step
		default:
			c.Sums.Standard += step
		}
	}
	if c.replicas == 0 {
		c.Sums.Absent += step
	}
	if c.everReady && len(c.endpoints) == 0 {
		c.Sums.Gap += step
	}
}

// Standing is the number of pods that answer requests.
func (c *Cluster) Standing() int { return len(c.endpoints) }

// InFlight is the number of requests that wait or are being answered.
func (c *Cluster) InFlight() int {
	n := len(c.waiting)
	for _, p := range c.pods {
		n += len(p.requests)
	}
	return n
}

// ReservePods is the number of pods of the reserve Deployment that run.
func (c *Cluster) ReservePods() int {
	return c.count(func(p *pod) bool { return p.reserve && p.alive() })
}

// Counted is the number of reserve pods that the autoscaler counts.
func (c *Cluster) Counted() int {
	return c.count(func(p *pod) bool { return p.reserve && p.alive() && p.counted })
}

func (c *Cluster) count(match func(*pod) bool) int {
	n := 0
	for _, p := range c.pods {
		if match(p) {
			n++
		}
	}
	return n
}
