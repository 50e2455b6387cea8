package runc

import (
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-containerregistry/pkg/registry"

	"github.com/ebb-node/ebb/mockcloud/runtime"
)

// guarded is a registry in front of another one that wants a password and
// counts what it answers.
type guarded struct {
	http.Handler
	layers, manifests atomic.Int32
}

func (g *guarded) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if user, password, _ := r.BasicAuth(); user != "barista" || password != "s3cret" {
		w.Header().Set("WWW-Authenticate", `Basic realm="test"`)
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	if strings.Contains(r.URL.Path, "/blobs/") {
		g.layers.Add(1)
	}
	if strings.Contains(r.URL.Path, "/manifests/") && r.Method == http.MethodGet {
		g.manifests.Add(1)
	}
	g.Handler.ServeHTTP(w, r)
}

func TestPullErrorsAreRetried(t *testing.T) {
	b := newBench(t)
	g := b.group("g", b.app("main", "print=there"))
	late := "late-" + shortHash(b.rt.config.StateDir) + ":1"
	g.Containers[0].Image = b.hub.address + "/" + late
	w := b.start(g)
	w.until("failed to pull", func(s runtime.Status) bool { return s.Containers[0].Current.Reason == reasonPull })
	w.until("in back-off", func(s runtime.Status) bool {
		c := s.Containers[0].Current
		return s.Phase == runtime.Pending && c.Reason == reasonPullBackOff && strings.Contains(c.Message, late) &&
			s.Event != nil && s.Event.Reason == eventBackOff
	})
	if err := b.hub.push(late, appConfig, b.hub.appLayer()); err != nil {
		t.Fatal(err)
	}
	w.until("final", func(s runtime.Status) bool { return s.Phase == runtime.Succeeded })
}

func TestImagesThatCannotBeHad(t *testing.T) {
	b := newBench(t)
	tests := []struct{ image, policy, reason string }{
		{"Not An Image", "", reasonImageName},
		{b.hub.address + "/never-pulled:1", pullNever, reasonNeverPull},
	}
	for _, test := range tests {
		g := b.group("g", b.app("main"))
		g.Containers[0].Image, g.Containers[0].PullPolicy = test.image, test.policy
		b.start(g).until(test.reason, func(s runtime.Status) bool {
			c := s.Containers[0].Current
			return c.State == waiting && c.Reason == test.reason && c.Message != ""
		})
		if err := b.rt.Remove("g"); err != nil {
			t.Error(err)
		}
	}
}

func TestCredentialsAndPullPolicies(t *testing.T) {
	b := newBench(t)
	inner := registry.New(registry.Logger(log.New(io.Discard, "", 0)))
	open := httptest.NewServer(inner)
	defer open.Close()
	guard := &guarded{Handler: inner}
	server := httptest.NewServer(guard)
	defer server.Close()
	host := strings.TrimPrefix(server.URL, "http://")
	fill := &testHub{address: strings.TrimPrefix(open.URL, "http://"), app: b.hub.app}
	if err := fill.push("app:1", appConfig, fill.appLayer()); err != nil {
		t.Fatal(err)
	}
	run := func(policy string) {
		t.Helper()
		g := b.group("g", b.app("main", "exit=0"))
		g.Containers[0].Image, g.Containers[0].PullPolicy = host+"/app:1", policy
		g.Credentials = []runtime.Credential{{Server: "https://" + host, UserName: "barista", Password: "s3cret"}}
		inside(b, g)
	}
	g := b.group("g", b.app("main", "exit=0"))
	g.Containers[0].Image = host + "/app:1"
	g.Credentials = []runtime.Credential{{Server: host, UserName: "barista", Password: "wr0ng"}}
	w := b.start(g)
	w.until("refused", func(s runtime.Status) bool { return s.Containers[0].Current.Reason == reasonPull })
	if strings.Contains(describe(w.history()), "wr0ng") {
		t.Error("the password is reported")
	}
	if err := b.rt.Remove("g"); err != nil {
		t.Fatal(err)
	}
	run("")
	layers := guard.layers.Load()
	if layers == 0 {
		t.Error("nothing was pulled")
	}
	run("")
	run(pullNever)
	if got := guard.manifests.Load(); got != 1 {
		t.Errorf("%d manifests fetched of an image that is present", got)
	}
	run(pullAlways)
	if got := guard.manifests.Load(); got != 2 {
		t.Errorf("%d manifests fetched with policy Always", got)
	}
	if got := guard.layers.Load() - layers; got > 1 { // the image's configuration may be read again
		t.Errorf("%d blobs fetched of an image that is present", got)
	}
}

func TestMirrorAndOneStoreForAll(t *testing.T) {
	config := testConfig(t)
	h, err := hub()
	if err != nil {
		t.Fatal(err)
	}
	config.RegistryMirrors = map[string]string{"docker.io": h.address}
	b := newBenchWith(t, config)
	if err := h.push("library/app:1", appConfig, h.appLayer()); err != nil {
		t.Fatal(err)
	}
	g := b.group("g", b.app("one", "exit=0"), b.app("two", "exit=0"))
	g.Containers[0].Image, g.Containers[1].Image = "app:1", "docker.io/library/app:1"
	end := b.finish(g)
	if id := end.Containers[0].ImageID; !strings.HasPrefix(id, "docker.io/library/app@sha256:") {
		t.Errorf("image id %q", id)
	}
	found, err := filepath.Glob(filepath.Join(config.StateDir, imagesDir, "sha256-*"))
	if err != nil || len(found) != 1 {
		t.Errorf("extracted: %v, %v", found, err)
	}
}
