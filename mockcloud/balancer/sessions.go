package balancer

import (
	"slices"
	"sync"
	"time"

	kclock "k8s.io/utils/clock"
)

// sessions are the connections of a listener that live longer than a request:
// those of TCP listeners, and WebSockets. With CutOnRemoval requests are kept
// in sessions of their own.
type sessions struct {
	mu   sync.Mutex
	open map[*session]struct{}
	cut  bool
}

// session ends when cut is called; cut may be called often.
type session struct {
	group  string
	member memberKey
	cut    func()
}

// in reports whether the member is in its group still.
func (one *session) in(groups map[string]Group) bool {
	return slices.ContainsFunc(groups[one.group].Members, func(m Member) bool { return keyOf(m) == one.member })
}

func newSessions() *sessions {
	return &sessions{open: map[*session]struct{}{}}
}

// add registers a session; one that comes after cutAll is cut at once.
func (s *sessions) add(one *session) {
	s.mu.Lock()
	late := s.cut
	s.open[one] = struct{}{}
	s.mu.Unlock()
	if late {
		one.cut()
	}
}

// remove forgets a session that has ended.
func (s *sessions) remove(one *session) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.open, one)
}

// cutAll ends all sessions, also those to come.
func (s *sessions) cutAll() {
	for _, one := range s.all(func(*session) bool { return true }, true) {
		one.cut()
	}
}

// cutGone ends the sessions whose member is in its group no longer.
func (s *sessions) cutGone(groups map[string]Group) {
	for _, one := range s.all(func(one *session) bool { return !one.in(groups) }, false) {
		one.cut()
	}
}

// drain ends a member's present sessions after a while, unless it is back by
// then.
func (s *sessions) drain(clock kclock.WithDelayedExecution, after time.Duration, member memberKey, back func() bool) {
	leaving := s.all(func(one *session) bool { return one.member == member }, false)
	if len(leaving) == 0 {
		return
	}
	clock.AfterFunc(after, func() {
		go func() {
			if back() {
				return
			}
			for _, one := range leaving {
				one.cut()
			}
		}()
	})
}

func (s *sessions) all(which func(*session) bool, final bool) []*session {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cut = s.cut || final
	var found []*session
	for one := range s.open {
		if which(one) {
			found = append(found, one)
		}
	}
	return found
}
