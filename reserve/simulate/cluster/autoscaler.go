package cluster

import (
	"math"
	"time"

	"github.com/ebb-node/ebb/reserve/decide"
)

// load is what is measured in one second, by who tells of it.
type load struct {
	proxied float64 // the activator
	scraped float64 // the pods that the autoscaler counts
	reserve float64 // the reserve, which is told of if there is somebody who does
}

// measure closes a second: what was counted goes into the window, and the reserve's
// load is reported as ebb does. A report wakes an autoscaler that wants none.
func (c *Cluster) measure() {
	for _, p := range c.pods {
		if p.busy > p.told {
			p.told = p.busy
			p.asked = append(p.asked[max(0, len(p.asked)+1-askedReads):], c.now)
		}
	}
	value := c.load.proxied + c.load.scraped
	if c.reports() {
		value += c.load.reserve
		if c.desired == 0 && c.load.reserve > 0 {
			c.poked = true
		}
	}
	// No statistic at all is not a zero: the window grows old instead (serving
	// pkg/autoscaler/metrics/collector.go).
	if value > 0 || c.countedReady() > 0 {
		c.window = append(c.window, sample{c.now, value})
	}
	for len(c.window) > 0 && c.now.Sub(c.window[0].at) >= c.Knative.StableWindow {
		c.window = c.window[1:]
	}
	c.load = load{}
}

type sample struct {
	at    time.Time
	value float64
}

func (c *Cluster) reports() bool { return !c.Faults.Unreported && !c.Faults.Away }

// mean is the average of the samples of a window.
func (c *Cluster) mean(window time.Duration) float64 {
	sum, n := 0.0, 0
	for _, s := range c.window {
		if c.now.Sub(s.at) < window {
			sum, n = sum+s.value, n+1
		}
	}
	if n == 0 {
		return 0
	}
	return sum / float64(n)
}

// countedReady is the number of ready pods that the autoscaler knows of.
func (c *Cluster) countedReady() int {
	n := 0
	for _, p := range c.pods {
		if p.ready(c.now) && (!p.reserve || p.counted) {
			n++
		}
	}
	return n
}

// autoscale lets the autoscaler act: with each tick, and when it is poked.
func (c *Cluster) autoscale() {
	due := !c.now.Before(c.nextTick)
	if due {
		c.nextTick = c.nextTick.Add(tickInterval)
	}
	if c.Faults.Silent {
		c.window, c.poked = nil, false
		return
	}
	if due || c.poked {
		c.poked = false
		c.tick()
	}
	c.reconcile()
}

// tick finds the scale that is wanted: within the rates of growth 1000 and decline
// 2, from the stable window, or from the panic window of a tenth when that asks for
// twice what is there (serving pkg/autoscaler/scaling/autoscaler.go).
func (c *Cluster) tick() {
	if len(c.window) == 0 {
		return
	}
	ready := max(1, float64(c.countedReady()))
	within := func(value float64) int {
		return int(math.Min(math.Max(math.Ceil(value/c.Knative.Target), math.Floor(ready/2)), 1000*ready))
	}
	stable, panicked := within(c.mean(c.Knative.StableWindow)), within(c.mean(c.Knative.StableWindow/10))
	switch {
	case float64(panicked)/ready >= 2:
		c.panicSince = c.now
	case !c.panicSince.IsZero() && c.now.Sub(c.panicSince) > c.Knative.StableWindow:
		c.panicSince, c.panicPods = time.Time{}, 0
	}
	if !c.panicSince.IsZero() {
		c.panicPods = max(c.panicPods, stable, panicked)
		stable = c.panicPods
	}
	c.desired = max(stable, c.Knative.MinScale)
}

// reconcile applies the wanted scale and says whether the revision is active
// (serving pkg/reconciler/autoscaling/kpa/{scaler,kpa}.go).
func (c *Cluster) reconcile() {
	want := c.desired
	switch {
	case want > 0:
		c.replicas = want
	case c.activity == decide.Activation && c.countedReady() > 0:
		c.become(decide.Serving)
		return
	case c.activity == decide.Activation:
		if c.inState() > c.Knative.ProgressDeadline+activationBuffer {
			c.replicas, c.timedOut = 0, true
			c.become(decide.Idle)
		}
		return
	case c.activity == decide.Serving:
		if c.inState() < c.Knative.StableWindow {
			c.replicas = min(1, c.replicas)
			return
		}
		c.timedOut = false
		c.become(decide.Idle)
		return
	case c.inState() >= c.retention():
		c.replicas = 0 // in Proxy mode for longer than the grace period: at once
		return
	default:
		return
	}
	if c.countedReady() > 0 {
		c.become(decide.Serving)
	} else {
		c.become(decide.Activation)
	}
}

func (c *Cluster) inState() time.Duration { return c.now.Sub(c.since) }

func (c *Cluster) become(a decide.Activity) {
	if c.activity != a {
		c.activity, c.since = a, c.now
	}
}

// retention is what the autoscaler has been told by the revision.
func (c *Cluster) retention() time.Duration {
	if c.gateHolds {
		return max(gateHold, c.Knative.Retention)
	}
	return c.Knative.Retention
}
