package eci

import (
	"testing"
	"time"
)

func TestMeter(t *testing.T) {
	const s = time.Second
	start := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	var m meter
	for _, step := range []struct {
		what         string
		do           func()
		at, raw, sum time.Duration
	}{
		{"what the containers use", nil, 10 * s, 4 * s, 4 * s},
		{"held at two vCPU", func() { m.hold(2) }, 20 * s, 5 * s, 24 * s},
		{"still", nil, 25 * s, 9 * s, 34 * s},
		{"released: what they use beyond that", m.release, 30 * s, 10 * s, 35 * s},
		{"at rest, whatever they do", func() { m.hold(0) }, 40 * s, 15 * s, 35 * s},
		{"released again", m.release, 50 * s, 17 * s, 37 * s},
		{"started anew", nil, 60 * s, 3 * s, 3 * s},
		{"and going on", nil, 70 * s, 5 * s, 5 * s},
	} {
		if step.do != nil {
			step.do()
		}
		if got := m.read(start.Add(step.at), step.raw); got != step.sum {
			t.Errorf("%s: shows %v, want %v", step.what, got, step.sum)
		}
	}
}
