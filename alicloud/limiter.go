package alicloud

import (
	"context"
	"fmt"
	"sync"
	"time"

	"golang.org/x/time/rate"
	"k8s.io/utils/clock"
)

const (
	// throttleCut is what remains of a rate after a refusal. It is mild because
	// a single refusal mostly means that our bucket and the cloud's count from
	// different moments; where others use the account's quota too, refusals
	// add up until the share that is left is found.
	throttleCut = 0.8
	// throttleFloor is the least share of the documented rate that stays.
	throttleFloor = 0.05
	// throttleOnce makes the refusals of calls that were under way together
	// count as one.
	throttleOnce = time.Second
	// recovery is the time in which a cut rate grows back from nothing to the
	// documented one: a single refusal is forgotten after 4 s.
	recovery = 20 * time.Second
)

// limiters hold a bucket per action.
type limiters struct {
	clock     clock.Clock
	override  map[string]Limit
	unlimited bool

	mu      sync.Mutex
	buckets map[string]*bucket
}

func newLimiters(cfg Config) *limiters {
	return &limiters{clock: cfg.Clock, override: cfg.Limits, unlimited: cfg.Unlimited, buckets: map[string]*bucket{}}
}

// limit decorates a sender: it waits for the action's bucket, and slows the
// bucket down when the cloud refuses all the same.
func (l *limiters) limit(next sender) sender {
	return func(ctx context.Context, r *Request) ([]byte, error) {
		b := l.of(r)
		if b == nil {
			return next(ctx, r)
		}
		if err := b.wait(ctx, l.clock); err != nil {
			return nil, fmt.Errorf("%s %s: waiting for its rate limit: %w", r.Product.Name, r.Action, err)
		}
		body, err := next(ctx, r)
		b.learn(l.clock.Now(), IsThrottled(err))
		return body, err
	}
}

func (l *limiters) of(r *Request) *bucket {
	if l.unlimited {
		return nil
	}
	name := r.Product.Name + "." + r.Action
	l.mu.Lock()
	defer l.mu.Unlock()
	if b, ok := l.buckets[name]; ok {
		return b
	}
	limit, ok := l.override[name]
	if !ok {
		limit, ok = r.Product.Limits[r.Action]
	}
	var b *bucket
	if ok {
		b = newBucket(limit, l.clock.Now())
	}
	l.buckets[name] = b
	return b
}

// bucket is a token bucket whose rate follows what the cloud lets through.
type bucket struct {
	full    Limit
	mu      sync.Mutex
	tokens  *rate.Limiter
	share   float64 // of the full rate
	changed time.Time
}

func newBucket(full Limit, now time.Time) *bucket {
	return &bucket{full: full, tokens: rate.NewLimiter(rate.Limit(full.Rate), full.Burst), share: 1, changed: now}
}

// wait takes a token, or fails at once when ctx ends before there is one.
func (b *bucket) wait(ctx context.Context, c clock.Clock) error {
	now := c.Now()
	r := b.tokens.ReserveN(now, 1)
	d := r.DelayFrom(now)
	if d == 0 {
		return ctx.Err()
	}
	if deadline, ok := ctx.Deadline(); ok && now.Add(d).After(deadline) {
		r.CancelAt(now)
		return context.DeadlineExceeded
	}
	if err := sleep(ctx, c, d); err != nil {
		r.CancelAt(c.Now())
		return err
	}
	return nil
}

// learn cuts the rate and empties the bucket after a refusal, and lets the
// rate grow back with time.
func (b *bucket) learn(now time.Time, throttled bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	since := now.Sub(b.changed)
	switch {
	case throttled && since < throttleOnce && b.share < 1:
		return
	case throttled:
		b.share = max(b.share*throttleCut, throttleFloor)
	case b.share == 1:
		return
	default:
		b.share = min(1, b.share+since.Seconds()/recovery.Seconds())
	}
	b.changed = now
	b.tokens.SetLimitAt(now, rate.Limit(b.full.Rate*b.share))
	b.tokens.SetBurstAt(now, b.burst())
}

// burst is one while the rate is cut: the cloud's own bucket is empty then.
func (b *bucket) burst() int {
	if b.share < 1 {
		return 1
	}
	return b.full.Burst
}
