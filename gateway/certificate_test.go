package gateway

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"math/big"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	clocktesting "k8s.io/utils/clock/testing"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// today is the tests' time.
var today = time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)

// tlsSecret holds a new certificate for names that ends at a time.
func tlsSecret(t testing.TB, name string, end time.Time, names ...string) *corev1.Secret {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	serial, err := rand.Int(rand.Reader, big.NewInt(1<<62))
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: names[0]}, DNSNames: names,
		NotBefore: today.Add(-time.Hour), NotAfter: end,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return &corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{Namespace: "default", Name: name}, Type: corev1.SecretTypeTLS,
		Data: map[string][]byte{
			corev1.TLSCertKey:       pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}),
			corev1.TLSPrivateKeyKey: pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: keyDER}),
		},
	}
}

// certificateFor a host, for good.
func certificateFor(t testing.TB, names ...string) *certificate {
	t.Helper()
	c, err := readCertificate(tlsSecret(t, "x", today.AddDate(1, 0, 0), names...))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestBadSecretsSayWhatIsWrong(t *testing.T) {
	good, other := tlsSecret(t, "a", today.AddDate(1, 0, 0), "a.com"), tlsSecret(t, "b", today.AddDate(1, 0, 0), "a.com")
	for _, test := range []struct {
		name   string
		change func(map[string][]byte)
		says   string
	}{
		{"no certificate", func(d map[string][]byte) { delete(d, corev1.TLSCertKey) }, "no tls.crt"},
		{"no key", func(d map[string][]byte) { delete(d, corev1.TLSPrivateKeyKey) }, "no tls.key"},
		{"a certificate that is none", func(d map[string][]byte) { d[corev1.TLSCertKey] = []byte("x") }, "do not fit together"},
		{"another key", func(d map[string][]byte) { d[corev1.TLSPrivateKeyKey] = other.Data[corev1.TLSPrivateKeyKey] }, "do not fit together"},
		{"an encrypted key", func(d map[string][]byte) {
			d[corev1.TLSPrivateKeyKey] = []byte("-----BEGIN ENCRYPTED PRIVATE KEY-----\nxyz\n")
		}, "is encrypted"},
	} {
		secret := good.DeepCopy()
		test.change(secret.Data)
		_, err := readCertificate(secret)
		if err == nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		if key := string(secret.Data[corev1.TLSPrivateKeyKey]); len(key) > 40 && strings.Contains(err.Error(), key[30:40]) {
			t.Errorf("%s: the error tells of the key", test.name)
		}
	}
}

func TestHostsOfACertificate(t *testing.T) {
	c := certificateFor(t, "a.com", "*.b.com")
	for host, want := range map[string]bool{
		"a.com": true, "x.a.com": false, "x.b.com": true, "b.com": false, "y.x.b.com": false, "*.b.com": true, "*.a.com": false,
	} {
		if got := c.covers(host); got != want {
			t.Errorf("%s: %v", host, got)
		}
	}
}

// shelf answers one Secret.
type shelf struct {
	client.Reader
	secret *corev1.Secret
	reads  int
}

func (s *shelf) Get(_ context.Context, _ client.ObjectKey, o client.Object, _ ...client.GetOption) error {
	s.reads++
	if s.secret == nil {
		return errors.New("it is not there")
	}
	s.secret.DeepCopyInto(o.(*corev1.Secret))
	return nil
}

func TestSecretsOverTime(t *testing.T) {
	clock := clocktesting.NewFakeClock(today)
	a := &shelf{}
	s := newSecrets(a, clock, time.Minute)
	name := types.NamespacedName{Namespace: "default", Name: "a"}
	first := tlsSecret(t, "a", today.AddDate(0, 1, 0), "a.com")
	second := tlsSecret(t, "a", today.AddDate(0, 3, 0), "a.com")
	bad := first.DeepCopy()
	bad.Data[corev1.TLSPrivateKeyKey] = second.Data[corev1.TLSPrivateKeyKey]
	fingerprint := func(secret *corev1.Secret) string {
		c, err := readCertificate(secret)
		if err != nil {
			t.Fatal(err)
		}
		return c.fingerprint
	}
	for _, step := range []struct {
		name   string
		secret *corev1.Secret
		after  time.Duration // since the step before
		want   string        // fingerprint
		bad    bool
		reads  int
	}{
		{"it is not there", nil, 0, "", true, 1},
		{"it was just looked at", first, time.Second, "", true, 1},
		{"it is there", first, badFresh, fingerprint(first), false, 2},
		{"it is known", nil, time.Second, fingerprint(first), false, 2},
		{"a renewal that fails", bad, time.Minute, fingerprint(first), true, 3},
		{"it was deleted", nil, time.Minute, fingerprint(first), true, 4},
		{"a renewal", second, time.Minute, fingerprint(second), false, 5},
		{"it has expired", second, 100 * 24 * time.Hour, fingerprint(second), true, 6},
	} {
		clock.Step(step.after)
		a.secret = step.secret
		c, err := s.certificate(context.Background(), name, false)
		got := ""
		if c != nil {
			got = c.fingerprint
		}
		if got != step.want || (err != nil) != step.bad || a.reads != step.reads {
			t.Errorf("%s: %q, %v after %d reads; want %q, bad %v, %d", step.name, got, err, a.reads, step.want, step.bad, step.reads)
		}
		if err != nil && !strings.Contains(err.Error(), "default/a") {
			t.Errorf("%s: %v does not name the Secret", step.name, err)
		}
	}
	a.secret = first
	clock.Step(justRead)
	for _, anew := range []bool{false, true, true} {
		if _, err := s.certificate(context.Background(), name, anew); err == nil {
			t.Error("a certificate that has ended is good")
		}
	}
	if a.reads != 7 {
		t.Errorf("%d reads, want one because it was asked for anew", a.reads)
	}
	s.forget(func(types.NamespacedName) bool { return false })
	if len(s.entries) != 0 {
		t.Error("a key stays in memory for nothing")
	}
}
