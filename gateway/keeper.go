package gateway

import (
	"context"
	"sync"

	"github.com/ebb-node/ebb/slb"
)

// keeper runs the Writers of load balancers for as long as the Manager leads.
type keeper struct {
	leading chan struct{} // closed when ctx is set
	ctx     context.Context
	running sync.WaitGroup
}

func newKeeper() *keeper { return &keeper{leading: make(chan struct{})} }

// Start waits for the end, and then for the Writers: no write of this process
// may come after those of the next leader.
func (k *keeper) Start(ctx context.Context) error {
	k.ctx = ctx
	close(k.leading)
	<-ctx.Done()
	k.running.Wait()
	return nil
}

// NeedLeaderElection says that only one replica writes.
func (k *keeper) NeedLeaderElection() bool { return true }

// run a Writer until the end, or until it is stopped.
func (k *keeper) run(ctx context.Context, w *slb.Writer) (stop func(), err error) {
	select {
	case <-k.leading:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	inner, cancel := context.WithCancel(k.ctx)
	done := make(chan struct{})
	k.running.Go(func() {
		defer close(done)
		_ = w.Run(inner) // ends with its context
	})
	return func() { cancel(); <-done }, nil
}
