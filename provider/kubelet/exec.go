package kubelet

import (
	"context"
	"errors"
	"fmt"

	"github.com/virtual-kubelet/virtual-kubelet/node/api"
	utilexec "k8s.io/utils/exec"

	"github.com/ebb-node/ebb/eci"
)

// exec runs a command in a container. A code other than zero becomes an error
// that carries it, which is how it reaches kubectl.
func (s *Server) exec(ctx context.Context, namespace, pod, container string, command []string, streams api.AttachIO) error {
	t, err := s.target(namespace, pod, container)
	if err != nil {
		return err
	}
	if status := t.status(); status == nil || status.State.Running == nil {
		return fmt.Errorf("container %q in pod %q is not running", container, pod)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	request := eci.ExecRequest{
		ContainerGroupID: t.groupID, Container: container, Command: command,
		Stdin: streams.Stdin() != nil, TTY: streams.TTY(),
	}
	code, err := s.Cloud.Exec(ctx, request, connect(ctx, streams))
	switch {
	case errors.Is(err, eci.ErrExitCodeUnknown):
		return nil // the streams were served to their end
	case err != nil:
		return err
	case code != 0:
		return utilexec.CodeExitError{Err: fmt.Errorf("command terminated with exit code %d", code), Code: code}
	}
	return nil
}

// connect hands the caller's streams on.
func connect(ctx context.Context, streams api.AttachIO) eci.ExecStreams {
	out := eci.ExecStreams{Stdin: streams.Stdin()}
	if w := streams.Stdout(); w != nil {
		out.Stdout = w
	}
	if w := streams.Stderr(); w != nil {
		out.Stderr = w
	}
	if resize := streams.Resize(); resize != nil {
		out.Resize = sizes(ctx, resize)
	}
	return out
}

// sizes passes terminal sizes on until ctx ends.
func sizes(ctx context.Context, in <-chan api.TermSize) <-chan eci.TerminalSize {
	out := make(chan eci.TerminalSize)
	go func() {
		for {
			select {
			case <-ctx.Done():
				return
			case size, ok := <-in:
				if !ok {
					return
				}
				select {
				case <-ctx.Done():
					return
				case out <- eci.TerminalSize{Width: size.Width, Height: size.Height}:
				}
			}
		}
	}()
	return out
}
