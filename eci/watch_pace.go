package eci

import (
	"sync"
	"time"
)

const (
	// hurryFor is how long changes are expected after Hurry: the time from a
	// create to a running group is said to be about 10 s.
	hurryFor = 15 * time.Second
	// errorSlow bounds the pause after failures in a row.
	errorSlow = 30 * time.Second
)

// pace decides when to look: often while something is going on, ever more
// seldom in calm times, and seldom when looking fails.
type pace struct {
	fast, slow time.Duration

	mu       sync.Mutex
	last     time.Time // start of the last look
	pause    time.Duration
	failures int
	until    time.Time // end of the hurry
}

// looked notes a look that began at start.
func (p *pace) looked(start time.Time, busy bool, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.last = start
	switch {
	case err != nil:
		p.failures++
		p.pause = min(p.fast<<min(p.failures, 10), errorSlow)
	case busy || start.Before(p.until):
		p.failures, p.pause = 0, p.fast
	default:
		p.failures, p.pause = 0, min(max(p.pause, p.fast)*3/2, p.slow)
	}
}

// hurry shortens the pause, unless looking fails.
func (p *pace) hurry(now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.until = now.Add(hurryFor)
	if p.failures == 0 {
		p.pause = p.fast
	}
}

// due is when to look next.
func (p *pace) due() time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.last.Add(p.pause)
}
