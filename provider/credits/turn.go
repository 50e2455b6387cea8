package credits

import (
	"slices"

	"github.com/ebb-node/ebb/eci"
)

// turn answers the groups whose turn it is: those that were asked about longest
// ago.
func (s *Sampler) turn() []string {
	waiting := make([]*account, 0, len(s.accounts))
	for _, a := range s.accounts {
		waiting = append(waiting, a)
	}
	slices.SortFunc(waiting, func(a, b *account) int { return a.asked.Compare(b.asked) })
	var ids []string
	for _, a := range waiting[:min(s.size, len(waiting))] {
		ids = append(ids, a.group)
	}
	return ids
}

// nextSize is the size of the next batch. A group that spoils its batch is
// found by halving: alone it fails alone.
func nextSize(size, asked int, err error) int {
	switch {
	case err == nil:
		return min(2*size, batch)
	case eci.IsRetryable(err):
		return size
	}
	return max(1, asked/2)
}

// book takes over the answer of a call about some groups. Those that could not
// be told of stay first in line, but for one that fails alone.
func (s *Sampler) book(ids []string, records map[string][]eci.MetricRecord, err error) {
	s.size = nextSize(s.size, len(ids), err)
	if err != nil {
		s.Log.WithError(err).WithField("groups", len(ids)).Warn("cannot read the CPU use of burstable pods, will ask again")
		if len(ids) > 1 || eci.IsRetryable(err) {
			return
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.Clock.Now()
	for _, a := range s.accounts {
		if slices.Contains(ids, a.group) {
			a.asked = now
			a.observe(records[a.group])
		}
	}
}
