package slb

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
)

// write is a call that changes something. Its parameters are the request type.
type write interface {
	// scope is what the write configures, found in the state before it.
	scope(s *state) scope
	// change does the write on a clone of the state and answers it. What it
	// does to the clone before it refuses is thrown away.
	change(s *state, w *world) (answer any, err error)
}

// read is a call that changes nothing.
type read interface {
	answer(s *state, w *world) (any, error)
}

// scope says what a write works on, for the busy codes.
type scope struct {
	key    string // what only one write at a time may configure; "" is nothing
	kind   kind
	object string // within key
}

// begin lets a write in that takes its time, or refuses it since its object is
// busy. Until finish, the object is.
func begin(s *state, a write, w *world) (*state, error) {
	sc := a.scope(s)
	print := fingerprint(a)
	if err := s.admit(sc, print, w.now); err != nil {
		return s, err
	}
	if sc.key == "" {
		return s, nil
	}
	next := s.clone()
	next.busy[sc.key] = busy{scope: sc, print: print, inFlight: true}
	return next, nil
}

// finish does a write that begin let in.
func finish(s *state, a write, sc scope, w *world) (*state, any, error) {
	next := s.clone()
	answer, err := a.change(next, w)
	if err != nil {
		next = s.clone()
	}
	delete(next.busy, sc.key)
	next.forgetIdle(w.now)
	if err == nil && sc.key != "" && w.configuring > 0 {
		next.busy[sc.key] = busy{scope: sc, until: w.now.Add(w.configuring)}
		next.release(s, w.now.Add(w.configuring))
	}
	return next, answer, err
}

// apply does a write that takes no time: the next state, what to answer, and
// why not. A refused write answers the state as it was.
func apply(s *state, a write, w *world) (*state, any, error) {
	sc := a.scope(s)
	if err := s.admit(sc, fingerprint(a), w.now); err != nil {
		return s, nil, err
	}
	next, answer, err := finish(s, a, sc, w)
	if err != nil {
		return s, nil, err
	}
	return next, answer, nil
}

// fingerprint tells equal requests apart from different ones.
func fingerprint(request any) [sha256.Size]byte {
	text, _ := json.Marshal(request)
	return sha256.Sum256(fmt.Appendf(nil, "%T%s", request, text))
}
