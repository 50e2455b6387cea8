package balancer

import (
	"sync"
	"sync/atomic"
	"time"

	kclock "k8s.io/utils/clock"
)

// watchdog calls expire once when it has not been touched for its limit.
// Touching is cheap: the timer is only moved when it goes off too early.
type watchdog struct {
	clock  kclock.WithDelayedExecution
	limit  time.Duration
	expire func()

	touched atomic.Int64 // moment of the last touch, in nanoseconds
	asleep  atomic.Bool

	mu    sync.Mutex
	timer kclock.Timer // nil before the start and once it is over
}

func newWatchdog(clock kclock.WithDelayedExecution, limit time.Duration, expire func()) *watchdog {
	return &watchdog{clock: clock, limit: limit, expire: expire}
}

// start begins the watch.
func (w *watchdog) start() {
	w.touch()
	w.mu.Lock()
	defer w.mu.Unlock()
	w.timer = w.arm(w.limit)
}

// touch starts the limit anew.
func (w *watchdog) touch() { w.touched.Store(w.clock.Now().UnixNano()) }

// sleep lets time pass that is not to be counted, until wake.
func (w *watchdog) sleep() { w.asleep.Store(true) }

// wake counts again, from the start.
func (w *watchdog) wake() {
	w.touch()
	w.asleep.Store(false)
}

// stop ends the watch for good.
func (w *watchdog) stop() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.timer != nil {
		w.timer.Stop()
		w.timer = nil
	}
}

// arm is done on a goroutine of its own, as a clock may call while it holds
// its lock.
func (w *watchdog) arm(wait time.Duration) kclock.Timer {
	return w.clock.AfterFunc(wait, func() { go w.look() })
}

func (w *watchdog) look() {
	if w.overdue() {
		w.expire()
	}
}

// overdue reports whether the limit has passed, and otherwise waits for what
// is left of it.
func (w *watchdog) overdue() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.timer == nil {
		return false
	}
	left := w.limit
	if !w.asleep.Load() {
		left -= w.clock.Since(time.Unix(0, w.touched.Load()))
	}
	if left <= 0 {
		w.timer = nil
		return true
	}
	w.timer = w.arm(left)
	return false
}
