package gateway

import (
	"context"
	"sync"

	"k8s.io/client-go/util/workqueue"
)

// inlet lets code that is no watch put requests into a controller's queue,
// without ever waiting.
type inlet[request comparable] struct {
	mu    sync.Mutex
	queue workqueue.TypedRateLimitingInterface[request]
	early []request // that came before the queue
}

// Start is a source of the controller.
func (i *inlet[request]) Start(_ context.Context, queue workqueue.TypedRateLimitingInterface[request]) error {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.queue = queue
	for _, r := range i.early {
		queue.Add(r)
	}
	i.early = nil
	return nil
}

func (i *inlet[request]) add(r request) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.queue == nil {
		i.early = append(i.early, r)
		return
	}
	i.queue.Add(r)
}
