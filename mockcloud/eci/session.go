package eci

import (
	"crypto/rand"
	"sync"
	"time"
)

// session is an exec that was asked for and not yet begun.
type session struct {
	group, container string
	command          []string
	tty, stdin       bool
	expires          time.Time
}

// sessions are found by their secret, once.
type sessions struct {
	mu      sync.Mutex
	waiting map[string]session
}

// open keeps a session until it is taken or expires, and answers its secret.
func (s *sessions) open(one session, now time.Time) string {
	secret := rand.Text()
	one.expires = now.Add(sessionLife)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.waiting == nil {
		s.waiting = map[string]session{}
	}
	for key, old := range s.waiting {
		if now.After(old.expires) {
			delete(s.waiting, key)
		}
	}
	s.waiting[secret] = one
	return secret
}

// take answers a session and forgets it.
func (s *sessions) take(secret string, now time.Time) (session, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	one, ok := s.waiting[secret]
	delete(s.waiting, secret)
	return one, ok && !now.After(one.expires)
}
