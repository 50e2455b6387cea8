package relay

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"math/big"
	"net/http"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/types"

	"github.com/ebb-node/ebb/gateway/ingress"
)

func TestTLSByServerName(t *testing.T) {
	a, pool := certificateFor(t, "a.com")
	w := newWorld(t, func(c *Config) {
		c.Certificate = func(_ context.Context, secret types.NamespacedName) (*tls.Certificate, error) {
			if secret == named("a") {
				return a, nil
			}
			return nil, errors.New("no certificate")
		}
	})
	w.backend("x", func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, r.Header.Get("X-Forwarded-Proto")) })
	w.serve(secured(on("a.com", to("/", "x")), "a"), secured(on("b.com", to("/", "x")), "b"))
	client := w.client(Entry{Visibility: ingress.Internet, Front: TLS}, trusting(pool))
	if status, body := fetch(t, client, get("https://a.com/")); status != 200 || body != "https" {
		t.Errorf("%d %s", status, body)
	}
	if _, err := client.Get("https://b.com/"); err == nil {
		t.Error("an answer without a certificate")
	}
}

func TestSecretOfAServerName(t *testing.T) {
	aged := func(h ingress.Host, day int) ingress.Host {
		h.Created = time.Date(2026, 1, day, 0, 0, 0, 0, time.UTC)
		return h
	}
	local := aged(secured(on("a.com"), "local"), 1)
	local.Visibility = ingress.Intranet
	table := NewTable(nil)
	setHosts(table,
		aged(secured(on("new.com"), "new"), 4), aged(secured(on("*.wild.com"), "wild"), 3),
		aged(secured(on("a.com"), "a"), 2), aged(on("plain.com"), 1), local)
	for _, test := range []struct {
		name, standard string
		visibility     ingress.Visibility
		want           string
	}{
		{"new.com", "", ingress.Internet, "new"},
		{"new.com", "standard", ingress.Internet, "new"},
		{"x.wild.com", "", ingress.Internet, "wild"},
		{"a.com", "", ingress.Intranet, "local"},
		{"plain.com", "standard", ingress.Internet, "standard"},
		{"plain.com", "", ingress.Internet, "a"},
		{"unknown.com", "", ingress.Internet, "a"},
		{"", "", ingress.Intranet, "local"},
		{"", "standard", ingress.Intranet, "standard"},
	} {
		standard := types.NamespacedName{}
		if test.standard != "" {
			standard = named(test.standard)
		}
		if got := table.secret(test.name, test.visibility, standard); got != named(test.want) {
			t.Errorf("%q on the %s, standard %q: %s, want %s", test.name, test.visibility, test.standard, got, test.want)
		}
	}
	if got := NewTable(nil).secret("a.com", ingress.Internet, types.NamespacedName{}); got.Name != "" {
		t.Errorf("without any host: %s", got)
	}
}

// secured is a host with the certificate of a Secret.
func secured(h ingress.Host, secret string) ingress.Host {
	h.TLS = named(secret)
	return h
}

func certificateFor(t *testing.T, name string) (*tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), DNSNames: []string{name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(leaf)
	return &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool
}

func trusting(pool *x509.CertPool) func(*http.Transport) {
	return func(t *http.Transport) {
		t.TLSClientConfig = &tls.Config{RootCAs: pool}
		t.ForceAttemptHTTP2 = true
	}
}
