package runc

import (
	"archive/tar"
	"bytes"
	"context"
	"io"
	"log"
	"net/http/httptest"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/registry"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
	"github.com/sirupsen/logrus"

	"github.com/ebb-node/ebb/mockcloud/runtime"
)

// patience is how long anything in the tests may take before they fail. It is
// no waiting time: all waiting is for an observation.
const patience = 20 * time.Second

// gatewayPrefix is the network of the tests' groups.
var gatewayPrefix = netip.MustParsePrefix("10.199.0.1/16")

// hub is a registry that holds the tests' image, "app:1".
var hub = sync.OnceValues(startHub)

type testHub struct {
	address string
	app     []byte // the program
}

func startHub() (*testHub, error) {
	app, err := buildApp()
	if err != nil {
		return nil, err
	}
	server := httptest.NewServer(registry.New(registry.Logger(log.New(io.Discard, "", 0))))
	h := &testHub{address: strings.TrimPrefix(server.URL, "http://"), app: app}
	return h, h.push("app:1", appConfig, h.appLayer())
}

// appVariable names a file that holds the program already.
const appVariable = "MOCKCLOUD_TEST_APP"

// buildApp builds the program that runs in the tests' containers.
func buildApp() ([]byte, error) {
	if path := os.Getenv(appVariable); path != "" {
		return os.ReadFile(path)
	}
	dir, err := os.MkdirTemp("", "app")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	build := exec.Command("go", "build", "-buildvcs=false", "-ldflags", "-s -w", "-o", filepath.Join(dir, "app"), "./testdata/app")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		return nil, err
	}
	return os.ReadFile(filepath.Join(dir, "app"))
}

// appConfig is the configuration of the tests' image.
var appConfig = v1.Config{
	Entrypoint: []string{"/app"},
	Cmd:        []string{"wait"},
	Env:        []string{"FROM_IMAGE=image", "BOTH=image"},
	WorkingDir: "/work",
}

type tarFile struct {
	name, content, link string
	mode                int64
	uid                 int
	kind                byte
}

func (h *testHub) appLayer() []tarFile {
	return []tarFile{
		{name: "app", content: string(h.app), mode: 0o755},
		{name: "work/", kind: tar.TypeDir, mode: 0o777},
		{name: "tmp/", kind: tar.TypeDir, mode: 0o1777},
		{name: "etc/passwd", content: "root:x:0:0::/root:/bin/sh\nbarista:x:1234:2345::/home/barista:/bin/sh\n", mode: 0o644},
		{name: "etc/group", content: "root:x:0:\ncoffee:x:2345:\nmilk:x:3456:barista\n", mode: 0o644},
	}
}

func (h *testHub) push(image string, config v1.Config, layers ...[]tarFile) error {
	img, err := makeImage(config, layers...)
	if err != nil {
		return err
	}
	ref, err := name.ParseReference(h.address + "/" + image)
	if err != nil {
		return err
	}
	return remote.Write(ref, img)
}

func makeImage(config v1.Config, layers ...[]tarFile) (v1.Image, error) {
	img := v1.Image(empty.Image)
	for _, files := range layers {
		layer, err := tarball.LayerFromOpener(func() (io.ReadCloser, error) {
			return io.NopCloser(bytes.NewReader(makeTar(files))), nil
		})
		if err != nil {
			return nil, err
		}
		if img, err = mutate.AppendLayers(img, layer); err != nil {
			return nil, err
		}
	}
	return mutate.Config(img, config)
}

func makeTar(files []tarFile) []byte {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, f := range files {
		kind := f.kind
		if kind == 0 {
			kind = tar.TypeReg
		}
		header := &tar.Header{Name: f.name, Typeflag: kind, Mode: f.mode, Size: int64(len(f.content)), Linkname: f.link, Uid: f.uid}
		if err := w.WriteHeader(header); err != nil {
			panic(err)
		}
		if _, err := w.Write([]byte(f.content)); err != nil {
			panic(err)
		}
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// testConfig is a configuration for a state directory of the test's own.
func testConfig(t testing.TB) Config {
	logger := logrus.New()
	logger.SetOutput(t.Output())
	return Config{
		StateDir: filepath.Join(t.TempDir(), "state"), Bridge: "br0", Gateway: gatewayPrefix,
		CgroupParent: filepath.Join(os.Getenv(insideVariable), shortHash(t.TempDir())),
		BackOff:      50 * time.Millisecond, Log: logrus.NewEntry(logger),
	}
}

// bench is a runtime under test.
type bench struct {
	testing.TB
	rt  *Runtime
	hub *testHub
}

func newBench(t testing.TB) *bench { return newBenchWith(t, testConfig(t)) }

func newBenchWith(t testing.TB, config Config) *bench {
	t.Helper()
	h, err := hub()
	if err != nil {
		t.Fatal("build the tests' image: ", err)
	}
	rt, err := New(config)
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{TB: t, rt: rt.(*Runtime), hub: h}
	t.Cleanup(func() {
		if err := rt.Close(); err != nil {
			t.Error("Close: ", err)
		}
		nothingLeft(t, config)
	})
	return b
}

// app is a container of the tests' image that takes these steps.
func (b *bench) app(name string, steps ...string) runtime.Container {
	return runtime.Container{Name: name, Image: b.hub.address + "/app:1", Args: steps}
}

// group is a group of containers that are not restarted.
func (b *bench) group(id string, containers ...runtime.Container) runtime.Group {
	return runtime.Group{
		ID: id, Name: "name-of-" + id, IP: netip.MustParseAddr("10.199.0.9"),
		RestartPolicy: restartNever, Containers: containers,
	}
}

// start starts a group and follows it.
func (b *bench) start(g runtime.Group) *watcher {
	b.Helper()
	w := &watcher{TB: b.TB, changed: make(chan struct{}, 1)}
	if err := b.rt.Start(g, w.observe); err != nil {
		b.Fatal(err)
	}
	return w
}

// finish runs a group to its end.
func (b *bench) finish(g runtime.Group) runtime.Status {
	b.Helper()
	return b.start(g).until("final", func(s runtime.Status) bool { return final(s.Phase) })
}

// log is what a container wrote.
func (b *bench) log(id, container string) string {
	b.Helper()
	lines, err := b.rt.Logs(id, container, runtime.LogOptions{})
	if err != nil {
		b.Fatal(err)
	}
	return textOf(lines)
}

func textOf(lines []runtime.LogLine) string {
	var text strings.Builder
	for _, line := range lines {
		text.Write(line.Text)
	}
	return text.String()
}

// exec runs a command and answers its exit code and output.
func (b *bench) exec(id, container string, e runtime.Exec) (int, string) {
	b.Helper()
	var output limitedBuffer
	output.left = 1 << 20
	e.Stdout, e.Stderr = &output, &output
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	code, err := b.rt.Exec(ctx, id, container, e)
	if err != nil {
		b.Fatalf("%v; the group's status is %+v", err, b.rt.group(id).report.snapshot())
	}
	return code, output.String()
}
