package alicloud

import (
	"context"
	"errors"
	"math"
	"runtime"
	"testing"
	"time"

	"golang.org/x/time/rate"
	clocktesting "k8s.io/utils/clock/testing"
)

// drain makes n calls one after the other and returns how long they took by
// the clock, which moves only while a call waits for it.
func drain(c *clocktesting.FakeClock, n int, call func()) time.Duration {
	start := c.Now()
	stop := make(chan struct{})
	stopped := make(chan struct{})
	go func() { step(c, 10*time.Millisecond, stop); close(stopped) }()
	for range n {
		call()
	}
	close(stop)
	<-stopped
	return c.Since(start)
}

func TestLimitIsPerAction(t *testing.T) {
	s := newServer(t, ok("{}"))
	clock := clocktesting.NewFakeClock(time.Unix(1_000_000, 0))
	c := newTestClient(t, s, func(cfg *Config) { cfg.Clock = clock })
	// Two at once, then ten a second: 12 calls take a second.
	took := drain(clock, 12, func() {
		if err := call(t, c, "Limited", nil); err != nil {
			t.Error(err)
		}
	})
	if took != time.Second {
		t.Errorf("12 limited calls took %v, want 1 s", took)
	}
	if took := drain(clock, 12, func() { _ = call(t, c, "Other", nil) }); took != 0 {
		t.Errorf("an action without a limit waited %v", took)
	}
}

func TestLimitOverrides(t *testing.T) {
	s := newServer(t, ok("{}"))
	for name, change := range map[string]func(*Config){
		"unlimited": func(c *Config) { c.Unlimited = true },
		"override":  func(c *Config) { c.Limits = map[string]Limit{"Shop.Limited": {Rate: 1, Burst: 50}} },
	} {
		clock := clocktesting.NewFakeClock(time.Unix(1_000_000, 0))
		c := newTestClient(t, s, func(cfg *Config) { cfg.Clock = clock; change(cfg) })
		if took := drain(clock, 50, func() { _ = call(t, c, "Limited", nil) }); took != 0 {
			t.Errorf("%s: waited %v", name, took)
		}
	}
}

func TestLimitWaitEndsWithContext(t *testing.T) {
	clock := clocktesting.NewFakeClock(time.Now())
	b := newBucket(Limit{Rate: 0.001, Burst: 1}, clock.Now())
	if err := b.wait(context.Background(), clock); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithDeadline(context.Background(), clock.Now().Add(time.Minute))
	defer cancel()
	if err := b.wait(ctx, clock); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a wait that cannot end in time must fail at once, got %v", err)
	}
	gone, stop := context.WithCancel(context.Background())
	go func() {
		for !clock.HasWaiters() {
			runtime.Gosched()
		}
		stop()
	}()
	if err := b.wait(gone, clock); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestBucketAdapts(t *testing.T) {
	now := time.Unix(1_000_000, 0)
	b := newBucket(Limit{Rate: 20, Burst: 100}, now)
	rateIs := func(want float64, burst int) {
		t.Helper()
		if got := float64(b.tokens.Limit()); math.Abs(got-want) > 0.01 || b.tokens.Burst() != burst {
			t.Errorf("rate %.2f burst %d, want %.2f burst %d", got, b.tokens.Burst(), want, burst)
		}
	}
	b.learn(now, false)
	rateIs(20, 100)
	now = now.Add(5 * time.Second)
	for range 10 { // refusals of calls under way together
		b.learn(now, true)
	}
	rateIs(16, 1)
	if got := b.tokens.TokensAt(now); got > 1 {
		t.Errorf("%v tokens left after a refusal", got)
	}
	now = now.Add(2 * time.Second)
	b.learn(now, true)
	rateIs(12.8, 1)
	now = now.Add(5 * time.Second)
	b.learn(now, false)
	rateIs(17.8, 1)
	now = now.Add(5 * time.Second)
	b.learn(now, false)
	rateIs(20, 100)
	for range 20 {
		now = now.Add(2 * time.Second)
		b.learn(now, true)
	}
	if got := b.tokens.Limit(); got != rate.Limit(1) {
		t.Errorf("the rate must not fall below a floor of 1, got %v", got)
	}
}

func TestPerMinute(t *testing.T) {
	for _, n := range []int{1, 60, 500, 10000} {
		l := PerMinute(n)
		if most := l.Rate*60 + float64(l.Burst); most > float64(n)+1e-9 {
			t.Errorf("PerMinute(%d) lets %v through in a minute", n, most)
		}
	}
}
