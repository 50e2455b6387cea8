package node

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/sirupsen/logrus"
	vknode "github.com/virtual-kubelet/virtual-kubelet/node"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/record"
	"k8s.io/utils/clock"
)

const (
	// statusInterval is a kubelet's nodeStatusUpdateFrequency; a node that
	// somebody deleted is registered again within it.
	statusInterval = 10 * time.Second
	// registerAgain is the pause after a registration that failed: the API
	// server may just be starting.
	registerAgain = 2 * time.Second
)

// Controller keeps the node registered.
type Controller struct {
	Spec     Spec
	Health   *Health
	Kube     kubernetes.Interface
	Recorder record.EventRecorder
	Log      logrus.FieldLogger
	Clock    clock.WithTicker

	mu     sync.Mutex
	notify func(*corev1.Node)
}

// Run keeps the node and its lease in the API server until ctx ends.
func (c *Controller) Run(ctx context.Context) {
	for ctx.Err() == nil {
		if err := c.once(ctx); err != nil && ctx.Err() == nil {
			c.Log.WithError(err).Warn("cannot keep the node registered, will try again")
		}
		select {
		case <-ctx.Done():
		case <-c.Clock.After(registerAgain):
		}
	}
}

// once registers the node and keeps it until that fails.
func (c *Controller) once(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if err := c.reconcileTaints(ctx); err != nil {
		return err
	}
	controller, err := vknode.NewNodeController(c, c.object(), c.Kube.CoreV1().Nodes(),
		vknode.WithNodeEnableLeaseV1(c.Kube.CoordinationV1().Leases(corev1.NamespaceNodeLease), vknode.DefaultLeaseDuration),
		vknode.WithNodeStatusUpdateInterval(statusInterval),
		vknode.WithNodeStatusUpdateErrorHandler(c.restore))
	if err != nil {
		return fmt.Errorf("node %s: %w", c.Spec.Name, err)
	}
	go c.follow(ctx, controller.Ready())
	return controller.Run(ctx)
}

// object is the node as it should be now.
func (c *Controller) object() *corev1.Node {
	node := c.Spec.Object()
	node.Status.Conditions = conditions(c.Health.Get(), c.Clock.Now())
	return node
}

// restore registers the node again when it was deleted; other errors stay.
func (c *Controller) restore(ctx context.Context, err error) error {
	if !apierrors.IsNotFound(err) {
		return err
	}
	c.Log.WithField("node", c.Spec.Name).Warn("the node was deleted, registering it again")
	_, err = c.Kube.CoreV1().Nodes().Create(ctx, c.object(), metav1.CreateOptions{})
	if apierrors.IsAlreadyExists(err) {
		return nil
	}
	return err
}

// Ping always succeeds: a failing one would stop the lease, and the control
// plane would evict pods that run well. The cloud's health is a condition.
func (c *Controller) Ping(ctx context.Context) error { return ctx.Err() }

// NotifyNodeStatus implements virtual-kubelet's NodeProvider.
func (c *Controller) NotifyNodeStatus(_ context.Context, notify func(*corev1.Node)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.notify = notify
}

// follow reports the node when the cloud's health changes, and when patience
// with it ends.
func (c *Controller) follow(ctx context.Context, ready <-chan struct{}) {
	select {
	case <-ctx.Done():
		return
	case <-ready:
	}
	ticker := c.Clock.NewTicker(statusInterval)
	defer ticker.Stop()
	last := ReasonStarting
	for {
		c.mu.Lock()
		notify := c.notify
		c.mu.Unlock()
		notify(c.object())
		last = c.tell(last)
		select {
		case <-ctx.Done():
			return
		case <-c.Health.change:
		case <-ticker.C():
		}
	}
}

// tell records a change of the cloud's health as an event of the node.
func (c *Controller) tell(last string) string {
	now := c.Health.Get()
	if now.Reason == last || now.Reason == ReasonStarting {
		return last
	}
	node := &corev1.ObjectReference{Kind: "Node", APIVersion: "v1", Name: c.Spec.Name, UID: types.UID(c.Spec.Name)} // as a kubelet does
	if now.Reason == "" {
		c.Recorder.Event(node, corev1.EventTypeNormal, "CloudReachable", "ECI answers")
		c.Log.Info("ECI answers")
	} else {
		c.Recorder.Event(node, corev1.EventTypeWarning, now.Reason, now.Message)
		c.Log.WithField("reason", now.Reason).Error(now.Message)
	}
	return now.Reason
}
