package gateway

import (
	"context"
	"errors"
	"sync"

	"github.com/ebb-node/ebb/slb"
)

// keeper runs what works in the background for as long as the Manager leads,
// above all the Writers of load balancers.
type keeper struct {
	leading chan struct{} // closed when ctx is set
	ctx     context.Context

	mu      sync.Mutex
	ended   bool
	running sync.WaitGroup
}

func newKeeper() *keeper { return &keeper{leading: make(chan struct{})} }

// Start waits for the end, and then for all that runs: no write of this
// process may come after those of the next leader.
func (k *keeper) Start(ctx context.Context) error {
	k.ctx = ctx
	close(k.leading)
	<-ctx.Done()
	k.mu.Lock()
	k.ended = true
	k.mu.Unlock()
	k.running.Wait()
	return nil
}

// NeedLeaderElection says that only one replica writes.
func (k *keeper) NeedLeaderElection() bool { return true }

var errEnded = errors.New("the gateway is ending")

// spawn runs work with a context that ends when the Manager does not lead any
// more.
func (k *keeper) spawn(ctx context.Context, work func(context.Context)) error {
	select {
	case <-k.leading:
	case <-ctx.Done():
		return ctx.Err()
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.ended {
		return errEnded
	}
	k.running.Go(func() { work(k.ctx) })
	return nil
}

// run a Writer until the end, or until it is stopped.
func (k *keeper) run(ctx context.Context, w *slb.Writer) (stop func(), err error) {
	stopped, done := make(chan struct{}), make(chan struct{})
	err = k.spawn(ctx, func(outer context.Context) {
		defer close(done)
		inner, cancel := context.WithCancel(outer)
		defer cancel()
		go func() {
			select {
			case <-stopped:
				cancel()
			case <-inner.Done():
			}
		}()
		_ = w.Run(inner) // ends with its context
	})
	return func() { close(stopped); <-done }, err
}
