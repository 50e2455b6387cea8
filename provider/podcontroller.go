package provider

import (
	"context"
	"time"

	"github.com/virtual-kubelet/virtual-kubelet/node"
	"k8s.io/client-go/informers"
	corev1informers "k8s.io/client-go/informers/core/v1"
	"k8s.io/client-go/util/workqueue"
)

// Limiter is how fast virtual-kubelet's queues let pods through.
type Limiter int

const (
	// LimiterPerPod slows down a pod that fails, and no other.
	LimiterPerPod Limiter = iota
	// LimiterStock is virtual-kubelet's own: 10 pods a second after 100, over
	// all of them. It is there to be compared with.
	LimiterStock
)

const (
	// retryFirst and retryMost bound the time between two tries of a pod in
	// virtual-kubelet's queues; the first ones are those of its own limiter.
	retryFirst = 5 * time.Millisecond
	retryMost  = 30 * time.Second
)

// PodController builds virtual-kubelet's pod controller around the provider.
// It wants informers of ConfigMaps and Secrets, which are never started: the
// provider reads just what pods name.
func (p *Provider) PodController(pods corev1informers.PodInformer, services corev1informers.ServiceInformer, limiter Limiter) (*node.PodController, error) {
	never := informers.NewSharedInformerFactory(p.Kube, 0).Core().V1()
	config := node.PodControllerConfig{
		PodClient:                 p.PodClient(),
		PodInformer:               pods,
		EventRecorder:             quiet{p.Recorder},
		Provider:                  p,
		ConfigMapInformer:         never.ConfigMaps(),
		SecretInformer:            never.Secrets(),
		ServiceInformer:           services,
		SkipDownwardAPIResolution: true,

		SyncPodsFromKubernetesShouldRetryFunc:    keepTrying,
		DeletePodsFromKubernetesShouldRetryFunc:  keepTrying,
		SyncPodStatusFromProviderShouldRetryFunc: keepTrying,
	}
	if limiter == LimiterPerPod {
		config.SyncPodsFromKubernetesRateLimiter = perPod()
		config.DeletePodsFromKubernetesRateLimiter = perPod()
		config.SyncPodStatusFromProviderRateLimiter = perPod()
	}
	return node.NewPodController(config)
}

func perPod() workqueue.TypedRateLimiter[any] {
	return workqueue.NewTypedItemExponentialFailureRateLimiter[any](retryFirst, retryMost)
}

// keepTrying never gives a pod up; virtual-kubelet would after 20 failures.
func keepTrying(context.Context, string, int, time.Time, error) (*time.Duration, error) {
	return nil, nil
}
