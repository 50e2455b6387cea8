package kubelet

import (
	"context"
	"crypto/ecdsa"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"k8s.io/utils/clock"
	clocktesting "k8s.io/utils/clock/testing"
)

func TestTheSelfSignedCertificateIsForTheNodeAndIsRenewed(t *testing.T) {
	c := clocktesting.NewFakeClock(time.Now())
	s := &selfSigned{name: "ebb", ip: net.IPv4(10, 0, 0, 9), clock: c}
	first, err := s.get(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, host := range []string{"ebb", "10.0.0.9"} {
		if err := first.Leaf.VerifyHostname(host); err != nil {
			t.Error(err)
		}
	}
	if again, _ := s.get(nil); again != first {
		t.Error("a second certificate was made while the first is good")
	}
	c.Step(selfSignedLife - selfSignedRenew + time.Hour)
	if later, _ := s.get(nil); later == first || !later.Leaf.NotAfter.After(first.Leaf.NotAfter) {
		t.Error("the certificate was not renewed")
	}
}

// write puts a certificate for a name into files.
func write(t *testing.T, dir, name string) (certFile, keyFile string) {
	t.Helper()
	cert, err := (&selfSigned{name: name, ip: net.IPv4zero, clock: clock.RealClock{}}).make(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	key, err := x509.MarshalECPrivateKey(cert.PrivateKey.(*ecdsa.PrivateKey))
	if err != nil {
		t.Fatal(err)
	}
	certFile, keyFile = filepath.Join(dir, "tls.crt"), filepath.Join(dir, "tls.key")
	for file, block := range map[string]*pem.Block{
		keyFile:  {Type: "EC PRIVATE KEY", Bytes: key},
		certFile: {Type: "CERTIFICATE", Bytes: cert.Certificate[0]},
	} {
		if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return certFile, keyFile
}

func TestACertificateInFilesIsReadAgainWhenItChanges(t *testing.T) {
	dir := t.TempDir()
	certFile, keyFile := write(t, dir, "old")
	config, watch, err := TLS(TLSOptions{CertFile: certFile, KeyFile: keyFile, ClientCAFile: certFile}, silent(), clock.RealClock{})
	if err != nil {
		t.Fatal(err)
	}
	if config.ClientAuth != tls.VerifyClientCertIfGiven || config.ClientCAs == nil {
		t.Error("client certificates are not verified")
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- watch(ctx) }()
	defer func() { cancel(); <-done }()
	write(t, dir, "new")
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		cert, err := config.GetCertificate(nil)
		if err != nil {
			t.Fatal(err)
		}
		leaf, err := x509.ParseCertificate(cert.Certificate[0])
		if err != nil {
			t.Fatal(err)
		}
		if leaf.VerifyHostname("new") == nil {
			return
		}
		if time.Now().After(end) {
			t.Fatal("the old certificate is still served")
		}
	}
}

func TestBadTLSFilesAreNamed(t *testing.T) {
	empty := filepath.Join(t.TempDir(), "empty.pem")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, o := range []TLSOptions{
		{ClientCAFile: empty}, {ClientCAFile: "/nowhere/ca.pem"}, {CertFile: "/nowhere/tls.crt", KeyFile: "/nowhere/tls.key"},
	} {
		if _, _, err := TLS(o, silent(), clock.RealClock{}); err == nil {
			t.Errorf("%+v was accepted", o)
		}
	}
}
