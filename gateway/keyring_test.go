package gateway

import (
	"context"
	"crypto/tls"
	"errors"
	"sync"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	clocktesting "k8s.io/utils/clock/testing"
	"knative.dev/networking/pkg/apis/networking/v1alpha1"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// library answers Secrets, one at a time if it is told to wait.
type library struct {
	client.Reader
	gate chan struct{} // nil: it is open

	mu     sync.Mutex
	secret *corev1.Secret
	reads  int
}

func (l *library) Get(ctx context.Context, _ client.ObjectKey, o client.Object, _ ...client.GetOption) error {
	if l.gate != nil {
		select {
		case <-l.gate:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.reads++
	if l.secret == nil {
		return errors.New("it is not there")
	}
	l.secret.DeepCopyInto(o.(*corev1.Secret))
	return nil
}

func (l *library) put(s *corev1.Secret) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.secret = s
}

// shows is the first name of the certificate that a keyring has, or the error.
func shows(k *Keyring) string {
	pair, err := k.Certificate(context.Background(), secretKey("a"))
	if err != nil {
		return err.Error()
	}
	return nameOf(pair)
}

func nameOf(pair *tls.Certificate) string { return pair.Leaf.DNSNames[0] }

func TestKeyring(t *testing.T) {
	clock := clocktesting.NewFakePassiveClock(today)
	l := &library{}
	k := NewKeyring(l, clock, time.Minute)
	pass := func(d time.Duration) { clock.SetTime(clock.Now().Add(d)) }
	expect := func(when, want string, reads int) {
		t.Helper()
		if got := shows(k); got != want || l.reads != reads {
			t.Errorf("%s: %q after %d reads, want %q after %d", when, got, l.reads, want, reads)
		}
	}
	// settled asks in vain until a read in the background is over.
	settled := func(when, want string, reads int) {
		t.Helper()
		shows(k)
		k.reads.Do(secretKey("a").String(), func() (any, error) { return nil, nil })
		expect(when, want, reads)
	}
	expect("no Secret", "Secret default/a: it is not there", 1)
	l.put(tlsSecret(t, "a", today.AddDate(1, 0, 0), "first"))
	expect("what is known counts for a while", "Secret default/a: it is not there", 1)
	pass(time.Minute)
	expect("nothing to show, so it waits", "first", 2)
	expect("from memory", "first", 2)

	l.put(tlsSecret(t, "a", today.AddDate(1, 0, 0), "second"))
	pass(time.Minute)
	settled("renewed", "second", 3)
	l.put(tlsSecret(t, "a", today, "expired"))
	pass(time.Minute)
	settled("a bad renewal ends nothing", "second", 4)
	l.put(nil)
	pass(time.Minute)
	settled("nor does a Secret that is gone", "second", 5)
}

func TestKeyringNeverWaitsTwice(t *testing.T) {
	clock := clocktesting.NewFakePassiveClock(today)
	l := &library{secret: tlsSecret(t, "a", today.AddDate(1, 0, 0), "first"), gate: make(chan struct{}, 1)}
	k := NewKeyring(l, clock, time.Minute)
	late, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := k.Certificate(late, secretKey("a")); !errors.Is(err, context.Canceled) {
		t.Errorf("a client that left: %v", err)
	}
	l.gate <- struct{}{}
	if got := shows(k); got != "first" {
		t.Fatal(got)
	}
	clock.SetTime(today.Add(time.Minute))
	if got := shows(k); got != "first" { // while the API server does not answer
		t.Error(got)
	}
	l.gate <- struct{}{} // ends the read in the background
}

func TestKeyringForgetsWhatNobodyAsksFor(t *testing.T) {
	clock := clocktesting.NewFakePassiveClock(today)
	l := &library{secret: tlsSecret(t, "a", today.AddDate(1, 0, 0), "first")}
	k := NewKeyring(l, clock, time.Minute)
	for _, name := range []string{"a", "b"} {
		if _, err := k.Certificate(t.Context(), secretKey(name)); err != nil {
			t.Fatal(err)
		}
		clock.SetTime(clock.Now().Add(keyAge + time.Second))
	}
	if len(k.keys) != 1 || k.keys[secretKey("b")] == nil {
		t.Errorf("%d keys are kept", len(k.keys))
	}
}

// TestRelayModeTellsOfCertificates although it is not the load balancer that
// shows them.
func TestRelayModeTellsOfCertificates(t *testing.T) {
	s := newScene(t, func(s *scene) {
		s.config.Mode, s.config.SecretInterval = ModeRelay, 50*time.Millisecond
	}).start()
	s.apply(valid(t, "good", "good.default.example.com"), tlsSecret(t, "bad", time.Now().Add(-time.Minute), "bad.default.example.com"))
	s.apply(secureIngress("good", 0, "good"), secureIngress("bad", 1, "bad"))
	s.ready("good")
	s.condition("bad", v1alpha1.IngressConditionNetworkConfigured, "False "+ReasonCertificateInvalid)
	if got := s.actual("internet").Certificates; len(got) != 0 {
		t.Errorf("%d certificates were uploaded", len(got))
	}
	s.apply(valid(t, "bad", "bad.default.example.com"))
	s.ready("bad")
}
