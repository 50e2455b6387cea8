package test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/ebb-node/ebb/region/internal/cluster"
)

// TestEbbWithAWrongCloud starts further nodes whose cloud cannot be used. Each
// says why in one line, stays, and shows the reason on its node.
func TestEbbWithAWrongCloud(t *testing.T) {
	for index, test := range []struct {
		name  string
		flags []string
		env   []string
		cause string // in the line that tells
	}{
		{"region", []string{"--region=cn-nowhere"}, nil, "cn-nowhere"},
		{"key", nil, []string{"ALIBABA_CLOUD_ACCESS_KEY_ID=LTAIwrong"}, "InvalidAccessKeyId.NotFound"},
		{"secret", nil, []string{"ALIBABA_CLOUD_ACCESS_KEY_SECRET=wrong"}, "SignatureDoesNotMatch"},
		{"token", nil, []string{"ALIBABA_CLOUD_SECURITY_TOKEN=over"}, "InvalidSecurityToken"},
		{"endpoint", []string{"--eci-endpoint=https://10.244.0.1:9"}, nil, "10.244.0.1:9"},
	} {
		t.Run(test.name, func(t *testing.T) {
			name := "wrong-" + test.name
			output := startEbb(t, name, 10260+index, test.flags, test.env)
			t.Cleanup(func() {
				_ = region.kube.CoreV1().Nodes().Delete(context.Background(), name, metav1.DeleteOptions{})
			})
			eventually(t, 15*time.Second, func(ctx context.Context) error { return toldOnce(output.String(), test.cause) })
			eventually(t, 15*time.Second, func(ctx context.Context) error { return notReadyFor(ctx, name, test.cause) })
		})
	}
}

// startEbb runs one more ebb in the region until the test ends.
func startEbb(t *testing.T, node string, port int, flags, env []string) *outputBuffer {
	t.Helper()
	key, err := os.ReadFile(region.AccessKey())
	if err != nil {
		t.Fatal(err)
	}
	output := &outputBuffer{}
	args := []string{"shell", "--dir=" + region.Root, "--", region.Bin("ebb"), "run", "--gateway=false", "--reserve=false",
		"--kubeconfig=" + region.Run("ebb.kubeconfig"), "--node-name=" + node, "--node-ip=" + cluster.NodeIP,
		fmt.Sprint("--kubelet-port=", port), "--region=" + cluster.Region, "--cluster-id=" + node, "--eci-endpoint=https://" + cluster.Cloud,
		"--ecs-endpoint=https://" + cluster.Cloud, "--metrics-bind-address=0", "--health-probe-bind-address=0"}
	cmd := exec.Command(filepath.Join(region.Source, "bin", "region"), append(args, flags...)...)
	cmd.Env = append(append(os.Environ(), strings.Fields(string(key))...), "SSL_CERT_FILE="+region.PKI("ca.crt"))
	cmd.Env = append(cmd.Env, env...)
	cmd.Stdout, cmd.Stderr = output, output
	// nsenter forks; its group is what can be ended.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		_ = cmd.Wait()
		close(ended)
	}()
	t.Cleanup(func() {
		select {
		case <-ended:
			t.Errorf("ebb ended by itself:\n%s", output)
		default:
			_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
			<-ended
		}
	})
	return output
}

// toldOnce looks for the one line above info level that names the cause.
func toldOnce(log, cause string) error {
	for line := range strings.Lines(log) {
		if !strings.Contains(line, "level=info") && strings.Contains(line, cause) {
			return nil
		}
	}
	return fmt.Errorf("no line names %q in:\n%s", cause, log)
}

func notReadyFor(ctx context.Context, name, cause string) error {
	node, err := region.kube.CoreV1().Nodes().Get(ctx, name, metav1.GetOptions{})
	if err != nil {
		return err
	}
	for _, condition := range node.Status.Conditions {
		if condition.Type == corev1.NodeReady && condition.Status != corev1.ConditionTrue && strings.Contains(condition.Message, cause) {
			return nil
		}
	}
	return fmt.Errorf("node %s does not say %q: %+v", name, cause, node.Status.Conditions)
}

// outputBuffer collects what a process prints.
type outputBuffer struct {
	mu     sync.Mutex
	buffer bytes.Buffer
}

func (b *outputBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buffer.Write(p)
}

func (b *outputBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buffer.String()
}
