package rpc

import (
	"testing"
	"time"
)

// within calls n times at a moment and answers how many were let through.
func within(l *limiter, limit Limit, n int) (passed int) {
	for range n {
		if l.take("Set", limit) {
			passed++
		}
	}
	return passed
}

func TestAMinuteHoldsNoMoreThanItsLimit(t *testing.T) {
	now := time.Unix(1_000_000, 0)
	l := newLimiter(func() time.Time { return now }, false)
	limit := PerMinute(90)
	for _, step := range []struct {
		after      time.Duration
		calls, let int
		why        string
	}{
		{0, 60, 60, "at first"},
		{40 * time.Second, 60, 30, "with 60 of the last minute"},
		{20*time.Second - 1, 10, 0, "just before the first 60 are a minute old"},
		{1, 100, 60, "once they are"},
		{40 * time.Second, 100, 30, "once the next 30 are"},
		{time.Hour, 100, 90, "after a rest"},
	} {
		now = now.Add(step.after)
		if got := within(l, limit, step.calls); got != step.let {
			t.Errorf("%s: %d of %d calls were let through, want %d", step.why, got, step.calls, step.let)
		}
	}
}

// TestNoMinuteHoldsMore calls ten times a second and looks at every minute.
func TestNoMinuteHoldsMore(t *testing.T) {
	now := time.Unix(1_000_000, 0)
	l := newLimiter(func() time.Time { return now }, false)
	var let []time.Time
	for range 3000 {
		now = now.Add(100 * time.Millisecond)
		if l.take("Set", PerMinute(90)) {
			let = append(let, now)
		}
	}
	if len(let) != 450 {
		t.Errorf("%d calls were let through in 5 minutes, want 450", len(let))
	}
	for i := range let[90:] {
		if took := let[i+90].Sub(let[i]); took < time.Minute {
			t.Fatalf("91 calls within %v", took)
		}
	}
}
