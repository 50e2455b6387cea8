package testregion

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"

	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"

	"github.com/ebb-node/ebb/region/internal/control"
	"github.com/ebb-node/ebb/region/internal/layout"
)

// Boot boots a region in a directory that has its binaries, as another user
// if one is given.
func Boot(dir, source string, user *syscall.Credential, flags ...string) (*Region, error) {
	l, err := layout.New(dir, source)
	if err != nil {
		return nil, err
	}
	r := &Region{Layout: l, Client: control.NewClient(l.ControlSocket()), ended: make(chan struct{})}
	if err := r.boot(user, append([]string{"up", "--build=false", "--dir=" + dir, "--source=" + source}, flags...)); err != nil {
		return nil, err
	}
	r.Kube, err = r.client()
	return r, err
}

func (r *Region) boot(user *syscall.Credential, args []string) error {
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
	if !r.listen(output) {
		return fmt.Errorf("the region did not come up; its logs are in %s", r.Run("log"))
	}
	return nil
}

// listen keeps what the region says. It returns when the region is up, or has
// ended.
func (r *Region) listen(output io.Reader) (up bool) {
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
	return up
}

func (r *Region) client() (kubernetes.Interface, error) {
	config, err := clientcmd.BuildConfigFromFlags("", r.Kubeconfig())
	if err != nil {
		return nil, err
	}
	config.QPS, config.Burst = 200, 400
	return kubernetes.NewForConfig(config)
}
