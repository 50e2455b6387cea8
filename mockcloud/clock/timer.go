package clock

import (
	"container/heap"
	"time"
)

// Timer is a callback that waits for its moment.
type Timer struct {
	clock  *Clock
	when   time.Time
	serial uint64
	index  int // in the heap; -1: not in it
	f      func()
}

// AfterFunc has f called when d has passed on this clock. f runs on the
// clock's own time, after earlier callbacks and before later ones, so it must
// not block. A d of zero or less is due at once, but never inside AfterFunc.
func (c *Clock) AfterFunc(d time.Duration, f func()) *Timer {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.serial++
	t := &Timer{clock: c, when: c.now().Add(max(d, 0)), serial: c.serial, index: -1, f: f}
	if c.closed {
		return t
	}
	heap.Push(&c.timers, t)
	if t.index == 0 {
		c.arm()
	}
	return t
}

// Stop reports whether it kept the callback from running.
func (t *Timer) Stop() bool {
	c := t.clock
	c.mu.Lock()
	defer c.mu.Unlock()
	if t.index < 0 || t.index >= len(c.timers) || c.timers[t.index] != t {
		return false
	}
	heap.Remove(&c.timers, t.index)
	return true
}

// timerHeap orders timers by moment, then by age.
type timerHeap []*Timer

func (h timerHeap) Len() int { return len(h) }

func (h timerHeap) Less(i, j int) bool {
	if h[i].when.Equal(h[j].when) {
		return h[i].serial < h[j].serial
	}
	return h[i].when.Before(h[j].when)
}

func (h timerHeap) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].index, h[j].index = i, j
}

func (h *timerHeap) Push(x any) {
	t := x.(*Timer)
	t.index = len(*h)
	*h = append(*h, t)
}

func (h *timerHeap) Pop() any {
	old := *h
	t := old[len(old)-1]
	old[len(old)-1] = nil
	*h = old[:len(old)-1]
	t.index = -1
	return t
}
