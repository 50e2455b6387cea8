package kubelet

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"math/big"
	"net"
	"sync"
	"time"

	"k8s.io/utils/clock"
)

const (
	// selfSignedLife is that of a kubelet's serving certificates.
	selfSignedLife = 365 * 24 * time.Hour
	// selfSignedRenew is when a new one is made: early, so that no handshake
	// meets an expired one.
	selfSignedRenew = 30 * 24 * time.Hour
)

// selfSigned makes a serving certificate in memory, anew before it expires.
type selfSigned struct {
	name  string
	ip    net.IP
	clock clock.PassiveClock

	mu   sync.Mutex
	cert *tls.Certificate
}

// get is a tls.Config's GetCertificate.
func (s *selfSigned) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.clock.Now()
	if s.cert != nil && now.Before(s.cert.Leaf.NotAfter.Add(-selfSignedRenew)) {
		return s.cert, nil
	}
	cert, err := s.make(now)
	if err != nil {
		return nil, fmt.Errorf("make a serving certificate: %w", err)
	}
	s.cert = cert
	return cert, nil
}

func (s *selfSigned) make(now time.Time) (*tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber: serial,
		Subject:      pkix.Name{CommonName: "system:node:" + s.name, Organization: []string{"system:nodes"}},
		NotBefore:    now.Add(-time.Hour), // clocks differ
		NotAfter:     now.Add(selfSignedLife),
		KeyUsage:     x509.KeyUsageDigitalSignature,
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		DNSNames:     []string{s.name},
		IPAddresses:  []net.IP{s.ip},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, err
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, err
	}
	return &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}, nil
}
