// Package build makes the region's binaries from source. All are built with
// CGO off and from one module, so that they share one build cache.
package build

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/ebb-node/ebb/region/internal/knative"
	"github.com/ebb-node/ebb/region/internal/layout"
)

// kubernetesVersion is that of the module; the API server must report a
// version that clients can parse.
const kubernetesVersion = "1.35.8"

// Target is one binary, or several that are built together.
type Target struct {
	Name     string // of the binary, or of the directory of several
	Packages []string
	Dir      string // module directory, relative to the checkout
	Flags    string // for the linker
}

// Targets are the binaries of the region.
func Targets() []Target {
	return []Target{
		{Name: "ebb", Packages: []string{"./cmd/ebb"}},
		{Name: "mockcloud", Packages: []string{"./cmd/mockcloud"}},
		{Name: "hello", Packages: []string{"./examples/coffee/app"}},
		{Name: "kubectl", Packages: []string{"k8s.io/kubernetes/cmd/kubectl"}, Dir: "region", Flags: versionFlags()},
		{Name: "controlplane", Packages: []string{"./cmd/controlplane"}, Dir: "region", Flags: versionFlags()},
		{Name: "knative", Packages: knative.Programs, Dir: "region"},
		{Name: "conformance", Packages: knative.TestPrograms, Dir: "region"},
	}
}

func versionFlags() string {
	const version = "-X k8s.io/component-base/version."
	parts := strings.Split(kubernetesVersion, ".")
	return strings.Join([]string{
		version + "gitVersion=v" + kubernetesVersion,
		version + "gitMajor=" + parts[0],
		version + "gitMinor=" + parts[1],
		version + "gitCommit=module",
		version + "gitTreeState=clean",
		version + "buildDate=1970-01-01T00:00:00Z",
	}, " ")
}

// All builds what is missing or out of date, one target after the other since
// the linker of the large ones takes most of the memory of a small machine.
// Report is called before and after each.
func All(ctx context.Context, l layout.Layout, report func(name string, took time.Duration, done bool)) error {
	for _, target := range Targets() {
		start := time.Now()
		report(target.Name, 0, false)
		if err := target.build(ctx, l); err != nil {
			return err
		}
		report(target.Name, time.Since(start), true)
	}
	return collectKnative(ctx, l)
}

func (t Target) build(ctx context.Context, l layout.Layout) error {
	output := l.Bin(t.Name)
	if len(t.Packages) > 1 {
		if err := os.MkdirAll(output, 0o755); err != nil {
			return err
		}
	}
	args := append([]string{"build", "-ldflags=-s -w " + t.Flags, "-o", output}, t.Packages...)
	_, err := goTool(ctx, filepath.Join(l.Source, t.Dir), args...)
	return err
}

// collectKnative puts Knative's YAML beside its binaries, so that a boot needs
// no sources of it.
func collectKnative(ctx context.Context, l layout.Layout) error {
	args := append([]string{"list", "-m", "-f", "{{.Path}} {{.Dir}}"}, knative.Modules()...)
	list, err := goTool(ctx, filepath.Join(l.Source, "region"), args...)
	if err != nil {
		return err
	}
	dirs := map[string]string{}
	for line := range strings.Lines(list) {
		module, dir, _ := strings.Cut(strings.TrimSpace(line), " ")
		dirs[module] = dir
	}
	stream, err := knative.Collect(dirs)
	if err != nil {
		return err
	}
	return os.WriteFile(l.Knative(), stream, 0o644)
}

func goTool(ctx context.Context, dir string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	var problems bytes.Buffer
	cmd.Stderr = &problems
	output, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("go %s: %w\n%s", strings.Join(args, " "), err, &problems)
	}
	return string(output), nil
}
