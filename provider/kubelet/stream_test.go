package kubelet

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/remotecommand"
	utilexec "k8s.io/utils/exec"

	"github.com/ebb-node/ebb/eci"
)

// run executes a command the way the API server does.
func (s *site) run(path string, tty bool, stdin io.Reader) (stdout, stderr string, err error) {
	s.t.Helper()
	query := url.Values{"command": {"brew", "--hot"}, "output": {"1"}}
	if stdin != nil {
		query.Set("input", "1")
	}
	if tty {
		query.Set("tty", "1")
	} else {
		query.Set("error", "1")
	}
	target, err := url.Parse(s.url + path + "?" + query.Encode())
	if err != nil {
		s.t.Fatal(err)
	}
	config := &rest.Config{BearerToken: goodToken, TLSClientConfig: rest.TLSClientConfig{Insecure: true}}
	executor, err := remotecommand.NewSPDYExecutor(config, http.MethodPost, target)
	if err != nil {
		s.t.Fatal(err)
	}
	var out, errs bytes.Buffer
	options := remotecommand.StreamOptions{Stdin: stdin, Stdout: &out, Tty: tty}
	if !tty {
		options.Stderr = &errs
	}
	err = executor.StreamWithContext(context.Background(), options)
	return out.String(), errs.String(), err
}

func TestExec(t *testing.T) {
	cloud := &fakeCloud{}
	s := serve(t, newPods(runningPod("latte", metav1.Now(), "app")), cloud, apiServer(allowAll))

	cloud.exec = func(r eci.ExecRequest, streams eci.ExecStreams) (int, error) {
		if r.ContainerGroupID != "eci-latte" || r.Container != "app" || strings.Join(r.Command, " ") != "brew --hot" {
			t.Errorf("asked for %+v", r)
		}
		if r.Stdin != (streams.Stdin != nil) {
			t.Errorf("stdin %v, stream %v", r.Stdin, streams.Stdin)
		}
		if streams.Stdin != nil {
			if _, err := io.Copy(streams.Stdout, streams.Stdin); err != nil {
				t.Error(err)
			}
		}
		if r.TTY {
			_, _ = io.WriteString(streams.Stdout, "tty")
			return 0, nil
		}
		_, _ = io.WriteString(streams.Stderr, "steam")
		return 3, nil
	}
	stdout, stderr, err := s.run("/exec/shop/latte/app", false, strings.NewReader("beans"))
	var exit utilexec.ExitError
	if !errors.As(err, &exit) || exit.ExitStatus() != 3 {
		t.Errorf("err %v, want exit code 3", err)
	}
	if stdout != "beans" || stderr != "steam" {
		t.Errorf("stdout %q, stderr %q", stdout, stderr)
	}
	if stdout, _, err := s.run("/exec/shop/latte/app", true, nil); err != nil || stdout != "tty" {
		t.Errorf("with a terminal: %q, %v", stdout, err)
	}
	cloud.exec = func(eci.ExecRequest, eci.ExecStreams) (int, error) { return -1, eci.ErrExitCodeUnknown }
	if _, _, err := s.run("/exec/shop/latte/app", true, nil); err != nil {
		t.Errorf("an exit code that nobody knows: %v", err)
	}
	cloud.exec = func(eci.ExecRequest, eci.ExecStreams) (int, error) { return -1, errors.New("no shell") }
	if _, _, err := s.run("/exec/shop/latte/app", false, nil); err == nil || !strings.Contains(err.Error(), "no shell") {
		t.Errorf("a command that cannot be run: %v", err)
	}
	if _, _, err := s.run("/exec/shop/latte/other", false, nil); err == nil || !strings.Contains(err.Error(), "no container") {
		t.Errorf("an unknown container: %v", err)
	}
}

func TestExecNeedsARunningContainer(t *testing.T) {
	pod := runningPod("latte", metav1.Now(), "app")
	pod.Status.ContainerStatuses[0].State = corev1.ContainerState{Terminated: &corev1.ContainerStateTerminated{}}
	s := serve(t, newPods(pod), &fakeCloud{}, apiServer(allowAll))
	if _, _, err := s.run("/exec/shop/latte/app", false, nil); err == nil || !strings.Contains(err.Error(), "is not running") {
		t.Errorf("got %v", err)
	}
}

func TestAttachSaysThatItIsNotPossible(t *testing.T) {
	s := serve(t, newPods(runningPod("latte", metav1.Now(), "app")), &fakeCloud{}, apiServer(allowAll))
	for _, tty := range []bool{false, true} {
		if _, _, err := s.run("/attach/shop/latte/app", tty, nil); err == nil || !strings.Contains(err.Error(), "use kubectl exec") {
			t.Errorf("terminal %v: %v", tty, err)
		}
	}
}

func TestPortForwardReachesThePod(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	go func() {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		asked, _ := io.ReadAll(conn) // until the caller has finished
		_, _ = conn.Write([]byte("you said " + string(asked)))
	}()
	server := New(Config{Pods: newPods(runningPod("latte", metav1.Now(), "app")), Cloud: &fakeCloud{}, Log: silent()})
	stream := &halfStream{in: strings.NewReader("hello")}
	port := listener.Addr().(*net.TCPAddr).Port
	if err := server.portForward(context.Background(), "shop", "latte", int32(port), stream); err != nil {
		t.Fatal(err)
	}
	if got := stream.out.String(); got != "you said hello" {
		t.Errorf("got %q", got)
	}
	_ = listener.Close()
	if err := server.portForward(context.Background(), "shop", "latte", int32(port), &halfStream{in: strings.NewReader("")}); err == nil {
		t.Error("a closed port was forwarded")
	}
}

// halfStream is a caller who says everything at once and then listens.
type halfStream struct {
	in  io.Reader
	out bytes.Buffer
}

func (h *halfStream) Read(b []byte) (int, error)  { return h.in.Read(b) }
func (h *halfStream) Write(b []byte) (int, error) { return h.out.Write(b) }
func (h *halfStream) Close() error                { return nil }
