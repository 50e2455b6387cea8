package gateway

import (
	"context"
	"crypto/tls"
	"fmt"
	"maps"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/utils/clock"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// Keyring has the certificates that the relay shows where it ends TLS. Like the
// gateway it reads just the Secrets that it is asked for. No handshake waits
// for a Secret that was read before: when what is known has become old, it is
// read again meanwhile.
type Keyring struct {
	reader client.Reader
	clock  clock.PassiveClock
	fresh  time.Duration
	reads  singleflight.Group

	mu   sync.Mutex
	keys map[types.NamespacedName]*key
}

// key is what is known of a Secret. All but used never changes.
type key struct {
	pair *tls.Certificate // the last one without fault; nil: none was seen
	err  error            // what is wrong with the Secret
	read time.Time
	used time.Time
}

const (
	// keyTimeout bounds the read of a Secret: a client waits.
	keyTimeout = 10 * time.Second
	// keyAge is how long a certificate is kept that nobody asks for.
	keyAge = time.Hour
)

// NewKeyring reads Secrets from a reader, which should ask the API server and
// not a cache, since that would watch all Secrets. What is older than fresh is
// read again.
func NewKeyring(reader client.Reader, c clock.PassiveClock, fresh time.Duration) *Keyring {
	return &Keyring{reader: reader, clock: c, fresh: fresh, keys: map[types.NamespacedName]*key{}}
}

// Certificate in a Secret. While what the Secret holds is bad, it is the one
// before, so that a renewal that fails ends nothing. An error tells nothing of
// what is in the Secret.
func (k *Keyring) Certificate(ctx context.Context, secret types.NamespacedName) (*tls.Certificate, error) {
	known, fresh := k.use(secret)
	if fresh {
		return known.pair, known.fault()
	}
	reading := k.reads.DoChan(secret.String(), func() (any, error) { return k.renew(secret), nil })
	if known != nil && known.pair != nil {
		return known.pair, nil
	}
	select {
	case read := <-reading:
		known = read.Val.(*key)
		return known.pair, known.fault()
	case <-ctx.Done():
		return nil, fmt.Errorf("Secret %s: %w", secret, ctx.Err())
	}
}

// fault of a Secret that matters to a handshake.
func (e *key) fault() error {
	if e.pair != nil {
		return nil
	}
	return e.err
}

// use looks a Secret up.
func (k *Keyring) use(secret types.NamespacedName) (known *key, fresh bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	known = k.keys[secret]
	if known == nil {
		return nil, false
	}
	now := k.clock.Now()
	known.used = now
	return known, now.Sub(known.read) < k.fresh
}

// renew reads a Secret, whoever waits for it.
func (k *Keyring) renew(secret types.NamespacedName) *key {
	ctx, cancel := context.WithTimeout(context.Background(), keyTimeout)
	defer cancel()
	pair, err := k.fetch(ctx, secret)

	k.mu.Lock()
	defer k.mu.Unlock()
	now := k.clock.Now()
	if before := k.keys[secret]; before != nil && pair == nil {
		pair = before.pair
	}
	read := &key{pair: pair, err: err, read: now, used: now}
	maps.DeleteFunc(k.keys, func(_ types.NamespacedName, e *key) bool { return now.Sub(e.used) > keyAge })
	k.keys[secret] = read
	return read
}

func (k *Keyring) fetch(ctx context.Context, secret types.NamespacedName) (*tls.Certificate, error) {
	c, err := fetchCertificate(ctx, k.reader, secret, k.clock.Now())
	if err != nil {
		return nil, err
	}
	pair, err := tls.X509KeyPair(c.PEM, c.Key)
	if err != nil {
		return nil, fmt.Errorf("Secret %s: %w", secret, err)
	}
	return &pair, nil
}
