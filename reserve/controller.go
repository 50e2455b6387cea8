package reserve

import (
	"context"
	"fmt"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/errgroup"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/util/workqueue"
	"sigs.k8s.io/controller-runtime/pkg/cluster"
	crcontroller "sigs.k8s.io/controller-runtime/pkg/controller"
	"sigs.k8s.io/controller-runtime/pkg/event"
	"sigs.k8s.io/controller-runtime/pkg/manager"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"github.com/ebb-node/ebb/reserve/report"
)

// Controller is the reserve job: a Runnable of a controller-runtime manager, and a
// collector of metrics.
type Controller struct {
	Config
	rest *rest.Config
	*metrics
}

// New builds a Controller that reaches the API server by a configuration; Start runs
// it. Config.Market, Recorder and Log are required.
func New(rest *rest.Config, c Config) *Controller {
	c.complete()
	return &Controller{Config: c, rest: rest, metrics: newMetrics(c.Clock)}
}

// Add builds a Controller, registers its metrics and adds it to a manager. It brings
// its own cache, which holds only what it needs, and starts it only as leader.
func Add(m manager.Manager, registry prometheus.Registerer, c Config) error {
	controller := New(m.GetConfig(), c)
	if err := registry.Register(controller.metrics); err != nil {
		return fmt.Errorf("metrics of the reserve: %w", err)
	}
	return m.Add(controller)
}

// NeedLeaderElection keeps two replicas from deciding for the same revision.
func (c *Controller) NeedLeaderElection() bool { return true }

const (
	// installInterval is how often it is looked for Knative where it is not.
	installInterval = 10 * time.Second
	// workers reconcile; a reconciliation is a few reads of a cache, and seldom a
	// write.
	workers = 4
	// The back-off of a revision that cannot be reconciled.
	retryFirst, retryMost = 100 * time.Millisecond, 30 * time.Second
	// changes are how many words of the reporter wait for the controller.
	changes = 1024
)

// Start waits for Knative Serving, and then keeps reserves until ctx ends.
func (c *Controller) Start(ctx context.Context) error {
	cluster, err := cluster.New(c.rest, clusterOptions)
	if err != nil {
		return fmt.Errorf("set up the reserve: %w", err)
	}
	if !c.awaitKnative(ctx, cluster.GetRESTMapper()) {
		return nil
	}
	words := make(chan event.TypedGenericEvent[types.NamespacedName], changes)
	reporter := report.New(report.Config{
		Addresses: c.addresses(cluster.GetAPIReader()), Changed: c.changed(ctx, words), Clock: c.Clock, Log: c.Log,
	})
	r := &reconciler{Config: c.Config, client: cluster.GetClient(), reports: reporter, metrics: c.metrics, told: newTold()}
	controller, err := crcontroller.NewUnmanaged("reserve", crcontroller.Options{
		Reconciler: r, MaxConcurrentReconciles: workers,
		RateLimiter: workqueue.NewTypedItemExponentialFailureRateLimiter[reconcile.Request](retryFirst, retryMost),
	})
	if err != nil {
		return fmt.Errorf("set up the reserve: %w", err)
	}
	if err := watch(controller, cluster.GetCache(), words); err != nil {
		return fmt.Errorf("set up the reserve: %w", err)
	}
	c.Log.Info("keeps reserves for Knative revisions")
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return cluster.Start(ctx) })
	group.Go(func() error { return reporter.Start(ctx) })
	group.Go(func() error { return controller.Start(ctx) })
	return group.Wait()
}

// changed passes the reporter's words on to the controller.
func (c *Controller) changed(ctx context.Context, words chan<- event.TypedGenericEvent[types.NamespacedName]) func(types.NamespacedName) {
	return func(key types.NamespacedName) {
		select {
		case words <- event.TypedGenericEvent[types.NamespacedName]{Object: key}:
		case <-ctx.Done():
		}
	}
}

// awaitKnative waits until the API server knows all kinds that are needed; false if
// ctx ended before. Whoever adds the Controller may have looked for them, but a
// replica may lead long after it has started, and Knative may be gone by then: the
// watch of a kind that is not there ends the manager, and the node with it.
func (c *Controller) awaitKnative(ctx context.Context, mapper meta.RESTMapper) bool {
	told := false
	for {
		err := installed(mapper)
		if err == nil {
			return true
		}
		if !told {
			c.Log.WithError(err).Info("waits for Knative Serving to be installed")
			told = true
		}
		select {
		case <-ctx.Done():
			return false
		case <-c.Clock.After(installInterval):
		}
	}
}
