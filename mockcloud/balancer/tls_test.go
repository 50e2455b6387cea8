package balancer

import (
	"bufio"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"io"
	"net/http"
	"testing"
	"time"

	"golang.org/x/net/http2"
	testclock "k8s.io/utils/clock/testing"
)

func TestTheCertificateFollowsTheName(t *testing.T) {
	r := newRig(t, Config{})
	l := secure(t, "g")
	l.TLS.Domains = map[string]*tls.Certificate{
		"a.example.com": certificate(t, "a.example.com"),
		"*.example.com": certificate(t, "*.example.com"),
	}
	groups := []Group{group("g", named(t, "a"))}
	r.apply(groups, l)
	check := func(name, want string) {
		t.Helper()
		state, err := handshake(t, r, &tls.Config{ServerName: name})
		if err != nil {
			t.Fatal(err)
		}
		if got := state.PeerCertificates[0].Subject.CommonName; got != want {
			t.Errorf("%q got the certificate of %q, want %q", name, got, want)
		}
	}
	check("a.example.com", "a.example.com")
	check("A.Example.com", "a.example.com")
	check("b.example.com", "*.example.com")
	check("example.com", "default.example.com")
	check("", "default.example.com")

	rotated := l.TLS
	rotated.Domains = map[string]*tls.Certificate{"a.example.com": certificate(t, "rotated.example.com")}
	l.TLS = rotated
	r.apply(groups, l)
	check("a.example.com", "rotated.example.com")
	check("b.example.com", "default.example.com")
}

func TestAPolicyDecidesTheVersions(t *testing.T) {
	r := newRig(t, Config{})
	l := secure(t, "g")
	for _, c := range []struct {
		policy TLSPolicy
		speaks []uint16
	}{
		{TLSPolicy10, []uint16{tls.VersionTLS10, tls.VersionTLS11, tls.VersionTLS12}},
		{TLSPolicy11, []uint16{tls.VersionTLS11, tls.VersionTLS12}},
		{TLSPolicy12, []uint16{tls.VersionTLS12}},
		{TLSPolicy12Strict, []uint16{tls.VersionTLS12}},
		{TLSPolicy12StrictWith13, []uint16{tls.VersionTLS12, tls.VersionTLS13}},
		{"", []uint16{tls.VersionTLS10, tls.VersionTLS11, tls.VersionTLS12}},
	} {
		l.TLS.Policy = c.policy
		r.apply([]Group{group("g")}, l)
		for version := uint16(tls.VersionTLS10); version <= tls.VersionTLS13; version++ {
			want := version >= c.speaks[0] && version <= c.speaks[len(c.speaks)-1]
			if _, err := handshake(t, r, &tls.Config{MinVersion: version, MaxVersion: version}); (err == nil) != want {
				t.Errorf("%q and %s: %v", c.policy, tls.VersionName(version), err)
			}
		}
	}
}

func TestAStrictPolicyWantsForwardSecrecy(t *testing.T) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	r := newRig(t, Config{})
	l := secure(t, "g")
	l.TLS.Certificate = selfSigned(t, "default.example.com", key)
	for policy, want := range map[TLSPolicy]bool{TLSPolicy12: true, TLSPolicy12Strict: false} {
		l.TLS.Policy = policy
		r.apply([]Group{group("g")}, l)
		_, err := handshake(t, r, &tls.Config{MaxVersion: tls.VersionTLS12, CipherSuites: []uint16{tls.TLS_RSA_WITH_AES_128_GCM_SHA256}})
		if (err == nil) != want {
			t.Errorf("%s and a suite without forward secrecy: %v", policy, err)
		}
	}
}

