package rpc

import (
	"slices"
	"sync"
	"time"
)

// Limit is how often an account may call an action. With a Refill it is a
// bucket of Burst calls that regains Refill calls in Per; without one it is a
// sliding window: no Per holds more than Burst calls. Refused calls are not
// counted. The zero Limit is none.
type Limit struct {
	Burst  int
	Refill int
	Per    time.Duration
}

// PerMinute is a limit that is documented as "n per 60 s". Where the 60 s
// begin is not documented; a sliding window is the strictest reading.
func PerMinute(n int) Limit { return Limit{Burst: n, Per: time.Minute} }

// limiter keeps what each action has used of its limit.
type limiter struct {
	now func() time.Time

	mu     sync.Mutex
	lifted bool
	meters map[string]meter
}

// meter counts a call if there is room for it.
type meter interface{ take(now time.Time) bool }

func newLimiter(now func() time.Time, lifted bool) *limiter {
	return &limiter{now: now, lifted: lifted, meters: map[string]meter{}}
}

// lift switches all limits off or on; switched on, nothing of them is used.
func (l *limiter) lift(lifted bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lifted = lifted
	clear(l.meters)
}

func (l *limiter) isLifted() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.lifted
}

// take reports whether a call is within the limit, and counts it if so.
func (l *limiter) take(action string, limit Limit) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.lifted || limit.Burst == 0 {
		return true
	}
	now := l.now()
	m, ok := l.meters[action]
	if !ok {
		m = limit.meter(now)
		l.meters[action] = m
	}
	return m.take(now)
}

// meter is an unused one.
func (l Limit) meter(now time.Time) meter {
	if l.Refill > 0 {
		return &bucket{Limit: l, tokens: float64(l.Burst), at: now}
	}
	return &window{Limit: l}
}

// bucket is a token bucket.
type bucket struct {
	Limit
	tokens float64
	at     time.Time
}

func (b *bucket) take(now time.Time) bool {
	refill := float64(b.Refill) * float64(now.Sub(b.at)) / float64(b.Per)
	b.tokens, b.at = min(b.tokens+refill, float64(b.Burst)), now
	if b.tokens < 1 {
		return false
	}
	b.tokens--
	return true
}

// window is a sliding window.
type window struct {
	Limit
	calls []time.Time // that were let through, oldest first
}

func (w *window) take(now time.Time) bool {
	within := slices.IndexFunc(w.calls, func(call time.Time) bool { return now.Sub(call) < w.Per })
	if within < 0 {
		within = len(w.calls)
	}
	w.calls = w.calls[within:]
	if len(w.calls) >= w.Burst {
		return false
	}
	w.calls = append(w.calls, now)
	return true
}
