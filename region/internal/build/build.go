// Package build makes the region's binaries from source. All are built with
// CGO off and from one module, so that they share one build cache.
package build

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/ebb-node/ebb/region/internal/layout"
)

// kubernetesVersion is that of the module; the API server must report a
// version that clients can parse.
const kubernetesVersion = "1.35.8"

// Target is one binary.
type Target struct {
	Name    string
	Package string
	Dir     string // module directory, relative to the checkout
	Flags   string // for the linker
}

// Targets are the binaries of the region.
func Targets() []Target {
	return []Target{
		{Name: "ebb", Package: "./cmd/ebb"},
		{Name: "mockcloud", Package: "./cmd/mockcloud"},
		{Name: "hello", Package: "./examples/coffee/app"},
		{Name: "kubectl", Package: "k8s.io/kubernetes/cmd/kubectl", Dir: "region", Flags: versionFlags()},
		{Name: "controlplane", Package: "./cmd/controlplane", Dir: "region", Flags: versionFlags()},
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

// All builds what is missing or out of date, one after the other since the
// linker of the large one takes most of the memory of a small machine. Report
// is called before and after each.
func All(ctx context.Context, l layout.Layout, report func(name string, took time.Duration, done bool)) error {
	for _, target := range Targets() {
		start := time.Now()
		report(target.Name, 0, false)
		if err := target.build(ctx, l); err != nil {
			return err
		}
		report(target.Name, time.Since(start), true)
	}
	return nil
}

func (t Target) build(ctx context.Context, l layout.Layout) error {
	cmd := exec.CommandContext(ctx, "go", "build", "-ldflags=-s -w "+t.Flags, "-o", l.Bin(t.Name), t.Package)
	cmd.Dir = filepath.Join(l.Source, t.Dir)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if output, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("build %s: %w\n%s", t.Name, err, output)
	}
	return nil
}
