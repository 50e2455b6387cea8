package credits

import (
	"testing"
	"time"
)

func TestInterval(t *testing.T) {
	for _, test := range []struct {
		pods          int
		interval, gap time.Duration
	}{
		{0, 15 * time.Second, 15 * time.Second},
		{1, 15 * time.Second, 15 * time.Second},
		{20, 15 * time.Second, 15 * time.Second},
		{21, 25 * time.Second, 12500 * time.Millisecond},
		{100, 62500 * time.Millisecond, 12500 * time.Millisecond},
		{5000, 52*time.Minute + 5*time.Second, 12500 * time.Millisecond},
	} {
		if got := Interval(test.pods); got != test.interval {
			t.Errorf("Interval(%d) = %v, want %v", test.pods, got, test.interval)
		}
		if got := gap(test.pods); got != test.gap {
			t.Errorf("gap(%d) = %v, want %v", test.pods, got, test.gap)
		}
	}
}

func TestTheQuotaShareStaysUnderOnePercent(t *testing.T) {
	for pods := range 20_000 {
		perMinute := float64(calls(pods)) * float64(time.Minute) / float64(Interval(pods))
		if perMinute >= 0.01*500 {
			t.Fatalf("%d pods: %.2f calls a minute of 500", pods, perMinute)
		}
		if time.Duration(calls(pods))*gap(pods) > Interval(pods) {
			t.Fatalf("%d pods: a round of calls takes longer than the interval", pods)
		}
	}
}
