// Package test holds the tests that need a whole region: real Kubernetes, real
// containers, and ebb with the rights of its own service account.
package test

import (
	"context"
	"fmt"
	"os"
	"slices"
	"syscall"
	"testing"
	"time"

	"k8s.io/client-go/kubernetes"

	"github.com/ebb-node/ebb/region/internal/testregion"
)

// region is the one that all tests of this package share.
var region *testRegion

func TestMain(m *testing.M) {
	code, err := runIn(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(code)
}

// hardCloud is a cloud whose load balancers are as hard on their user as the
// documents allow: a write takes its time, the load balancer refuses others for
// a while longer, traffic follows later still, and what a removed backend has
// under way is cut. How long real ones take is not documented; these times are
// some of a second, and in this order.
var hardCloud = []string{
	"--cloud-flag=--latency=slb-write=150ms,slb-configuring=300ms,slb-effect=500ms",
	"--cloud-flag=--slb-cut-on-removal",
}

// ebbFlags let what comes with an interval come soon.
var ebbFlags = []string{
	"--ebb-flag=--log-level=debug", "--ebb-flag=--orphan-grace=5s", "--ebb-flag=--gateway-resync=5s", "--ebb-flag=--gateway-secret-resync=2s",
}

func runIn(m *testing.M) (code int, err error) {
	region, err = newRegion(slices.Concat(shortWindows, hardCloud, ebbFlags)...)
	if err != nil {
		return 1, err
	}
	// The mock cloud's certificate is signed by the region's authority.
	if err := os.Setenv("SSL_CERT_FILE", region.PKI("ca.crt")); err != nil {
		return 1, err
	}
	defer func() {
		if endErr := region.end(syscall.SIGTERM); err == nil {
			err = endErr
		}
	}()
	return m.Run(), nil
}

// testRegion is a region with the names that this package's tests use.
type testRegion struct {
	*testregion.Region
	kube kubernetes.Interface
}

// newRegion boots a region; "make region-test" has built it.
func newRegion(flags ...string) (*testRegion, error) {
	return own(testregion.New(flags...))
}

// bootRegion boots a region in a directory that has its binaries, as another
// user if one is given.
func bootRegion(dir, source string, user *syscall.Credential, flags ...string) (*testRegion, error) {
	return own(testregion.Boot(dir, source, user, flags...))
}

func own(r *testregion.Region, err error) (*testRegion, error) {
	if err != nil {
		return nil, err
	}
	return &testRegion{Region: r, kube: r.Kube}, nil
}

func (r *testRegion) end(signal syscall.Signal) error { return r.End(signal) }

func (r *testRegion) lines() []string { return r.Lines() }

func (r *testRegion) kubectl(t *testing.T, args ...string) string {
	t.Helper()
	return r.Kubectl(t, args...)
}

func (r *testRegion) tryKubectl(args ...string) (string, error) { return r.TryKubectl(args...) }

func eventually(t *testing.T, atMost time.Duration, ask func(context.Context) error) {
	t.Helper()
	testregion.Eventually(t, atMost, ask)
}
