package alicloud

import (
	"context"
	"time"

	"k8s.io/utils/clock"
)

const (
	// refreshMargin is how long before its end a temporary key is replaced:
	// longer than any call with its retries takes.
	refreshMargin = 5 * time.Minute
	// refreshPause spaces attempts while the old key still works.
	refreshPause = 10 * time.Second
)

// temporary is a key with an end.
type temporary struct {
	AccessKey
	expires time.Time
}

// session keeps a temporary key and replaces it before its end. The providers
// of the SDK core do the same without a lock, without a context and against
// fixed addresses, which is why they are not used.
type session struct {
	clock   clock.PassiveClock
	fetch   func(context.Context) (temporary, error)
	turn    chan struct{} // holds one token: the right to read and change key
	key     temporary
	retryAt time.Time
}

func newSession(c clock.PassiveClock, fetch func(context.Context) (temporary, error)) *session {
	s := &session{clock: c, fetch: fetch, turn: make(chan struct{}, 1)}
	if c == nil {
		s.clock = clock.RealClock{}
	}
	s.turn <- struct{}{}
	return s
}

// Get returns the key at hand, or a new one. While the old one still works a
// failed exchange is not an error.
func (s *session) Get(ctx context.Context) (AccessKey, error) {
	select {
	case <-s.turn:
	case <-ctx.Done():
		return AccessKey{}, ctx.Err()
	}
	defer func() { s.turn <- struct{}{} }()

	now := s.clock.Now()
	usable := now.Before(s.key.expires)
	if usable && (now.Add(refreshMargin).Before(s.key.expires) || now.Before(s.retryAt)) {
		return s.key.AccessKey, nil
	}
	key, err := s.fetch(ctx)
	if err != nil && usable {
		s.retryAt = now.Add(refreshPause)
		return s.key.AccessKey, nil
	}
	if err != nil {
		return AccessKey{}, err
	}
	s.key, s.retryAt = key, now.Add(refreshPause)
	return s.key.AccessKey, nil
}

// expire throws k away, unless it was replaced already.
func (s *session) expire(k AccessKey) {
	<-s.turn
	defer func() { s.turn <- struct{}{} }()
	if s.key.ID == k.ID && s.key.Token == k.Token {
		s.key = temporary{}
	}
}
