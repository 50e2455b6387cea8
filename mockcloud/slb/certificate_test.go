package slb

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"strings"
	"testing"
	"time"
)

// selfSigned makes a certificate and its key in PEM.
func selfSigned(t *testing.T, key crypto.Signer, names ...string) (certificate, private string) {
	t.Helper()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: names[0]}, DNSNames: names,
		NotBefore: epoch, NotAfter: epoch.Add(90 * 24 * time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	text, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return block("CERTIFICATE", der), block("PRIVATE KEY", text)
}

func block(kind string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

func ecdsaKey(t *testing.T, curve elliptic.Curve) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(curve, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// upload makes a certificate and answers its id.
func (s *scene) upload(names ...string) string {
	s.Helper()
	certificate, key := selfSigned(s.T, ecdsaKey(s.T, elliptic.P256()), names...)
	return s.do(&uploadCertificate{ServerCertificate: certificate, PrivateKey: key}).(certificateView).ServerCertificateId
}

func TestUploadServerCertificate(t *testing.T) {
	s := newScene(t)
	certificate, key := selfSigned(t, ecdsaKey(t, elliptic.P384()), "a.example.com", "*.a.example.com")
	v := s.do(&uploadCertificate{ServerCertificate: certificate, PrivateKey: key, ServerCertificateName: ptr("mine")}).(certificateView)
	if v.CommonName != "a.example.com" || strings.Join(v.SubjectAlternativeNames.SubjectAlternativeName, " ") != "a.example.com *.a.example.com" ||
		v.ServerCertificateName != "mine" || v.EncryptionAlgorithm != "ECDSA" || v.EncryptionKeyLength != 384 ||
		v.ExpireTime != "2026-08-02T10:00:00Z" || v.ExpireTimeStamp != epoch.Add(90*24*time.Hour).UnixMilli() || len(v.Fingerprint) != 59 {
		t.Errorf("%+v", v)
	}
}

func TestCertificatesThatAreRefused(t *testing.T) {
	s := newScene(t)
	good, key := selfSigned(t, ecdsaKey(t, elliptic.P256()), "a")
	_, foreign := selfSigned(t, ecdsaKey(t, elliptic.P256()), "a")
	_, edKey, _ := ed25519.GenerateKey(rand.Reader)
	ed, edText := selfSigned(t, edKey, "a")
	odd, err := rsa.GenerateKey(rand.Reader, 1536)
	if err != nil {
		t.Fatal(err)
	}
	rsaOdd, rsaOddKey := selfSigned(t, odd, "a")
	p224, p224Key := selfSigned(t, ecdsaKey(t, elliptic.P224()), "a")
	legacy := pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Headers: map[string]string{"Proc-Type": "4,ENCRYPTED", "DEK-Info": "AES-128-CBC,00"}, Bytes: []byte("x")})
	for name, test := range map[string]struct{ code, certificate, key string }{
		"no PEM":              {"KeyFormatError", "certificate", key},
		"damaged":             {"KeyFormatError", block("CERTIFICATE", []byte("x")), key},
		"a key instead":       {"KeyFormatError", key, key},
		"no key":              {"KeyFormatError", good, "key"},
		"damaged key":         {"KeyFormatError", good, block("PRIVATE KEY", []byte("x"))},
		"another's key":       {"CertificateNotMatchPrivateKey", good, foreign},
		"encrypted key":       {"PrivateKeyEncryption", good, block("ENCRYPTED PRIVATE KEY", []byte("x"))},
		"encrypted old style": {"PrivateKeyEncryption", good, string(legacy)},
		"DH parameters":       {"KeyFormatError", good, block("DH PARAMETERS", []byte("x")) + key},
		"Ed25519":             {"KeyFormatError", ed, edText},
		"RSA 1536":            {"KeyFormatError", rsaOdd, rsaOddKey},
		"P-224":               {"KeyFormatError", p224, p224Key},
	} {
		t.Run(name, func(t *testing.T) {
			s.T = t
			s.refused(test.code, &uploadCertificate{ServerCertificate: test.certificate, PrivateKey: test.key})
		})
	}
	s.T = t
	s.world.quotas.ServerCertificates = 0
	s.refused("OverQuota", &uploadCertificate{ServerCertificate: good, PrivateKey: key})
}

func (s *scene) httpsListener(balancer string, port int, certificate string) {
	s.Helper()
	s.do(&createHTTPS{
		portRef: portRef{balancer, port}, target: target{VServerGroupId: s.group(balancer, "")},
		httpSettings: plainHTTP(), httpsSettings: httpsSettings{ServerCertificateId: &certificate},
	})
}

func TestCertificateInUseStays(t *testing.T) {
	s := newScene(t)
	lb := s.balancer()
	first, sni, spare := s.upload("a"), s.upload("b"), s.upload("c")
	s.httpsListener(lb, 443, first)
	id := s.do(&createExtension{portRef{lb, 443}, "b.example.com", sni}).(createExtensionAnswer).DomainExtensionId
	for _, used := range []string{first, sni} {
		s.refused("CertificateAndPrivateKeyIsRefered", &deleteCertificate{certificateRef{used}})
	}
	rotate := &setHTTPS{portRef: portRef{lb, 443}}
	rotate.ServerCertificateId = &spare
	s.do(rotate)
	s.do(&deleteCertificate{certificateRef{first}})
	s.do(&setExtension{extensionRef{id}, spare})
	s.do(&deleteCertificate{certificateRef{sni}})
	s.refused("ServerCertificateId.NotFound", &deleteCertificate{certificateRef{sni}})
	s.refused("ServerCertificateId.NotFound", &setExtension{extensionRef{id}, sni})
	s.do(&renameCertificate{certificateRef{spare}, "kept"})
	v := ask[httpsView](s, &describeHTTPS{portRef{lb, 443}})
	if *v.ServerCertificateId != spare || v.DomainExtensions.DomainExtension[0].ServerCertificateId != spare {
		t.Errorf("%+v", v)
	}
}

