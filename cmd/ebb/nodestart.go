package main

import (
	"context"
	"errors"
	"time"

	"golang.org/x/sync/errgroup"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/client-go/tools/cache"
)

const (
	// checkCalm and checkTroubled are the times between two questions whether
	// the cloud answers, while it does and while it does not.
	checkCalm     = 30 * time.Second
	checkTroubled = 5 * time.Second
)

// Start runs the node until ctx ends. The node is registered at once and is
// Ready when it has taken over the container groups that it already has.
func (n *virtualNode) Start(ctx context.Context) error {
	n.startSink()
	defer n.broadcaster.Shutdown()
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { n.node.Run(ctx); return nil })
	group.Go(func() error { return n.certificates(ctx) })
	group.Go(func() error { return n.server.Serve(ctx) })
	group.Go(func() error { return n.runPods(ctx) })
	return group.Wait()
}

// runPods runs the pods, once everything is known that there is.
func (n *virtualNode) runPods(ctx context.Context) error {
	pods, services := n.podFactory.Core().V1().Pods().Informer(), n.otherFactory.Core().V1().Services().Informer()
	n.podFactory.Start(ctx.Done())
	n.otherFactory.Start(ctx.Done())
	if !cache.WaitForCacheSync(ctx.Done(), pods.HasSynced, services.HasSynced) {
		return nil // ctx has ended
	}
	n.inherit()
	if !n.adopt(ctx) {
		return nil
	}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { n.provider.Run(ctx); return nil })
	group.Go(func() error { return n.watch.Run(ctx) })
	group.Go(func() error { n.checkCloud(ctx); return nil })
	group.Go(func() error {
		err := n.podController.Run(ctx, n.workers)
		if errors.Is(err, context.Canceled) {
			return nil
		}
		return err
	})
	return group.Wait()
}

// inherit tells the node's health of pods that ran before this process: the
// node must not become NotReady now, which would evict them.
func (n *virtualNode) inherit() {
	pods, err := n.provider.Bound()
	if err != nil {
		return
	}
	for _, pod := range pods {
		if pod.Status.Phase == corev1.PodRunning && pod.DeletionTimestamp == nil {
			n.node.Health.Inherit()
			return
		}
	}
}

// adopt takes over the groups that the node has, as soon as the cloud lets it;
// false means that ctx has ended.
func (n *virtualNode) adopt(ctx context.Context) bool {
	for {
		err := n.cloud.Check(ctx)
		if err == nil {
			err = n.provider.Adopt(ctx)
		}
		if ctx.Err() != nil {
			return false
		}
		n.node.Health.Observe(err)
		if err == nil {
			return true
		}
		if !pause(ctx, checkTroubled) {
			return false
		}
	}
}

// checkCloud keeps the node's health true.
func (n *virtualNode) checkCloud(ctx context.Context) {
	wait := checkCalm
	for pause(ctx, wait) {
		err := n.cloud.Check(ctx)
		if ctx.Err() != nil {
			return
		}
		n.node.Health.Observe(err)
		wait = checkCalm
		if err != nil {
			wait = checkTroubled
		}
	}
}

func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
