package boot

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"

	"github.com/ebb-node/ebb/region/internal/cluster"
	"github.com/ebb-node/ebb/region/internal/control"
	"github.com/ebb-node/ebb/region/internal/layout"
	"github.com/ebb-node/ebb/region/internal/sandbox"
)

// Region is a region that runs, seen from the host.
type Region struct {
	Layout layout.Layout
	*control.Client
	// APIServer is the host's URL of the API server.
	APIServer string
	// LoadBalancer is the host's URL of port 80 of the first internet load
	// balancer that is made in the region.
	LoadBalancer string

	init    *exec.Cmd
	steps   io.Reader
	sweeper io.Closer
	ended   chan error
	stop    context.CancelFunc
}

// Start starts a region's sandbox and returns at once. Init and sweep are the
// arguments with which this program, run again, becomes the sandbox's first
// process and the sweeper.
func Start(l layout.Layout, initArgs, sweepArgs []string) (*Region, error) {
	if err := l.Prepare(); err != nil {
		return nil, err
	}
	if err := sandbox.RemoveCgroups(l.CgroupParent()); err != nil && !sandbox.Rootless() {
		return nil, fmt.Errorf("cgroups of the last region are in use: %w", err)
	}
	sweeper, err := sandbox.StartSweeper(sweepArgs...)
	if err != nil {
		return nil, err
	}
	r := &Region{Layout: l, Client: control.NewClient(l.ControlSocket()), sweeper: sweeper, ended: make(chan error, 1)}
	if err := r.startInit(initArgs); err != nil {
		return nil, errors.Join(err, sweeper.Close())
	}
	return r, nil
}

// Ready reports the steps of the boot and returns when the region is up and
// its API server is reached at an address of the host. A region that fails is
// closed.
func (r *Region) Ready(ctx context.Context, listen Listen, report func(string)) error {
	err := r.follow(ctx, report)
	if err == nil {
		err = r.forward(listen)
	}
	if err != nil {
		return errors.Join(err, r.Close())
	}
	return nil
}

// Listen is where the host reaches the region; port 0 lets the system choose.
type Listen struct {
	APIServer    string
	LoadBalancer string
}

func (r *Region) forward(listen Listen) error {
	ctx, stop := context.WithCancel(context.Background())
	r.stop = stop
	api, err := r.Forward(ctx, listen.APIServer, cluster.APIServer)
	if err != nil {
		return err
	}
	balancer, err := r.Forward(ctx, listen.LoadBalancer, cluster.FirstLoadBalancer)
	if err != nil {
		return err
	}
	r.APIServer, r.LoadBalancer = "https://"+api.String(), "http://"+balancer.String()
	return cluster.WriteAdminConfig(r.Layout, r.APIServer)
}

// startInit starts the sandbox, whose output is its steps, a line each.
func (r *Region) startInit(args []string) error {
	reader, writer, err := os.Pipe()
	if err != nil {
		return err
	}
	defer writer.Close()
	init, err := sandbox.Start(writer, args...)
	if err != nil {
		return fmt.Errorf("start the sandbox: %w", err)
	}
	r.init, r.steps = init, reader
	go func() {
		err := init.Wait()
		r.ended <- err
		close(r.ended)
	}()
	return nil
}

// follow reports steps until the region is ready, or has failed.
func (r *Region) follow(ctx context.Context, report func(string)) error {
	lines := make(chan string, maxSteps) // so that the reader never waits for us
	go func() {
		defer close(lines)
		scanner := bufio.NewScanner(r.steps)
		for scanner.Scan() {
			lines <- scanner.Text()
		}
	}()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case line, ok := <-lines:
			reason, failed := strings.CutPrefix(line, failurePrefix)
			switch {
			case failed:
				return errors.New(reason)
			case !ok:
				return errors.New("the region ended while it booted; its logs are in " + r.Layout.Run("log"))
			case line == "ready":
				return nil
			}
			report(line)
		}
	}
}

// maxSteps is more than a boot has.
const maxSteps = 64

// failurePrefix marks the last line of a boot that failed.
const failurePrefix = "failed: "

// Failure is the line that tells the host why a boot failed.
func Failure(err error) string {
	return failurePrefix + strings.ReplaceAll(err.Error(), "\n", " ")
}

// InitPID is the first process of the sandbox, as the host numbers it.
func (r *Region) InitPID() int { return r.init.Process.Pid }

// Ended delivers the region's end.
func (r *Region) Ended() <-chan error { return r.ended }

// Close ends the region in order and leaves nothing behind.
func (r *Region) Close() error {
	if r.stop != nil {
		r.stop()
	}
	_ = r.init.Process.Signal(syscall.SIGTERM)
	select {
	case <-r.ended:
	case <-time.After(closeTimeout + 5*time.Second):
		_ = r.init.Process.Kill()
		<-r.ended
	}
	return r.sweeper.Close()
}
