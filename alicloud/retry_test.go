package alicloud

import (
	"context"
	"errors"
	"net/http"
	"runtime"
	"testing"
	"time"

	clocktesting "k8s.io/utils/clock/testing"
)

func TestRetries(t *testing.T) {
	tests := []struct {
		name    string
		answer  http.HandlerFunc
		once    bool
		want    int // requests when the failure comes once
		succeed bool
	}{
		{name: "throttled", answer: fail(400, "Throttling.User", "slow down"), want: 2, succeed: true},
		{name: "5xx", answer: fail(503, "ServiceUnavailable", ""), want: 2, succeed: true},
		{name: "unknown code with 5xx", answer: fail(500, "Whatever", ""), want: 2, succeed: true},
		{name: "no JSON with 5xx", answer: func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(502) }, want: 2, succeed: true},
		{name: "lost answer", answer: hangUp, want: 2, succeed: true},
		{name: "nonce used", answer: fail(400, "SignatureNonceUsed", ""), want: 2, succeed: true},
		{name: "invalid", answer: fail(400, "InvalidParameter.X", ""), want: 1},
		{name: "forbidden", answer: fail(403, "Forbidden.RAM", ""), want: 1},
		{name: "wrong key", answer: fail(404, "InvalidAccessKeyId.NotFound", ""), want: 1},
		{name: "unknown", answer: fail(400, "Whatever", ""), want: 1},
		{name: "once: lost answer", answer: hangUp, once: true, want: 1},
		{name: "once: 5xx", answer: fail(500, "InternalError", ""), once: true, want: 1},
		{name: "once: throttled", answer: fail(400, "Throttling", ""), once: true, want: 2, succeed: true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newServer(t, tt.answer, ok("{}"))
			params := map[string]string{"ClientToken": "token-1", "A": "b"}
			err := newTestClient(t, s, nil).Call(context.Background(),
				Request{Product: testProduct, Action: "Do", Params: params, Once: tt.once}, nil)
			if (err == nil) != tt.succeed {
				t.Errorf("error %v", err)
			}
			got := s.requests()
			if len(got) != tt.want {
				t.Fatalf("%d requests, want %d", len(got), tt.want)
			}
			if len(got) < 2 {
				return
			}
			if got[0].get("ClientToken") != "token-1" || got[1].get("ClientToken") != "token-1" {
				t.Error("the repeat must carry the same ClientToken")
			}
			if got[0].get("SignatureNonce") == got[1].get("SignatureNonce") {
				t.Error("the repeat must carry its own nonce")
			}
		})
	}
}

func TestRetriesEnd(t *testing.T) {
	s := newServer(t, fail(500, "InternalError", "broken"))
	err := call(t, newTestClient(t, s, nil), "Do", nil)
	var e *Error
	if !errors.As(err, &e) || e.Code != "InternalError" {
		t.Fatalf("got %v", err)
	}
	if n := len(s.requests()); n != 4 {
		t.Errorf("%d requests, want 4", n)
	}
}

func TestPause(t *testing.T) {
	most := func(n int64) int64 { return n - 1 }
	p := RetryPolicy{Base: 100 * time.Millisecond, ThrottleBase: time.Second, Cap: 5 * time.Second, Jitter: most}
	tests := []struct {
		n     int
		class Class
		want  time.Duration
	}{
		{0, ClassService, 100 * time.Millisecond},
		{3, ClassTransport, 800 * time.Millisecond},
		{0, ClassThrottled, time.Second},
		{2, ClassThrottled, 4 * time.Second},
		{40, ClassService, 5 * time.Second},
	}
	for _, tt := range tests {
		if got := p.pause(tt.n, tt.class); got != tt.want-1 {
			t.Errorf("pause(%d, %d) = %v, want just below %v", tt.n, tt.class, got, tt.want)
		}
	}
	p.Jitter = func(int64) int64 { return 0 }
	if got := p.pause(3, ClassService); got != 0 {
		t.Errorf("full jitter starts at zero, got %v", got)
	}
}

func TestRetryGivesUpWithContext(t *testing.T) {
	s := newServer(t, fail(400, "Throttling", "slow down"))
	clock := clocktesting.NewFakeClock(time.Now())
	c := newTestClient(t, s, func(cfg *Config) {
		cfg.Clock = clock
		cfg.Retry = &RetryPolicy{Attempts: 9, Base: time.Hour, ThrottleBase: time.Hour, Cap: time.Hour, Jitter: func(n int64) int64 { return n - 1 }}
	})
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		for !clock.HasWaiters() {
			runtime.Gosched()
		}
		cancel()
	}()
	err := c.Call(ctx, Request{Product: testProduct, Action: "Do"}, nil)
	if !errors.Is(err, context.Canceled) || !IsThrottled(err) {
		t.Fatalf("got %v: it must tell both the cause and who gave up", err)
	}
	if n := len(s.requests()); n != 1 {
		t.Errorf("%d requests, want 1", n)
	}
}
