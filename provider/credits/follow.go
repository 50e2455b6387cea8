package credits

import (
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/ebb-node/ebb/eci"
	"github.com/ebb-node/ebb/instancespecs"
)

// follow opens accounts of pods that are new, and closes those whose container
// group runs no more: its credits are gone with it.
func (s *Sampler) follow() {
	s.mu.Lock()
	defer s.mu.Unlock()
	catalogue := s.Market().Catalogue()
	seen := make(map[types.UID]bool, len(s.accounts))
	for pod, group := range s.Instances() {
		typ, ok := catalogue.Lookup(group.InstanceType)
		if !ok || !typ.Burstable || group.Status != eci.StatusRunning || pod.DeletionTimestamp != nil {
			continue
		}
		seen[pod.UID] = true
		if a := s.accounts[pod.UID]; a != nil && a.group == group.ID {
			a.pod = pod
			continue
		}
		s.accounts[pod.UID] = s.open(pod, group, typ, catalogue)
	}
	for uid := range s.accounts {
		if !seen[uid] {
			delete(s.accounts, uid)
		}
	}
}

// open takes up the books of a group: those that the pod carries, or new ones.
func (s *Sampler) open(pod *corev1.Pod, g *eci.Group, t instancespecs.InstanceType, c *instancespecs.Catalogue) *account {
	a := &account{pod: pod, group: g.ID}
	var err error
	if a.ledger, a.level, err = restore(pod.Annotations, g.ID, c); err != nil {
		s.logFor(pod).WithError(err).Warn("cannot go on with the CPU credits that the pod carries, begins anew")
	}
	if a.ledger == nil {
		a.ledger, a.level = newLedger(pod, g, t), Enough
	}
	return a
}

func newLedger(pod *corev1.Pod, g *eci.Group, t instancespecs.InstanceType) *instancespecs.Ledger {
	created := g.CreationTime
	if created.IsZero() {
		created = pod.CreationTimestamp.Time
	}
	l, err := instancespecs.NewLedger(t, instancespecs.Standard, created)
	if err != nil {
		panic(err) // only for a type without credits, and this one has some
	}
	return l
}
