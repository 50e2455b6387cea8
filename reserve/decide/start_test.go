package decide_test

import (
	"testing"
	"time"

	"github.com/ebb-node/ebb/reserve/decide"
)

func TestStartInTheAutoscalersPlace(t *testing.T) {
	for _, r := range []struct {
		name string
		see  decide.Observation
		want bool
	}{
		{"no request", observed(reserved(time.Hour), with(pod("a", ready))), false},
		{"the autoscaler has been told a moment ago", observed(reserved(time.Hour), with(pod("a", ready, asked(499*time.Millisecond)))), false},
		{"it has had its time", observed(reserved(time.Hour), with(pod("a", ready, asked(500*time.Millisecond)))), true},
		{"and was told once more", observed(reserved(time.Hour), with(pod("a", ready, asked(time.Second, 0)))), true},
		{"the first of two pods was asked", observed(reserved(time.Hour), replicas(2), with(pod("a", ready, asked(time.Second)), pod("b", ready, asked(0)))), true},
		{"the request may have been a standard pod's", observed(reserved(2*time.Second), with(pod("a", ready, asked(time.Second)))), false},
		{"asleep this very moment", observed(inactive, gone, remembered(decide.Arming), with(pod("a", ready, asked(time.Second)))), false},
		{"standard pods are on their way", observed(reserved(time.Hour), standard(1, 0), with(pod("a", ready, asked(time.Second)))), false},
		{"credits are low, and nobody can be told", observed(reserved(time.Hour), unreported(time.Hour), with(pod("a", ready, creditsLow, asked(time.Second)))), true},
		{"the pod leaves", observed(reserved(time.Hour), with(pod("a", ready), pod("b", detached(time.Second), asked(time.Second)))), false},
	} {
		t.Run(r.name, func(t *testing.T) {
			if got := decide.Decide(r.see, limits).Start; got != r.want {
				t.Errorf("starts a standard pod: %v, want %v", got, r.want)
			}
		})
	}
}
