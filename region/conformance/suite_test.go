package conformance

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"
	"testing"

	"knative.dev/networking/test"
	"knative.dev/networking/test/conformance/ingress"

	gatewayingress "github.com/ebb-node/ebb/gateway/ingress"
	"github.com/ebb-node/ebb/region/internal/cluster"
	"github.com/ebb-node/ebb/region/internal/knative"
	"github.com/ebb-node/ebb/region/internal/testregion"
)

// tests is how many the suite has, so that a run that ends early is not taken
// for a good one.
const tests = 25

// insideRegion in the environment says that this program was started again, in
// a region's network, which the suite's clients need.
const insideRegion = "EBB_CONFORMANCE_INSIDE"

// forbidden are the tests that a load balancer's HTTP listeners cannot pass.
// docs/conformance.md has the documented limit of each.
var forbidden = []string{"grpc", "grpc/split", "headers/probe"}

// TestConformance runs the suite in each mode, one after the other. Nothing is
// skipped: what is forbidden must fail, else the documents are wrong.
func TestConformance(t *testing.T) {
	if os.Getenv(insideRegion) != "" {
		ingress.RunConformance(t)
		return
	}
	for _, mode := range []struct {
		flag string // of ebb
		fail []string
	}{
		{"relay", nil},
		{"direct", forbidden},
	} {
		t.Run(mode.flag, func(t *testing.T) { conforms(t, mode.flag, mode.fail) })
	}
}

func conforms(t *testing.T, mode string, fail []string) {
	region, err := testregion.New("--ebb-flag=--gateway-mode=" + mode)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := region.End(syscall.SIGTERM); err != nil {
			t.Error(err)
		}
	})
	region.Kubectl(t, "create", "namespace", test.ServingNamespace)
	report := runSuite(t, region)
	fmt.Printf("mode %s: %s\n", mode, report)
	if len(report.Outcomes) != tests {
		t.Errorf("%d tests have ended, want %d; it said last:\n%s", len(report.Outcomes), tests, report.End())
	}
	if skipped := report.Named(Skipped); len(skipped) > 0 {
		t.Errorf("skipped: %v", skipped)
	}
	failed := report.Named(Failed)
	if slices.Equal(failed, fail) {
		return
	}
	t.Errorf("failed: %v, want %v", failed, fail)
	for _, name := range failed {
		if !slices.Contains(fail, name) {
			t.Log(report.Said(name))
		}
	}
}

// runSuite runs the suite in a region's network. All that it says is in the
// region's logs.
func runSuite(t *testing.T, region *testregion.Region) *Report {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	log, err := os.Create(region.Log("conformance"))
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	// It ends with an error when a test has failed, which its output says better.
	_ = suite(t.Context(), region, self, log).Run()
	if _, err := log.Seek(0, io.SeekStart); err != nil {
		t.Fatal(err)
	}
	report, err := Read(log)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// suite is this program in a region's network. What it waits for is mostly
// time, so more tests run at once than there are CPUs.
func suite(ctx context.Context, region *testregion.Region, self string, output *os.File) *exec.Cmd {
	cmd := exec.CommandContext(ctx, filepath.Join(region.Source, "bin", "region"), "shell", "--dir="+region.Root, "--", self,
		"-test.v", "-test.run=^TestConformance$", "-test.parallel=12", "-test.timeout=5m",
		"-dockerrepo="+cluster.Registry+"/knative.dev/networking/test/test_images", "-tag="+knative.Version,
		"-ingressClass="+gatewayingress.Class, "-enable-beta", "-enable-alpha")
	cmd.Env = append(os.Environ(), insideRegion+"=1")
	cmd.Stdout, cmd.Stderr = output, output
	return cmd
}
