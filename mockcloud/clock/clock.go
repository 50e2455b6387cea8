package clock

import (
	"container/heap"
	"sync"
	"time"

	kclock "k8s.io/utils/clock"
)

// Clock is the cloud's time. It is safe for concurrent use.
type Clock struct {
	base kclock.WithDelayedExecution

	firing sync.Mutex // held while callbacks run: one at a time

	mu     sync.Mutex
	speed  float64
	origin time.Time // base time at which the cloud's time was anchor
	anchor time.Time
	timers timerHeap
	serial uint64
	wake   kclock.Timer
	closed bool
}

// New returns a clock that shows the base's time and runs at speed (1 is the
// base's own, 0 stands still). A nil base is the machine's clock.
func New(base kclock.WithDelayedExecution, speed float64) *Clock {
	if base == nil {
		base = kclock.RealClock{}
	}
	now := base.Now()
	return &Clock{base: base, speed: max(speed, 0), origin: now, anchor: now.Round(0).UTC()}
}

// Now is the cloud's moment, in UTC.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now()
}

// Speed is how many seconds of the cloud pass in one of the base clock.
func (c *Clock) Speed() float64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.speed
}

// SetSpeed changes the speed from now on; negative values stand still.
func (c *Clock) SetSpeed(speed float64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.set(c.now())
	c.speed = max(speed, 0)
	c.arm()
}

// Advance moves the clock ahead and runs what falls due on the way, each at
// its own moment, before it returns. It must not be called from a callback.
func (c *Clock) Advance(d time.Duration) {
	c.firing.Lock()
	defer c.firing.Unlock()
	target := c.Now().Add(d)
	for {
		t := c.stepTo(target)
		if t == nil {
			return
		}
		t.f()
	}
}

// Close stops the clock: no callback starts afterwards.
func (c *Clock) Close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = true
	c.timers = nil
	c.arm()
}

// stepTo moves to the earliest timer up to target and takes it, or moves to
// target and answers nil.
func (c *Clock) stepTo(target time.Time) *Timer {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.timers) == 0 || c.timers[0].when.After(target) {
		if target.After(c.now()) {
			c.set(target)
		}
		c.arm()
		return nil
	}
	t := heap.Pop(&c.timers).(*Timer)
	if t.when.After(c.now()) {
		c.set(t.when)
	}
	return t
}

// fire runs what is due; the base clock calls it.
func (c *Clock) fire() {
	c.firing.Lock()
	defer c.firing.Unlock()
	for {
		t := c.due()
		if t == nil {
			return
		}
		t.f()
	}
}

func (c *Clock) due() *Timer {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.timers) == 0 || c.timers[0].when.After(c.now()) {
		c.arm()
		return nil
	}
	return heap.Pop(&c.timers).(*Timer)
}

func (c *Clock) now() time.Time {
	elapsed := c.base.Since(c.origin)
	return c.anchor.Add(time.Duration(float64(elapsed) * c.speed))
}

func (c *Clock) set(now time.Time) {
	c.origin, c.anchor = c.base.Now(), now
}

// arm has the base clock call fire when the earliest timer is due.
func (c *Clock) arm() {
	if c.wake != nil {
		c.wake.Stop()
		c.wake = nil
	}
	if c.closed || c.speed == 0 || len(c.timers) == 0 {
		return
	}
	wait := c.timers[0].when.Sub(c.now())
	c.wake = c.base.AfterFunc(time.Duration(float64(wait)/c.speed)+1, func() { go c.fire() })
}
