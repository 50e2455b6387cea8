package eci

import (
	"crypto/sha256"
	"encoding/json"
	"net/http"
	"time"

	"github.com/ebb-node/ebb/mockcloud/rpc"
)

// tokenLife is how long a ClientToken is remembered. ECI documents no window;
// 24 hours is longer than any retry of a client.
const tokenLife = 24 * time.Hour

// token is what a ClientToken was used for
// (https://www.alibabacloud.com/help/doc-detail/25693.htm).
type token struct {
	fingerprint [sha256.Size]byte
	group       string
	expires     time.Time
}

// fingerprint covers all parameters but the token itself.
func (r *createRequest) fingerprint() [sha256.Size]byte {
	plain := *r
	plain.ClientToken = ""
	text, _ := json.Marshal(plain)
	return sha256.Sum256(text)
}

// repeated answers the group that an earlier call with the same token made,
// or "". The caller holds the lock.
func (s *Service) repeated(key string, r *createRequest) (string, error) {
	t, ok := s.tokens[key]
	if !ok || s.clock.Now().After(t.expires) {
		return "", nil
	}
	if t.fingerprint != r.fingerprint() {
		return "", rpc.Errorf(http.StatusBadRequest, "IdempotentParameterMismatch",
			"The request uses the same client token as a previous, but non-identical request.")
	}
	return t.group, nil
}

// remember keeps a token for its life.
func (s *Service) remember(key string, r *createRequest, group string) {
	s.tokens[key] = token{fingerprint: r.fingerprint(), group: group, expires: s.clock.Now().Add(tokenLife)}
	s.clock.AfterFunc(tokenLife+time.Second, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if t, ok := s.tokens[key]; ok && s.clock.Now().After(t.expires) {
			delete(s.tokens, key)
		}
	})
}
