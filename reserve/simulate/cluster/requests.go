package cluster

import "time"

// request is one request, from its arrival to its answer.
type request struct {
	at      time.Time // of arrival
	takes   time.Duration
	left    time.Duration
	pod     *pod // nil: it waits
	proxied bool // by the activator, which counts it
}

// Arrive adds a request that takes so long once a pod has it.
func (c *Cluster) Arrive(takes time.Duration) {
	r := &request{at: c.now, takes: takes, left: takes}
	c.Sums.Requests++
	if !c.dispatch(r) {
		if len(c.waiting) == 0 {
			c.Sums.ColdStarts++
		}
		c.waiting = append(c.waiting, r)
	}
}

// dispatch gives a request to one of the endpoints, if there is one. The activator
// counts what passes through it, and reports the first request at once, which wakes
// an autoscaler that wants none (serving pkg/activator/handler/concurrency_reporter.go,
// pkg/autoscaler/scaling/multiscaler.go).
func (c *Cluster) dispatch(r *request) bool {
	r.proxied = !c.Direct || len(c.endpoints) == 0
	if r.proxied && c.desired == 0 && !c.poked {
		c.window = append(c.window, sample{c.now, 1})
		c.poked = true
	}
	if len(c.endpoints) == 0 {
		return false
	}
	p := c.endpoints[c.Rand.IntN(len(c.endpoints))]
	r.pod = p
	p.requests = append(p.requests, r)
	c.answered(r)
	return true
}

// answered books how long a request has waited for a pod.
func (c *Cluster) answered(r *request) {
	wait := c.now.Sub(r.at)
	c.Sums.Waited += wait
	c.Sums.LongestWait = max(c.Sums.LongestWait, wait)
	if wait > 0 {
		c.Sums.Late++
	}
	if r.pod.reserve {
		c.Sums.ByReserve++
	}
}

// release gives waiting requests to the endpoints that have come up.
func (c *Cluster) release() {
	if len(c.endpoints) == 0 {
		return
	}
	waiting := c.waiting
	c.waiting = nil
	for _, r := range waiting {
		r.proxied = true
		p := c.endpoints[c.Rand.IntN(len(c.endpoints))]
		r.pod = p
		p.requests = append(p.requests, r)
		c.answered(r)
	}
}

// work passes time on requests, and returns the load by who counts it: requests in
// flight times seconds.
func (c *Cluster) work(step time.Duration) {
	c.load.proxied += float64(len(c.waiting)) * step.Seconds()
	for _, p := range c.pods {
		left := p.requests[:0]
		var busy time.Duration
		for _, r := range p.requests {
			d := min(step, r.left)
			busy += d
			c.book(p, r, d.Seconds())
			if r.left -= d; r.left > 0 {
				left = append(left, r)
			}
		}
		clear(p.requests[len(left):])
		p.requests = left
		c.busy(p, busy, step)
	}
}

// book counts a part of a request with whoever tells the autoscaler of it.
func (c *Cluster) book(p *pod, r *request, seconds float64) {
	switch {
	case r.proxied:
		c.load.proxied += seconds
	case !p.reserve, p.counted:
		c.load.scraped += seconds
	default:
		c.load.reserve += seconds
	}
}

// busy keeps what is seen of a pod's load.
func (c *Cluster) busy(p *pod, busy, step time.Duration) {
	p.busy += busy
	if busy > 0 || p.attached {
		p.idleFor = 0
	} else {
		p.idleFor += step
	}
}
