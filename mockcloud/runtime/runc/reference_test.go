package runc

import (
	"testing"

	"github.com/google/go-containerregistry/pkg/authn"

	"github.com/ebb-node/ebb/mockcloud/runtime"
)

func TestParseImage(t *testing.T) {
	digest := "@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	mirrors := map[string]string{"docker.io": "10.1.1.1:5000", "dev.local": "mirror.example"}
	tests := []struct {
		image, from, scheme string
	}{
		{"nginx", "10.1.1.1:5000/library/nginx:latest", "http"},
		{"docker.io/a/b:2", "10.1.1.1:5000/a/b:2", "http"},
		{"dev.local/hello", "mirror.example/hello:latest", "https"},
		{"registry.example/a/b/c:1", "registry.example/a/b/c:1", "https"},
		{"plain.example/aa:1", "plain.example/aa:1", "http"},
		{"gcr.io/aa" + digest, "gcr.io/aa" + digest, "https"},
	}
	for _, test := range tests {
		_, from, err := parseImage(test.image, mirrors, []string{"plain.example"})
		if err != nil {
			t.Errorf("%s: %v", test.image, err)
			continue
		}
		if from.Name() != test.from || from.Context().Scheme() != test.scheme {
			t.Errorf("%s: from %s by %s, want %s by %s", test.image, from.Name(), from.Context().Scheme(), test.from, test.scheme)
		}
	}
	if _, from, err := parseImage("nginx", nil, nil); err != nil || from.Name() != "index.docker.io/library/nginx:latest" {
		t.Errorf("without a mirror: %v, %v", from, err)
	}
	for _, bad := range []string{"", "UPPER/case", "a b", "x@sha256:12"} {
		if _, _, err := parseImage(bad, nil, nil); err == nil {
			t.Errorf("%q was understood", bad)
		}
	}
}

func TestCredentials(t *testing.T) {
	tests := []struct {
		server, registry string
		matches          bool
	}{
		{"registry.example", "registry.example", true},
		{"https://registry.example/", "registry.example", true},
		{"registry.example/team", "registry.example", true},
		{"registry.example:5000", "registry.example:5000", true},
		{"registry.example", "registry.example:5000", false},
		{"https://index.docker.io/v1/", "index.docker.io", true},
		{"docker.io", "index.docker.io", true},
		{"other.example", "registry.example", false},
	}
	for _, test := range tests {
		got := authenticator(test.registry, []runtime.Credential{{Server: test.server, UserName: "u", Password: "p"}})
		if (got != authn.Anonymous) != test.matches {
			t.Errorf("credential for %s, registry %s: %v", test.server, test.registry, got != authn.Anonymous)
		}
	}
}
