package balancer

import (
	"testing"
	"time"

	testclock "k8s.io/utils/clock/testing"
)

// settle waits until the watchdog, after it went off too early, waits again.
func settle(clock *testclock.FakeClock, w *watchdog) {
	for {
		w.mu.Lock()
		over := w.timer == nil
		w.mu.Unlock()
		if over || clock.HasWaiters() {
			return
		}
	}
}

func TestAWatchdogExpiresAfterSilenceOnly(t *testing.T) {
	clock := testclock.NewFakeClock(time.Unix(1000, 0))
	expired := make(chan time.Time, 1)
	w := newWatchdog(clock, 10*time.Second, func() { expired <- clock.Now() })
	w.start()

	clock.Step(6 * time.Second)
	w.touch()
	clock.Step(6 * time.Second) // goes off, 4 s are left
	settle(clock, w)
	w.sleep()
	clock.Step(time.Minute) // goes off and starts over
	settle(clock, w)
	w.wake()
	select {
	case at := <-expired:
		t.Fatalf("expired at %v", at)
	default:
	}
	clock.Step(10 * time.Second)
	if at := <-expired; at != time.Unix(1082, 0) {
		t.Errorf("expired at %v", at)
	}
}

func TestAStoppedWatchdogStaysSilent(t *testing.T) {
	clock := testclock.NewFakeClock(time.Unix(1000, 0))
	w := newWatchdog(clock, time.Second, func() { t.Error("expired") })
	w.start()
	w.stop()
	clock.Step(time.Hour)
	w.look()
	w.stop()
}
