package rpc

import (
	"sync"
	"time"
)

// Limit is how often an account may call an action: a bucket of Burst calls
// that refills by Refill calls in Per. The zero Limit is none.
type Limit struct {
	Burst  int
	Refill int
	Per    time.Duration
}

// PerMinute is a limit that is documented as "n per 60 s".
func PerMinute(n int) Limit { return Limit{Burst: n, Refill: n, Per: time.Minute} }

// limiter keeps one bucket per action.
type limiter struct {
	now func() time.Time

	mu      sync.Mutex
	lifted  bool
	buckets map[string]*bucket
}

type bucket struct {
	tokens float64
	at     time.Time
}

func newLimiter(now func() time.Time, lifted bool) *limiter {
	return &limiter{now: now, lifted: lifted, buckets: map[string]*bucket{}}
}

// lift switches all limits off or on; switched on, buckets start full.
func (l *limiter) lift(lifted bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lifted = lifted
	clear(l.buckets)
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
	b, ok := l.buckets[action]
	if !ok {
		b = &bucket{tokens: float64(limit.Burst), at: now}
		l.buckets[action] = b
	}
	refill := float64(limit.Refill) * float64(now.Sub(b.at)) / float64(limit.Per)
	b.tokens, b.at = min(b.tokens+refill, float64(limit.Burst)), now
	if b.tokens < 1 {
		return false
	}
	b.tokens--
	return true
}