func TestHTTP2IsSpokenInFrontOnly(t *testing.T) {
	r := newRig(t, Config{})
	protos := make(chan string, 1)
	m := backend(t, "a", func(w http.ResponseWriter, r *http.Request) {
		protos <- r.Proto + " " + r.Header.Get("X-Forwarded-Proto")
	})
	l := secure(t, "g")
	l.Forwarded.Proto = true
	for on, want := range map[bool]string{true: "HTTP/2.0", false: "HTTP/1.1"} {
		l.TLS.HTTP2 = on
		r.apply([]Group{group("g", m)}, l)
		client := r.client(443)
		transport := client.Transport.(*http.Transport)
		transport.TLSClientConfig = &tls.Config{InsecureSkipVerify: true}
		transport.ForceAttemptHTTP2 = true
		response, err := client.Get("https://a.example.com/")
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if got := <-protos; response.Proto != want || got != "HTTP/1.1 https" {
			t.Errorf("front %s, backend %s", response.Proto, got)
		}
	}
}

func TestAnHTTP2ConnectionHas128Streams(t *testing.T) {
	r := newRig(t, Config{})
	r.apply([]Group{group("g")}, secure(t, "g"))
	conn, err := tls.Dial("tcp", r.address(443), &tls.Config{InsecureSkipVerify: true, NextProtos: []string{"h2"}})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, http2.ClientPreface); err != nil {
		t.Fatal(err)
	}
	framer := http2.NewFramer(conn, bufio.NewReader(conn))
	if err := framer.WriteSettings(); err != nil {
		t.Fatal(err)
	}
	frame, err := framer.ReadFrame()
	if err != nil {
		t.Fatal(err)
	}
	settings, ok := frame.(*http2.SettingsFrame)
	if !ok {
		t.Fatalf("the first frame is a %T", frame)
	}
	if got, _ := settings.Value(http2.SettingMaxConcurrentStreams); got != 128 {
		t.Errorf("streams = %d, want 128", got)
	}
}

func TestASessionTicketIsGoodForAWhile(t *testing.T) {
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		clock := testclock.NewFakeClock(time.Now())
		r := newRig(t, Config{Clock: clock})
		l := secure(t, "g")
		l.TLS.HTTP2 = false
		r.apply([]Group{group("g", named(t, "a"))}, l)
		cache := tls.NewLRUClientSessionCache(1)
		resumed := func() bool {
			client := r.client(443)
			client.Transport.(*http.Transport).DisableKeepAlives = true
			client.Transport.(*http.Transport).TLSClientConfig = &tls.Config{
				InsecureSkipVerify: true, ServerName: "a", ClientSessionCache: cache, MaxVersion: version}
			response, err := client.Get("https://a.example.com/")
			if err != nil {
				t.Fatal(err)
			}
			body(t, response)
			return response.TLS.DidResume
		}
		resumed()
		r.apply([]Group{group("g", named(t, "a"))}, l) // a new certificate table, the same tickets
		if !resumed() {
			t.Errorf("%s: a fresh ticket was not taken", tls.VersionName(version))
		}
		clock.Step(301 * time.Second)
		if resumed() {
			t.Errorf("%s: a ticket of 301 s was taken", tls.VersionName(version))
		}
	}
}

func TestPlainHTTPOnAnHTTPSListenerIsABadRequest(t *testing.T) {
	r := newRig(t, Config{})
	r.apply([]Group{group("g", named(t, "a"))}, secure(t, "g"))
	if code, _ := r.get(r.client(443), "http://a.example.com/"); code != http.StatusBadRequest {
		t.Errorf("status = %d", code)
	}
}

func TestAnHTTPListenerRedirects(t *testing.T) {
	r := newRig(t, Config{})
	for _, c := range []struct {
		to   Redirect
		want string
		code int
	}{
		{Redirect{Port: 443}, "https://a.example.com/x%2Fy?z=1", 301},
		{Redirect{Port: 8443, Code: 308}, "https://a.example.com:8443/x%2Fy?z=1", 308},
	} {
		l := web("g")
		l.Redirect = c.to
		l.Rules = []Rule{{Name: "ignored", Domain: "a.example.com", Group: "g"}}
		r.apply([]Group{group("g", named(t, "a"))}, l)
		response, err := r.client(80).Get("http://A.example.com:8080/x%2Fy?z=1")
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if got := response.Header.Get("Location"); got != c.want || response.StatusCode != c.code {
			t.Errorf("answer = %d to %q, want %d to %q", response.StatusCode, got, c.code, c.want)
		}
	}
}
