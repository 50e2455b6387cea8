package kubelet

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"os"

	"github.com/sirupsen/logrus"
	"k8s.io/utils/clock"
	"sigs.k8s.io/controller-runtime/pkg/certwatcher"
)

// TLSOptions choose the serving certificate and whose client certificates
// count.
type TLSOptions struct {
	// CertFile and KeyFile are read again when they change. Without them a
	// certificate is made that callers cannot verify.
	CertFile, KeyFile string
	// ClientCAFile holds the authorities of client certificates. Without it
	// callers need bearer tokens.
	ClientCAFile string
	// NodeName and NodeIP are what a made certificate is for.
	NodeName string
	NodeIP   net.IP
}

// TLS returns the server's TLS configuration, and what has to run for a
// certificate in files to be read again.
func TLS(o TLSOptions, log logrus.FieldLogger, c clock.PassiveClock) (*tls.Config, func(context.Context) error, error) {
	config := &tls.Config{MinVersion: tls.VersionTLS12, ClientAuth: tls.RequestClientCert}
	watch := func(ctx context.Context) error { <-ctx.Done(); return nil }
	if o.ClientCAFile != "" {
		pool, err := readPool(o.ClientCAFile)
		if err != nil {
			return nil, nil, err
		}
		config.ClientAuth, config.ClientCAs = tls.VerifyClientCertIfGiven, pool
	}
	if o.CertFile == "" {
		log.Warn("no serving certificate given: the kubelet API uses a self-signed one, which the API server must not verify")
		config.GetCertificate = (&selfSigned{name: o.NodeName, ip: o.NodeIP, clock: c}).get
		return config, watch, nil
	}
	files, err := certwatcher.New(o.CertFile, o.KeyFile)
	if err != nil {
		return nil, nil, fmt.Errorf("serving certificate %s: %w", o.CertFile, err)
	}
	config.GetCertificate = files.GetCertificate
	return config, files.Start, nil
}

func readPool(file string) (*x509.CertPool, error) {
	pem, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("client CA: %w", err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("client CA %s: no certificate in it", file)
	}
	return pool, nil
}
