// Package test holds the tests that need a whole region: real Kubernetes, real
// containers, and ebb with the rights of its own service account.
package test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"

	"github.com/ebb-node/ebb/region/internal/control"
	"github.com/ebb-node/ebb/region/internal/layout"
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

func runIn(m *testing.M) (code int, err error) {
	region, err = newRegion(append(shortWindows, "--ebb-flag=--log-level=debug", "--ebb-flag=--orphan-grace=5s")...)
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

// testRegion is a region in a directory of its own, with the binaries of the
// checkout.
type testRegion struct {
	layout.Layout
	*control.Client
	kube    kubernetes.Interface
	process *exec.Cmd
	ended   chan struct{}

	mu   sync.Mutex
	told []string // what it said
}

// newRegion boots a region; "make region-test" has built it.
func newRegion(flags ...string) (*testRegion, error) {
	source, err := filepath.Abs("../..")
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "ebb-region-")
	if err != nil {
		return nil, err
	}
	if err := os.Symlink(filepath.Join(source, ".region", "bin"), filepath.Join(dir, "bin")); err != nil {
		return nil, err
	}
	return bootRegion(dir, source, nil, flags...)
}

// bootRegion boots a region in a directory that has its binaries, as another
// user if one is given.
func bootRegion(dir, source string, user *syscall.Credential, flags ...string) (*testRegion, error) {
	l, err := layout.New(dir, source)
	if err != nil {
		return nil, err
	}
	r := &testRegion{Layout: l, Client: control.NewClient(l.ControlSocket()), ended: make(chan struct{})}
	return r, r.boot(user, append([]string{"up", "--build=false", "--dir=" + dir, "--source=" + source}, flags...))
}

func (r *testRegion) boot(user *syscall.Credential, args []string) error {
	r.process = exec.Command(filepath.Join(r.Source, "bin", "region"), args...)
	r.process.Dir = r.Root
	r.process.Stderr = os.Stderr
	// A test that is killed takes its regions along.
	runtime.LockOSThread()
	r.process.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM, Credential: user}
	output, err := r.process.StdoutPipe()
	if err != nil {
		return err
	}
	if err := r.process.Start(); err != nil {
		return fmt.Errorf("%w; run 'make build' first", err)
	}
	up := false
	lines := bufio.NewScanner(output)
	for !up && lines.Scan() {
		r.tell(lines.Text())
		fmt.Println(lines.Text())
		up = strings.Contains(lines.Text(), "the region is up")
	}
	go func() {
		for lines.Scan() {
			r.tell(lines.Text())
		}
		_ = r.process.Wait()
		close(r.ended)
	}()
	if !up {
		return fmt.Errorf("the region did not come up; its logs are in %s", r.Run("log"))
	}
	config, err := clientcmd.BuildConfigFromFlags("", r.Kubeconfig())
	if err != nil {
		return err
	}
	config.QPS, config.Burst = 200, 400
	r.kube, err = kubernetes.NewForConfig(config)
	return err
}

func (r *testRegion) tell(line string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.told = append(r.told, line)
}

// lines are what the region has said so far.
func (r *testRegion) lines() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.told)
}

// end ends the region with a signal and removes its files, unless the logs of
// a failure are worth keeping.
func (r *testRegion) end(signal syscall.Signal) error {
	if err := r.process.Process.Signal(signal); err != nil {
		return err
	}
	select {
	case <-r.ended:
	case <-time.After(time.Minute):
		return fmt.Errorf("region %s did not end within a minute of %v", r.Root, signal)
	}
	if keep := os.Getenv("EBB_KEEP_REGION"); keep != "" {
		fmt.Println("kept:", r.Root)
		return nil
	}
	return os.RemoveAll(r.Root)
}

// kubectl runs kubectl and answers its standard output.
func (r *testRegion) kubectl(t *testing.T, args ...string) string {
	t.Helper()
	output, err := r.tryKubectl(args...)
	if err != nil {
		t.Fatal(err)
	}
	return output
}

func (r *testRegion) tryKubectl(args ...string) (string, error) {
	cmd := exec.Command(r.Bin("kubectl"), args...)
	cmd.Env = append(os.Environ(), "KUBECONFIG="+r.Kubeconfig())
	output, err := cmd.Output()
	if exit, ok := err.(*exec.ExitError); ok {
		err = fmt.Errorf("kubectl %s: %w: %s", strings.Join(args, " "), err, exit.Stderr)
	}
	return string(output), err
}

// eventually asks again until there is no error, for at most a time.
func eventually(t *testing.T, atMost time.Duration, ask func(context.Context) error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), atMost)
	defer cancel()
	for {
		err := ask(ctx)
		if err == nil {
			return
		}
		select {
		case <-ctx.Done():
			t.Fatalf("not within %v: %v", atMost, err)
		case <-time.After(50 * time.Millisecond):
		}
	}
}
