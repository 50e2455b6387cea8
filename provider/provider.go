package provider

import (
	"context"
	"sync"
	"time"

	"github.com/sirupsen/logrus"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/kubernetes"
	corev1listers "k8s.io/client-go/listers/core/v1"
	kuberecord "k8s.io/client-go/tools/record"
	"k8s.io/client-go/util/workqueue"
	"k8s.io/utils/clock"
)

// Config is what a Provider works with. All members are required unless they
// say otherwise.
type Config struct {
	Identity Identity
	Cloud    Cloud
	Watch    Watch
	Planner  Planner
	// HostIP is the node's address: status.hostIP of its pods.
	HostIP string

	Kube     kubernetes.Interface
	Pods     corev1listers.PodLister // of this node's pods
	Recorder kuberecord.EventRecorder
	Log      logrus.FieldLogger

	// Workers is how many creates, and how many other cloud calls, are under
	// way at once.
	Workers int
	// OrphanGrace is how long a group without a pod is left alone, in case the
	// pod turns up.
	OrphanGrace time.Duration
	// Clock is the real one when it is nil.
	Clock clock.WithTicker
}

// Provider runs the pods of one node as container groups. It implements
// virtual-kubelet's PodLifecycleHandler and PodNotifier.
type Provider struct {
	Config
	registry *registry
	// creates holds the UIDs of pods that want a group; syncs those whose
	// group or object has to be looked at; statuses those with news to show.
	// They are apart so that creates that wait for their quota hold up neither
	// a delete nor a status.
	creates  workqueue.TypedRateLimitingInterface[types.UID]
	syncs    workqueue.TypedRateLimitingInterface[types.UID]
	statuses workqueue.TypedRateLimitingInterface[types.UID]

	notifyMu sync.RWMutex
	notify   func(*corev1.Pod)
}

// New builds a Provider; Run starts it.
func New(cfg Config) *Provider {
	if cfg.Clock == nil {
		cfg.Clock = clock.RealClock{}
	}
	return &Provider{
		Config:   cfg,
		registry: newRegistry(),
		creates:  newQueue("creates", cfg.Clock),
		syncs:    newQueue("syncs", cfg.Clock),
		statuses: newQueue("statuses", cfg.Clock),
	}
}

// Run works until ctx ends. Adopt must have succeeded before.
func (p *Provider) Run(ctx context.Context) {
	var group sync.WaitGroup
	for queue, work := range map[workqueue.TypedRateLimitingInterface[types.UID]]worker{
		p.creates:  p.create,
		p.syncs:    p.sync,
		p.statuses: p.show,
	} {
		for range p.Workers {
			group.Go(func() { drain(ctx, queue, work) })
		}
		context.AfterFunc(ctx, queue.ShutDown)
	}
	group.Go(func() { p.sweepOrphans(ctx) })
	group.Go(func() { p.pollEvents(ctx) })
	group.Wait()
}
