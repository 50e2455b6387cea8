package kubelet

import (
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	authorizationv1 "k8s.io/api/authorization/v1"
	"k8s.io/apimachinery/pkg/runtime"
	clienttesting "k8s.io/client-go/testing"
)

func TestNobodyIsAnonymous(t *testing.T) {
	s := serve(t, newPods(), &fakeCloud{}, apiServer(allowAll))
	for name, authorization := range map[string]string{
		"nothing": "", "another scheme": "Basic YTpi", "no token": "Bearer ", "an unknown token": "Bearer wrong",
	} {
		for _, path := range []string{"/pods", "/healthz", "/metrics/resource", "/nowhere"} {
			if status, _ := s.ask(http.MethodGet, path, authorization); status != http.StatusUnauthorized {
				t.Errorf("%s, %s: %d, want 401", name, path, status)
			}
		}
	}
	if status, body := s.get("/healthz"); status != http.StatusOK || body != "ok" {
		t.Errorf("with a good token: %d %q", status, body)
	}
}

func TestPermissions(t *testing.T) {
	for _, c := range []struct {
		method, path string
		want         []permission
	}{
		{"GET", "/stats/summary", []permission{{"get", "stats"}}},
		{"GET", "/metrics/resource", []permission{{"get", "metrics"}}},
		{"GET", "/logs/x", []permission{{"get", "log"}}},
		{"GET", "/pods", []permission{{"get", "pods"}, {"get", "proxy"}}},
		{"GET", "/runningpods/", []permission{{"get", "pods"}, {"get", "proxy"}}},
		{"GET", "/healthz", []permission{{"get", "healthz"}, {"get", "proxy"}}},
		{"GET", "/containerLogs/a/b/c", []permission{{"get", "proxy"}}},
		{"GET", "/exec/a/b/c", []permission{{"create", "proxy"}}},
		{"POST", "/exec/a/b/c", []permission{{"create", "proxy"}}},
		{"GET", "/portForward/a/b", []permission{{"create", "proxy"}}},
		{"POST", "/attach/a/b/c", []permission{{"create", "proxy"}}},
		{"DELETE", "/anything", []permission{{"delete", "proxy"}}},
		{"GET", "/statsx", []permission{{"get", "proxy"}}},
	} {
		r, err := http.NewRequest(c.method, "https://node"+c.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.want, permissions(r), cmp.AllowUnexported(permission{})); diff != "" {
			t.Errorf("%s %s (-want +got):\n%s", c.method, c.path, diff)
		}
	}
}

func TestTheAPIServerDecides(t *testing.T) {
	s := serve(t, newPods(), &fakeCloud{}, apiServer(func(a *authorizationv1.ResourceAttributes) bool {
		return a.Resource == "nodes" && a.Name == "ebb" && a.Verb == "get" && a.Subresource == "metrics"
	}))
	if status, _ := s.get("/metrics/resource"); status != http.StatusOK {
		t.Errorf("/metrics/resource: %d, want 200", status)
	}
	for _, path := range []string{"/pods", "/stats/summary", "/containerLogs/shop/a/b", "/exec/shop/a/b?command=ls"} {
		if status, _ := s.get(path); status != http.StatusForbidden {
			t.Errorf("%s: %d, want 403", path, status)
		}
	}
}

func TestAnswersOfTheAPIServerAreRemembered(t *testing.T) {
	s := serve(t, newPods(), &fakeCloud{}, apiServer(allowAll))
	reviews := func() (tokens, access int) {
		for _, a := range s.kube.Actions() {
			switch {
			case a.Matches("create", "tokenreviews"):
				tokens++
			case a.Matches("create", "subjectaccessreviews"):
				access++
			}
		}
		return tokens, access
	}
	for range 5 {
		s.get("/metrics/resource")
	}
	if tokens, access := reviews(); tokens != 1 || access != 1 {
		t.Errorf("%d token and %d access reviews for five requests, want one each", tokens, access)
	}
	s.clock.Step(tokenTTL + time.Second)
	s.get("/metrics/resource")
	if tokens, access := reviews(); tokens != 2 || access != 1 {
		t.Errorf("%d token and %d access reviews after the token's time, want 2 and 1", tokens, access)
	}
}

func TestAnAPIServerThatFailsLetsNobodyIn(t *testing.T) {
	kube := apiServer(allowAll)
	s := serve(t, newPods(), &fakeCloud{}, kube)
	failing := func(clienttesting.Action) (bool, runtime.Object, error) { return true, nil, errors.New("etcd is down") }
	kube.PrependReactor("create", "subjectaccessreviews", failing)
	if status, _ := s.get("/pods"); status != http.StatusServiceUnavailable {
		t.Errorf("no access reviews: %d, want 503", status)
	}
	kube.PrependReactor("create", "tokenreviews", failing)
	if status, _ := s.ask(http.MethodGet, "/pods", "Bearer new"); status != http.StatusServiceUnavailable {
		t.Errorf("no token reviews: %d, want 503", status)
	}
}

func TestAClientCertificateIsAUser(t *testing.T) {
	cert := &x509.Certificate{Subject: pkix.Name{CommonName: "kube-apiserver", Organization: []string{"system:masters"}}}
	r := &http.Request{TLS: &tls.ConnectionState{VerifiedChains: [][]*x509.Certificate{{cert}}}, Header: http.Header{}}
	who, err := (&Gate{}).authenticate(r)
	if err != nil || who == nil || who.name != "kube-apiserver" || !cmp.Equal(who.groups, []string{"system:masters"}) {
		t.Errorf("got %+v, %v", who, err)
	}
	r.TLS = &tls.ConnectionState{PeerCertificates: []*x509.Certificate{cert}} // shown, not verified
	if who, err := (&Gate{}).authenticate(r); who != nil || err != nil {
		t.Errorf("an unverified certificate: %+v, %v", who, err)
	}
}
