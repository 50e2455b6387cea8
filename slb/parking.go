package slb

import (
	"fmt"
	"time"

	"k8s.io/utils/clock"
)

// parking remembers what was refused for good, so that it is not sent again
// with every change of something else. An entry that changes is another one.
type parking struct {
	clock clock.PassiveClock
	stay  time.Duration
	spots map[string]spot
}

type spot struct {
	problem Problem
	until   time.Time
}

func newParking(c clock.PassiveClock, stay time.Duration) *parking {
	return &parking{clock: c, stay: stay, spots: map[string]spot{}}
}

// spotOf is an entry as text, with all that it holds: that a step prints only
// what it is about must not make two alike. Entries are plain values without
// secrets.
func spotOf(entry any) string { return fmt.Sprintf("%T %s", entry, jsonText(entry)) }

func (p *parking) put(entry any, problem Problem) {
	p.spots[spotOf(entry)] = spot{problem, p.clock.Now().Add(p.stay)}
}

// find returns the problem of a parked entry.
func (p *parking) find(entry any) (Problem, bool) {
	if len(p.spots) == 0 {
		return Problem{}, false
	}
	s, ok := p.spots[spotOf(entry)]
	return s.problem, ok && p.clock.Now().Before(s.until)
}

// sweep forgets what may be tried again.
func (p *parking) sweep() {
	now := p.clock.Now()
	for key, s := range p.spots {
		if !now.Before(s.until) {
			delete(p.spots, key)
		}
	}
}