func TestACertificateStaysUntilItsReleaseHasSpread(t *testing.T) {
	const spreading = 3 * time.Second
	for name, release := range map[string]func(s *scene, lb, spare string){
		"another certificate": func(s *scene, lb, spare string) {
			rotate := &setHTTPS{portRef: portRef{lb, 443}}
			rotate.ServerCertificateId = &spare
			s.do(rotate)
		},
		"listener deleted": func(s *scene, lb, _ string) { s.do(&deleteListener{refOf(lb, 443, "https")}) },
		"balancer deleted": func(s *scene, lb, _ string) { s.do(&deleteBalancer{balancerRef{lb}}) },
	} {
		t.Run(name, func(t *testing.T) {
			s := newScene(t)
			lb := s.balancer()
			used, spare, other := s.upload("a"), s.upload("b"), s.upload("c")
			s.httpsListener(lb, 443, used)
			s.world.configuring = spreading
			release(s, lb, spare)
			s.do(&deleteCertificate{certificateRef{other}}) // nobody had it
			s.refused("CertificateAndPrivateKeyIsRefered", &deleteCertificate{certificateRef{used}})
			s.world.now = s.world.now.Add(spreading - 1)
			s.refused("CertificateAndPrivateKeyIsRefered", &deleteCertificate{certificateRef{used}})
			s.world.now = s.world.now.Add(1)
			s.do(&deleteCertificate{certificateRef{used}})
			if len(s.state.released) > 0 {
				t.Errorf("remembered: %v", s.state.released)
			}
		})
	}
	t.Run("domain extension", func(t *testing.T) {
		s := newScene(t)
		lb := s.balancer()
		first, sni := s.upload("a"), s.upload("b")
		s.httpsListener(lb, 443, first)
		id := s.do(&createExtension{portRef{lb, 443}, "b.example.com", sni}).(createExtensionAnswer).DomainExtensionId
		s.world.configuring = spreading
		s.do(&deleteExtension{extensionRef{id}})
		s.refused("CertificateAndPrivateKeyIsRefered", &deleteCertificate{certificateRef{sni}})
		s.world.now = s.world.now.Add(spreading)
		s.do(&deleteCertificate{certificateRef{sni}})
	})
}

func TestHTTPSListenerRefusals(t *testing.T) {
	s := newScene(t)
	lb := s.balancer()
	g, c := s.group(lb, ""), s.upload("a")
	for _, test := range []struct {
		code string
		tls  httpsSettings
	}{
		{"MissingParameter", httpsSettings{}},
		{"ServerCertificateId.NotFound", httpsSettings{ServerCertificateId: ptr("cert-x")}},
		{"CACertificateId.NotFound", httpsSettings{ServerCertificateId: &c, CACertificateId: ptr("ca-x")}},
		{"InvalidParameter", httpsSettings{ServerCertificateId: &c, EnableHttp2: ptr("yes")}},
		{"InvalidParameter", httpsSettings{ServerCertificateId: &c, TLSCipherPolicy: ptr("tls_cipher_policy_0")}},
	} {
		s.refused(test.code, &createHTTPS{
			portRef: portRef{lb, 443}, target: target{VServerGroupId: g}, httpSettings: plainHTTP(), httpsSettings: test.tls,
		})
	}
}

func TestDomainExtensions(t *testing.T) {
	s := newScene(t)
	lb := s.balancer()
	c := s.upload("a")
	s.httpsListener(lb, 443, c)
	s.httpListener(lb, 80, s.group(lb, ""))
	var ids []string
	for _, d := range []string{"a.example.com", "*.b.example.com", "c.example.com"} {
		ids = append(ids, s.do(&createExtension{portRef{lb, 443}, d, c}).(createExtensionAnswer).DomainExtensionId)
	}
	s.refused("DomainExist", &createExtension{portRef{lb, 443}, "a.example.com", c})
	s.refused("OverQuota", &createExtension{portRef{lb, 443}, "d.example.com", c})
	s.do(&deleteExtension{extensionRef{ids[0]}})
	s.refused("InvalidParameter.DomainExtensionId", &deleteExtension{extensionRef{ids[0]}})
	s.refused("DomainMalformed", &createExtension{portRef{lb, 443}, "d_example", c})
	s.refused("ServerCertificateId.NotFound", &createExtension{portRef{lb, 443}, "d.example.com", "cert-x"})
	s.refused("ListenerNotFound", &createExtension{portRef{lb, 80}, "d.example.com", c})
	list := ask[struct{ DomainExtensions extensionViews }](s, &listExtensions{portRef: portRef{lb, 443}})
	if len(list.DomainExtensions.DomainExtension) != 2 {
		t.Errorf("%+v", list)
	}
	one := ask[struct {
		LoadBalancerId string
		ListenerPort   int
		extensionView
	}](s, &describeExtension{extensionRef{ids[1]}})
	if one.LoadBalancerId != lb || one.ListenerPort != 443 || one.Domain != "*.b.example.com" || one.ServerCertificateId != c {
		t.Errorf("%+v", one)
	}
}
