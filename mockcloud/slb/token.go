package slb

import (
	"crypto/sha256"
	"time"
)

// tokenLife is how long a ClientToken is remembered. CLB documents no window;
// 24 hours is longer than any retry of a client.
const tokenLife = 24 * time.Hour

// token is what a ClientToken was used for.
type token struct {
	print   [sha256.Size]byte
	answer  any
	expires time.Time
}

// repeated answers what an earlier call with the same token was answered, or
// nil.
func (s *state) repeated(key string, print [sha256.Size]byte, now time.Time) (any, error) {
	t, ok := s.tokens[key]
	if !ok || now.After(t.expires) {
		return nil, nil
	}
	if t.print != print {
		return nil, refuse("LX_REQUEST_TOKEN_CONFLICT", "The ClientToken was used with other parameters.")
	}
	return t.answer, nil
}

// remember keeps a token for its life and forgets those whose life is over.
func (s *state) remember(key string, print [sha256.Size]byte, answer any, now time.Time) {
	for k, t := range s.tokens {
		if now.After(t.expires) {
			delete(s.tokens, k)
		}
	}
	s.tokens[key] = token{print: print, answer: answer, expires: now.Add(tokenLife)}
}
