package testregion

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// Kubectl runs kubectl and answers its standard output.
func (r *Region) Kubectl(t *testing.T, args ...string) string {
	t.Helper()
	output, err := r.TryKubectl(args...)
	if err != nil {
		t.Fatal(err)
	}
	return output
}

// TryKubectl is Kubectl where a failure may be; the error has what kubectl
// wrote to its standard error.
func (r *Region) TryKubectl(args ...string) (string, error) {
	cmd := exec.Command(r.Bin("kubectl"), args...)
	cmd.Env = append(os.Environ(), "KUBECONFIG="+r.Kubeconfig())
	output, err := cmd.Output()
	if exit, ok := err.(*exec.ExitError); ok {
		err = fmt.Errorf("kubectl %s: %w: %s", strings.Join(args, " "), err, exit.Stderr)
	}
	return string(output), err
}

// Eventually asks again until there is no error, for at most a time.
func Eventually(t *testing.T, atMost time.Duration, ask func(context.Context) error) {
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
