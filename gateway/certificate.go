package gateway

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/ebb-node/ebb/slb"
)

// certificate is what a Secret holds for TLS.
type certificate struct {
	slb.Certificate
	fingerprint string
	leaf        *x509.Certificate
}

// readCertificate takes a certificate out of a Secret of type
// kubernetes.io/tls. Errors hold nothing of what the Secret does.
func readCertificate(secret *corev1.Secret) (*certificate, error) {
	c := &certificate{Certificate: slb.Certificate{PEM: secret.Data[corev1.TLSCertKey], Key: secret.Data[corev1.TLSPrivateKeyKey]}}
	switch {
	case len(c.PEM) == 0:
		return nil, fmt.Errorf("it has no %s; make it of type %s", corev1.TLSCertKey, corev1.SecretTypeTLS)
	case len(c.Key) == 0:
		return nil, fmt.Errorf("it has no %s; make it of type %s", corev1.TLSPrivateKeyKey, corev1.SecretTypeTLS)
	case bytes.Contains(c.Key, []byte("ENCRYPTED")):
		return nil, fmt.Errorf("its %s is encrypted; give a key without a passphrase", corev1.TLSPrivateKeyKey)
	}
	pair, err := tls.X509KeyPair(c.PEM, c.Key)
	if err != nil {
		return nil, fmt.Errorf("its %s and %s do not fit together: %w", corev1.TLSCertKey, corev1.TLSPrivateKeyKey, err)
	}
	c.leaf, c.fingerprint = pair.Leaf, c.Fingerprint()
	return c, nil
}

// expired certificates are refused by clients.
func (c *certificate) expired(now time.Time) bool { return now.After(c.leaf.NotAfter) }

// covers reports whether clients accept the certificate for a host. A wildcard
// host is covered by the same wildcard only.
func (c *certificate) covers(host string) bool {
	if strings.HasPrefix(host, "*.") {
		for _, name := range c.leaf.DNSNames {
			if strings.EqualFold(name, host) {
				return true
			}
		}
		return false
	}
	return c.leaf.VerifyHostname(host) == nil
}
