package slb

import (
	"bytes"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"encoding/pem"
	"errors"
)

// Certificate is a server certificate with its key. The load balancer knows it
// by its fingerprint; a renewed certificate is another one.
type Certificate struct {
	PEM []byte // the chain, leaf first
	Key []byte // PEM, not encrypted
}

// Fingerprint is the SHA-256 over the certificates of the chain, in
// hexadecimal. It is the reference of listeners and extensions.
func (c Certificate) Fingerprint() string {
	h := sha256.New()
	for rest := c.PEM; ; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		if block.Type == "CERTIFICATE" {
			h.Write(block.Bytes)
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

// check tells why the service would refuse a certificate
// (https://www.alibabacloud.com/help/en/slb/classic-load-balancer/developer-reference/api-slb-2014-05-15-uploadservercertificate).
// The error holds nothing of the key.
func (c Certificate) check() error {
	if bytes.Contains(c.Key, []byte("ENCRYPTED")) {
		return errors.New("its key is encrypted; give a key without a passphrase")
	}
	if _, err := tls.X509KeyPair(c.PEM, c.Key); err != nil {
		return errors.New("it does not match its key, or one of them is not PEM: " + err.Error())
	}
	return nil
}

// chain is the certificates alone: other blocks, such as DH PARAMETERS, are
// refused.
func (c Certificate) chain() string {
	var out bytes.Buffer
	for rest := c.PEM; ; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			return out.String()
		}
		if block.Type == "CERTIFICATE" {
			_ = pem.Encode(&out, block) // a buffer takes everything
		}
	}
}
