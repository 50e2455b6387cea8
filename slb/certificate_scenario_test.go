package slb_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"strings"
	"sync"
	"time"

	"github.com/ebb-node/ebb/slb"
)

func contains(text, part string) bool {
	return strings.Contains(strings.ReplaceAll(text, "\n", ""), strings.ReplaceAll(part, "\n", ""))
}

// certificates are made once.
var certificates = sync.OnceValue(func() []slb.Certificate {
	var out []slb.Certificate
	for i := range int64(3) {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			panic(err)
		}
		template := &x509.Certificate{
			SerialNumber: big.NewInt(i + 1), Subject: pkix.Name{CommonName: "example.com"}, DNSNames: []string{"*.example.com"},
			NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		}
		der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
		if err != nil {
			panic(err)
		}
		keyDER, err := x509.MarshalECPrivateKey(key)
		if err != nil {
			panic(err)
		}
		out = append(out, slb.Certificate{
			PEM: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}),
			Key: pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: keyDER}),
		})
	}
	return out
})
