package eci

import "time"

// meter shows the CPU time of a group: what its containers use, but while the group
// is held at a rate what that makes. Containers show what they use in any case.
type meter struct {
	held  bool
	rate  float64 // vCPU, while it is held
	at    time.Time
	raw   time.Duration // that the runtime told last
	shown time.Duration
}

// hold has the group use CPU at a rate from the last reading on.
func (m *meter) hold(rate float64) { m.held, m.rate = true, rate }

// release has the group use what its containers do.
func (m *meter) release() { m.held = false }

// read translates a reading of the runtime's. A reading that has fallen is of
// containers that have started anew.
func (m *meter) read(now time.Time, raw time.Duration) time.Duration {
	switch {
	case m.held:
		m.shown += time.Duration(m.rate * float64(now.Sub(m.at)))
	case raw < m.raw:
		m.shown = raw
	default:
		m.shown += raw - m.raw
	}
	m.at, m.raw = now, raw
	return m.shown
}
