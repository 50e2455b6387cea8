package runc

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestBackOffDoublesUpToItsMaximum(t *testing.T) {
	b := backOff{base: 10 * time.Second}
	var got []time.Duration
	for range 7 {
		got = append(got, b.delay()/time.Second)
	}
	if diff := cmp.Diff([]time.Duration{10, 20, 40, 80, 160, 300, 300}, got); diff != "" {
		t.Error(diff)
	}
}

func TestRestarts(t *testing.T) {
	r := restarts{backOff: backOff{base: 10 * time.Second}}
	steps := []struct{ ran, want time.Duration }{
		{time.Second, 0}, // the first restart is immediate
		{time.Second, 10 * time.Second},
		{9 * time.Minute, 20 * time.Second},
		{10 * time.Minute, 0}, // it ran long enough to start over
		{time.Second, 10 * time.Second},
	}
	for i, s := range steps {
		if got := r.delay(s.ran); got != s.want {
			t.Errorf("restart %d after %s: waits %s, want %s", i+1, s.ran, got, s.want)
		}
	}
}
