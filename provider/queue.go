package provider

import (
	"context"
	"time"

	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/util/workqueue"
	"k8s.io/utils/clock"
)

// worker does what a pod needs now. It answers when to look again; zero means
// not before something happens.
type worker func(ctx context.Context, uid types.UID) (again time.Duration)

// newQueue makes a queue of pods; a pod is in it once and worked on once at a
// time.
func newQueue(name string, c clock.WithTicker) workqueue.TypedRateLimitingInterface[types.UID] {
	return workqueue.NewTypedRateLimitingQueueWithConfig(
		// Delays come from the workers, which know why they failed.
		workqueue.NewTypedItemExponentialFailureRateLimiter[types.UID](0, 0),
		workqueue.TypedRateLimitingQueueConfig[types.UID]{Name: "ebb_" + name, Clock: c})
}

// drain works on a queue until it is shut down.
func drain(ctx context.Context, queue workqueue.TypedRateLimitingInterface[types.UID], work worker) {
	for {
		uid, shutdown := queue.Get()
		if shutdown {
			return
		}
		if again := work(ctx, uid); again > 0 {
			queue.AddAfter(uid, again)
		}
		queue.Done(uid)
	}
}
