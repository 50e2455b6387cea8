package clock

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	testclock "k8s.io/utils/clock/testing"
)

var epoch = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func TestAdvanceRunsTimersInOrderAtTheirOwnMoment(t *testing.T) {
	c := New(testclock.NewFakeClock(epoch), 0)
	var got []time.Duration
	note := func() { got = append(got, c.Now().Sub(epoch)) }
	c.AfterFunc(3*time.Second, note)
	c.AfterFunc(time.Second, func() {
		note()
		c.AfterFunc(time.Second, note)
	})
	c.AfterFunc(time.Minute, note)

	c.Advance(10 * time.Second)

	want := []time.Duration{time.Second, 2 * time.Second, 3 * time.Second}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("moments (-want +got):\n%s", diff)
	}
	if now := c.Now().Sub(epoch); now != 10*time.Second {
		t.Errorf("now = %v after Advance(10s)", now)
	}
}

func TestEqualMomentsRunInTheOrderTheyWereAsked(t *testing.T) {
	c := New(testclock.NewFakeClock(epoch), 0)
	var got []int
	for i := range 20 {
		c.AfterFunc(time.Second, func() { got = append(got, i) })
	}
	c.Advance(time.Second)
	for i, v := range got {
		if i != v {
			t.Fatalf("order %v", got)
		}
	}
	if len(got) != 20 {
		t.Fatalf("%d callbacks ran, want 20", len(got))
	}
}

func TestStopKeepsACallbackFromRunning(t *testing.T) {
	c := New(testclock.NewFakeClock(epoch), 0)
	ran := false
	timer := c.AfterFunc(time.Second, func() { ran = true })
	if !timer.Stop() {
		t.Error("Stop of a waiting timer = false")
	}
	if timer.Stop() {
		t.Error("second Stop = true")
	}
	c.Advance(time.Minute)
	if ran {
		t.Error("stopped callback ran")
	}
}

func TestSpeedMultipliesTheBaseClock(t *testing.T) {
	base := testclock.NewFakeClock(epoch)
	c := New(base, 10)
	fired := make(chan time.Time, 1)
	c.AfterFunc(time.Minute, func() { fired <- c.Now() })

	base.Step(5 * time.Second)
	if got := c.Now().Sub(epoch); got != 50*time.Second {
		t.Errorf("after 5 s at speed 10 the clock shows %v", got)
	}
	select {
	case at := <-fired:
		t.Fatalf("timer of 60 s fired at %v", at.Sub(epoch))
	default:
	}
	base.Step(2 * time.Second)
	if at := (<-fired).Sub(epoch); at < time.Minute {
		t.Errorf("timer of 60 s fired at %v", at)
	}
}

func TestSetSpeedKeepsTheMomentAndRearms(t *testing.T) {
	base := testclock.NewFakeClock(epoch)
	c := New(base, 0)
	fired := make(chan struct{})
	c.AfterFunc(time.Hour, func() { close(fired) })
	base.Step(time.Minute)
	if !c.Now().Equal(epoch) {
		t.Errorf("a standing clock shows %v", c.Now())
	}
	c.SetSpeed(3600)
	base.Step(2 * time.Second)
	<-fired
}

func TestCloseEndsAllCallbacks(t *testing.T) {
	c := New(testclock.NewFakeClock(epoch), 0)
	c.AfterFunc(time.Second, func() { t.Error("callback ran after Close") })
	c.Close()
	c.AfterFunc(time.Second, func() { t.Error("callback of a closed clock ran") })
	c.Advance(time.Minute)
}
