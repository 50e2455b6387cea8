package slb

import (
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"strings"
)

// keyPair is a certificate chain with its key. What it holds is secret.
type keyPair struct {
	pair      *tls.Certificate
	leaf      *x509.Certificate
	algorithm string // RSA or ECDSA
	bits      int
}

// parsePair reads PEM and refuses what the service cannot use: DH parameters,
// encrypted keys, kinds and sizes of keys that it does not have
// (https://www.alibabacloud.com/help/en/slb/classic-load-balancer/user-guide/certificate-requirements).
func parsePair(certificate, key string) (keyPair, error) {
	block, err := keyBlock(key)
	if err != nil {
		return keyPair{}, err
	}
	if isEncrypted(block) {
		return keyPair{}, refuse("PrivateKeyEncryption", "The private key is encrypted.")
	}
	leaf, err := parseLeaf(certificate)
	if err != nil {
		return keyPair{}, err
	}
	if !parsesAsKey(block) {
		return keyPair{}, refuse("KeyFormatError", "The private key is not well formed.")
	}
	pair, err := tls.X509KeyPair([]byte(certificate), []byte(key))
	if err != nil {
		return keyPair{}, refuse("CertificateNotMatchPrivateKey", "The certificate and the private key do not match.")
	}
	p := keyPair{pair: &pair, leaf: leaf}
	return p, p.checkKey()
}

// keyBlock is the first block of a private key.
func keyBlock(text string) (*pem.Block, error) {
	rest := []byte(text)
	for {
		block, after := pem.Decode(rest)
		switch {
		case block == nil:
			return nil, refuse("KeyFormatError", "PrivateKey holds no private key in PEM.")
		case block.Type == "DH PARAMETERS":
			return nil, refuse("KeyFormatError", "PrivateKey must not have a DH PARAMETERS block.")
		case strings.HasSuffix(block.Type, "PRIVATE KEY"):
			return block, nil
		}
		rest = after
	}
}

func parseLeaf(text string) (*x509.Certificate, error) {
	block, _ := pem.Decode([]byte(text))
	if block == nil || block.Type != "CERTIFICATE" {
		return nil, refuse("KeyFormatError", "ServerCertificate does not begin with a certificate in PEM.")
	}
	leaf, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return nil, refuse("KeyFormatError", "ServerCertificate is not well formed.")
	}
	return leaf, nil
}

// isEncrypted knows PKCS #8 and the older header in PEM.
func isEncrypted(block *pem.Block) bool {
	return block.Type == "ENCRYPTED PRIVATE KEY" || block.Headers["DEK-Info"] != ""
}

func parsesAsKey(block *pem.Block) bool {
	if _, err := x509.ParsePKCS1PrivateKey(block.Bytes); err == nil {
		return true
	}
	if _, err := x509.ParseECPrivateKey(block.Bytes); err == nil {
		return true
	}
	_, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	return err == nil
}

// checkKey accepts RSA of 1024, 2048 or 4096 bits and ECDSA on P-256, P-384 or
// P-521.
func (p *keyPair) checkKey() error {
	switch key := p.leaf.PublicKey.(type) {
	case *rsa.PublicKey:
		p.algorithm, p.bits = "RSA", key.N.BitLen()
		if p.bits == 1024 || p.bits == 2048 || p.bits == 4096 {
			return nil
		}
	case *ecdsa.PublicKey:
		p.algorithm, p.bits = "ECDSA", key.Params().BitSize
		if p.bits >= 256 {
			return nil
		}
	}
	return refuse("KeyFormatError", "The key is none of RSA 1024, 2048, 4096 and ECDSA P-256, P-384, P-521.")
}

// fingerprint is the SHA-1 of the leaf, in pairs of hexadecimal digits.
func (p *keyPair) fingerprint() string {
	sum := sha1.Sum(p.leaf.Raw)
	return strings.ReplaceAll(fmt.Sprintf("% x", sum[:]), " ", ":")
}
