package credits

import (
	"context"
	"iter"
	"sync"

	"github.com/sirupsen/logrus"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/kubernetes"
	kuberecord "k8s.io/client-go/tools/record"
	"k8s.io/utils/clock"

	"github.com/ebb-node/ebb/eci"
	"github.com/ebb-node/ebb/instancespecs"
)

// Cloud is what the sampler needs of ECI. *eci.Client has it.
type Cloud interface {
	// Metrics returns samples of at most 20 groups by id.
	Metrics(ctx context.Context, ids []string) (map[string][]eci.MetricRecord, error)
}

// Config is what a Sampler works with. All members are required.
type Config struct {
	// Instances yields the node's pods with their container groups.
	Instances func() iter.Seq2[*corev1.Pod, *eci.Group]
	Cloud     Cloud
	// Market is the present catalogue and prices.
	Market   func() *instancespecs.Market
	Kube     kubernetes.Interface
	Recorder kuberecord.EventRecorder
	Log      logrus.FieldLogger
	Clock    clock.Clock
}

// Sampler keeps the accounts of a node's burstable pods. It is a Runnable of a
// controller-runtime manager, and a collector of metrics.
type Sampler struct {
	Config

	size int // of the next batch

	// Step alone changes the accounts, and holds the lock while it does so:
	// scrapes read them.
	mu       sync.Mutex
	accounts map[types.UID]*account
}

// New builds a Sampler; Start runs it.
func New(c Config) *Sampler {
	return &Sampler{Config: c, size: batch, accounts: map[types.UID]*account{}}
}

// NeedLeaderElection keeps replicas that do not run the node from asking.
func (s *Sampler) NeedLeaderElection() bool { return true }

// Start samples until ctx ends.
func (s *Sampler) Start(ctx context.Context) error {
	for {
		pods := s.Step(ctx)
		select {
		case <-ctx.Done():
			return nil
		case <-s.Clock.After(gap(pods)):
		}
	}
}

// Step makes one call, about the pods that have waited longest, books the
// answer and tells what follows from it. It returns the number of burstable
// pods.
func (s *Sampler) Step(ctx context.Context) int {
	s.follow()
	ids := s.turn()
	if len(ids) > 0 {
		records, err := s.Cloud.Metrics(ctx, ids)
		if ctx.Err() != nil {
			return len(s.accounts)
		}
		s.book(ids, records, err)
	}
	s.tell(ctx)
	return len(s.accounts)
}

func (s *Sampler) logFor(pod *corev1.Pod) logrus.FieldLogger {
	return s.Log.WithFields(logrus.Fields{"namespace": pod.Namespace, "pod": pod.Name, "uid": pod.UID})
}
