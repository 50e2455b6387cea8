package gateway

import (
	"context"
	"fmt"
	"sync"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/utils/clock"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// secrets reads certificates from Secrets by GET of just those that Ingresses
// name: a watch would need the right to read all of them.
type secrets struct {
	reader client.Reader
	clock  clock.Clock
	fresh  time.Duration // for how long an answer counts

	mu      sync.Mutex
	entries map[types.NamespacedName]*secretEntry
}

// secretEntry is what is known of a Secret.
type secretEntry struct {
	good *certificate // the last one without fault; nil: none was seen
	err  error        // what is wrong with the Secret now
	read time.Time
}

func newSecrets(reader client.Reader, c clock.Clock, fresh time.Duration) *secrets {
	return &secrets{reader: reader, clock: c, fresh: fresh, entries: map[types.NamespacedName]*secretEntry{}}
}

// badFresh is how long it counts that a Secret is bad or missing: somebody is
// likely to be at it.
const badFresh = 5 * time.Second

// justRead is how long an answer counts at any rate: Ingresses that come
// together often name the same Secret.
const justRead = time.Second

// certificate of a Secret. While what the Secret holds is bad, it is the one
// before together with an error, so that a renewal that fails ends nothing.
// Anew reads the Secret unless that was just done.
func (s *secrets) certificate(ctx context.Context, name types.NamespacedName, anew bool) (*certificate, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.entries[name]
	if e == nil {
		e = &secretEntry{}
		s.entries[name] = e
	}
	now := s.clock.Now()
	if e.read.IsZero() || now.Sub(e.read) >= s.age(e, anew) {
		e.read = now
		e.update(fetchCertificate(ctx, s.reader, name, now))
	}
	return e.good, e.err
}

// age is how old an answer may be.
func (s *secrets) age(e *secretEntry, anew bool) time.Duration {
	switch {
	case anew:
		return min(s.fresh, justRead)
	case e.err != nil:
		return min(s.fresh, badFresh)
	}
	return s.fresh
}

// fetchCertificate that is valid now.
func fetchCertificate(ctx context.Context, reader client.Reader, name types.NamespacedName, now time.Time) (*certificate, error) {
	var secret corev1.Secret
	if err := reader.Get(ctx, name, &secret); err != nil {
		return nil, fmt.Errorf("Secret %s: %w", name, err)
	}
	c, err := readCertificate(&secret)
	if err != nil {
		return nil, fmt.Errorf("Secret %s: %w", name, err)
	}
	if c.expired(now) {
		return nil, fmt.Errorf("Secret %s: its certificate was valid until %s; renew it", name, c.leaf.NotAfter.Format(time.DateOnly))
	}
	return c, nil
}

// update keeps the certificate that is known while it is the same, so that
// equal ones are one.
func (e *secretEntry) update(c *certificate, err error) {
	e.err = err
	if c != nil && (e.good == nil || e.good.fingerprint != c.fingerprint) {
		e.good = c
	}
}

// forget drops the Secrets that nothing names any more, with their keys.
func (s *secrets) forget(named func(types.NamespacedName) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for name := range s.entries {
		if !named(name) {
			delete(s.entries, name)
		}
	}
}
