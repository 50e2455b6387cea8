package credits

import (
	"context"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
)

// tell writes what has to be written, and sends an event when a line was
// crossed. A line counts as crossed once the pod carries that it was, so that a
// restart does not tell again.
func (s *Sampler) tell(ctx context.Context) {
	now := s.Clock.Now()
	for _, a := range s.accounts {
		to := next(a.level, readingOf(a.ledger))
		if !a.due(to, now) {
			continue
		}
		err := s.annotate(ctx, a.pod, annotations(a.group, to, a.ledger))
		switch {
		case err == nil:
			s.told(a, to, now)
		case apierrors.IsNotFound(err), apierrors.IsConflict(err):
			// The pod is gone; its account follows.
		default:
			s.logFor(a.pod).WithError(err).Warn("cannot write the pod's CPU credits, will try again")
			return // with the next step, lest an API server in trouble gets one request after the other
		}
	}
}

// told takes note of what the pod carries now.
func (s *Sampler) told(a *account, to Level, now time.Time) {
	if e, ok := eventOf(a.level, to, a.ledger); ok {
		s.Recorder.Event(a.pod, e.kind, e.reason, e.message)
		s.logFor(a.pod).WithField("reason", e.reason).Info(e.message)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	a.level, a.sampled, a.written = to, false, now
}
