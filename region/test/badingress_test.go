package test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net/http"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/ebb-node/ebb/region/internal/load"
)

// TestBadIngressesHarmNobody gives the gateway what it cannot do, beside a host
// that it serves.
func TestBadIngressesHarmNobody(t *testing.T) {
	pods := workers(t, 1)
	host := rawIngress(t, "good", "")
	slice(t, "good", pods)
	target := at(t, host, "/")
	answering(t, target, "Hello crowd!")
	good, other := pair(t, host), pair(t, host)
	secret(t, "mismatch", good.Certificate[0], other)
	customers := load.Start(t.Context(), region.HTTP(), target, load.Shape{PerSecond: 50})

	for name, bad := range map[string]struct{ hosts, path, tls, says string }{
		"a host that is taken":    {hosts: host, says: "good"},
		"a host that is too long": {hosts: strings.Repeat("long.", 60) + "example.org", says: "long.long."},
		"a path without a slash":  {hosts: "path.example.org", path: "no-slash", says: "no-slash"},
		// No URL has it; see RFC 3986, section 3.3.
		"a path with a forbidden character": {hosts: "path2.example.org", path: "/tea|milk", says: "/tea|milk"},
		"a key of another certificate":      {hosts: "tls.example.org", tls: "mismatch", says: "mismatch"},
		"a certificate that is not there":   {hosts: "tls2.example.org", tls: "nowhere", says: "nowhere"},
	} {
		t.Run(name, func(t *testing.T) {
			// Of two that were made in the same second the name decides.
			object := fmt.Sprintf("worse-%x", len(name))
			applyText(t, badIngress(object, bad.hosts, bad.path, bad.tls))
			t.Cleanup(func() { _, _ = region.tryKubectl("delete", "kingress", object, "--wait=false") })
			eventually(t, 30*time.Second, func(context.Context) error {
				shown, err := region.tryKubectl("get", "kingress", object, "-o", `jsonpath={.status.conditions[?(@.type=="Ready")]}`)
				if err == nil && (!strings.Contains(shown, `"status":"False"`) || !strings.Contains(shown, bad.says)) {
					err = fmt.Errorf("condition %s, want False and %q in its message", shown, bad.says)
				}
				return err
			})
			eventually(t, 30*time.Second, func(ctx context.Context) error {
				list, err := region.kube.CoreV1().Events("default").List(ctx, metav1.ListOptions{FieldSelector: "involvedObject.name=" + object})
				if err != nil {
					return err
				}
				for _, event := range list.Items {
					if event.Type == corev1.EventTypeWarning && strings.Contains(event.Message, bad.says) {
						return nil
					}
				}
				return fmt.Errorf("no warning that tells of %q among %d events", bad.says, len(list.Items))
			})
		})
	}
	lossless(t, "beside bad Ingresses", customers.Stop())
}

// TestPathsThatOnlyTheRelayCanMatch asks for paths with characters that a URL
// may have and a rule of the load balancer may not: the relay serves them.
func TestPathsThatOnlyTheRelayCanMatch(t *testing.T) {
	pods := workers(t, 1)
	rawIngress(t, "good", "")
	slice(t, "good", pods)
	for i, path := range []string{"/tea_milk", "/~tea", "/tea;milk=1", "/" + strings.Repeat("a", 80)} {
		name := fmt.Sprint("relayed-", i)
		applyText(t, badIngress(name, name+".example.org", path, ""))
		t.Cleanup(func() { _, _ = region.tryKubectl("delete", "kingress", name, "--wait=false") })
		answering(t, at(t, name+".example.org", path), "Hello crowd!")
		other := load.Start(t.Context(), region.HTTP(), at(t, name+".example.org", "/other"), load.Shape{InFlight: 1, Requests: 1}).Wait()
		if other.Failed != other.Requests || !strings.Contains(strings.Join(other.Reasons, ""), " 404 ") {
			t.Errorf("%s: another path is answered with %s", path, &other)
		}
	}
}

