package balancer

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"testing"
	"time"
)

// certificate is self-signed and for one name.
func certificate(t *testing.T, name string) *tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return selfSigned(t, name, key)
}

func selfSigned(t *testing.T, name string, key crypto.Signer) *tls.Certificate {
	t.Helper()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, DNSNames: []string{name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// secure is an HTTPS listener on port 443.
func secure(t *testing.T, group string) Listener {
	return Listener{Port: 443, Protocol: HTTPS, Running: true, DefaultGroup: group,
		TLS: TLS{Certificate: certificate(t, "default.example.com"), HTTP2: true, Policy: TLSPolicy12StrictWith13}}
}

// handshake answers the state of a new connection to the HTTPS listener.
func handshake(t *testing.T, r *rig, config *tls.Config) (tls.ConnectionState, error) {
	t.Helper()
	config.InsecureSkipVerify = true // the test looks at the certificate itself
	conn, err := tls.Dial("tcp", r.address(443), config)
	if err != nil {
		return tls.ConnectionState{}, err
	}
	defer conn.Close()
	return conn.ConnectionState(), nil
}
