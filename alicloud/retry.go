package alicloud

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"k8s.io/utils/clock"
)

// RetryPolicy says how often and after how long a call is repeated: the n-th
// pause is a random time between zero and Base * 2^n, at most Cap.
type RetryPolicy struct {
	Attempts int // in total
	Base     time.Duration
	// ThrottleBase takes the place of Base when the quota is used up.
	ThrottleBase time.Duration
	Cap          time.Duration
	// Jitter picks from [0, n); default a random one.
	Jitter func(n int64) int64
}

// DefaultRetry repeats for about 15 s, which outlasts a blip and leaves longer
// failures to the caller, who can tell somebody. A throttled call waits longer:
// documented quotas refill over 60 s windows or at 20 a second.
func DefaultRetry() RetryPolicy {
	return RetryPolicy{Attempts: 6, Base: 200 * time.Millisecond, ThrottleBase: time.Second, Cap: 10 * time.Second}
}

// pause is how long to wait after the n-th failure, counted from zero.
func (p RetryPolicy) pause(n int, class Class) time.Duration {
	base := p.Base
	if class == ClassThrottled {
		base = p.ThrottleBase
	}
	limit := min(base<<min(n, 16), p.Cap)
	jitter := p.Jitter
	if jitter == nil {
		jitter = rand.Int64N
	}
	return time.Duration(jitter(int64(max(limit, 1))))
}

// repeatable reports whether r may be sent again after err.
func repeatable(r *Request, err error) bool {
	class := ClassOf(err)
	if r.Once && (class == ClassTransport || class == ClassService) {
		return false
	}
	return class.passes()
}

// retried repeats what passes by itself, with the same parameters and so the
// same ClientToken; signing anew gives each attempt its own nonce. A key that
// has just expired is replaced and tried once more.
func retried(next sender, p RetryPolicy, c clock.Clock) sender {
	return func(ctx context.Context, r *Request) ([]byte, error) {
		renewed := false
		for n := 0; ; n++ {
			body, err := next(ctx, r)
			if err == nil {
				return body, nil
			}
			if expiredKey(err) && !renewed {
				renewed = true
				continue
			}
			if !repeatable(r, err) || n+1 >= p.Attempts {
				return nil, err
			}
			if stop := sleep(ctx, c, p.pause(n, ClassOf(err))); stop != nil {
				return nil, fmt.Errorf("%w; gave up after %d attempts: %w", err, n+1, stop)
			}
		}
	}
}

// expiredKey reports a key that was refused and has been thrown away.
func expiredKey(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.renewed
}

// sleep waits for d or for the end of ctx, and returns ctx's error in that
// case.
func sleep(ctx context.Context, c clock.Clock, d time.Duration) error {
	timer := c.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C():
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