func badIngress(name, host, path, secret string) string {
	pathLine, tlsLine := "", ""
	if path != "" {
		pathLine = fmt.Sprintf("path: %q, ", path)
	}
	if secret != "" {
		tlsLine = fmt.Sprintf("tls: [{hosts: [%s], secretName: %s, secretNamespace: default}]", host, secret)
	}
	return fmt.Sprintf(`
apiVersion: networking.internal.knative.dev/v1alpha1
kind: Ingress
metadata:
  name: %s
  annotations: {networking.knative.dev/ingress.class: slb.ingress.networking.knative.dev}
spec:
  %s
  rules:
    - hosts: [%s]
      visibility: ExternalIP
      http:
        paths: [{%ssplits: [{serviceNamespace: default, serviceName: good, servicePort: 80, percent: 100}]}]
`, name, tlsLine, host, pathLine)
}

// TestCertificatesAreRotatedWithoutLoss changes a Secret while customers ask
// over TLS.
func TestCertificatesAreRotatedWithoutLoss(t *testing.T) {
	pods := workers(t, 1)
	old := pair(t, "rotated.example.org")
	secret(t, "rotated", old.Certificate[0], old)
	host := rawIngress(t, "rotated", "tls: [{hosts: [rotated.example.org], secretName: rotated, secretNamespace: default}]")
	slice(t, "rotated", pods)

	client, seen := trusting(host)
	target := load.Target{URL: "https://" + gateway(t) + "/", Host: host}
	eventually(t, 30*time.Second, func(ctx context.Context) error {
		if report := load.For(ctx, 50*time.Millisecond, client, target, load.Shape{InFlight: 1}); report.Answers["Hello crowd!"] == 0 {
			return fmt.Errorf("%s", &report)
		}
		return nil
	})
	customers := load.Start(t.Context(), client, target, load.Shape{PerSecond: steadily})
	next := pair(t, host)
	secret(t, "rotated", next.Certificate[0], next)
	eventually(t, time.Minute, func(context.Context) error {
		if serial := seen(); serial != next.Leaf.SerialNumber.String() {
			return fmt.Errorf("the load balancer shows certificate %s, want %s", serial, next.Leaf.SerialNumber)
		}
		return nil
	})
	linger(t, 15*time.Second)
	lossless(t, "rotation of a certificate", customers.Stop())
}

// trusting is a client that takes any certificate and keeps no connection, and
// what serial number the last one had.
func trusting(host string) (*http.Client, func() string) {
	serials := make(chan string, 1)
	serials <- ""
	client := region.HTTP()
	transport := client.Transport.(*http.Transport)
	transport.DisableKeepAlives = true
	transport.TLSClientConfig = &tls.Config{
		ServerName: host, InsecureSkipVerify: true,
		VerifyConnection: func(state tls.ConnectionState) error {
			<-serials
			serials <- state.PeerCertificates[0].SerialNumber.String()
			return nil
		},
	}
	return client, func() string {
		serial := <-serials
		serials <- serial
		return serial
	}
}

// pair is a new key with a certificate for a host.
func pair(t *testing.T, host string) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	serial, err := rand.Int(rand.Reader, big.NewInt(1<<62))
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: host}, DNSNames: []string{host},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(90 * 24 * time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}
}

// secret holds a certificate and the key of a pair.
func secret(t *testing.T, name string, certificate []byte, key tls.Certificate) {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	secrets := region.kube.CoreV1().Secrets("default")
	s := &corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{Name: name}, Type: corev1.SecretTypeTLS,
		Data: map[string][]byte{
			"tls.crt": pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate}),
			"tls.key": pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}),
		},
	}
	if _, err := secrets.Update(t.Context(), s, metav1.UpdateOptions{}); err == nil {
		return
	}
	if _, err := secrets.Create(t.Context(), s, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = secrets.Delete(context.Background(), name, metav1.DeleteOptions{}) })
}
