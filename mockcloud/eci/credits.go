package eci

import (
	"time"

	"github.com/ebb-node/ebb/mockcloud/eci/credits"
)

// account is the credits of a group, if its type is burstable, and how the
// runtime was last told to limit it.
type account struct {
	meter
	book    *credits.Book
	limited bool
	cpu     time.Duration // used so far
}

// CreditState is how the credits of a container group stand.
type CreditState struct {
	ContainerGroupID string `json:"containerGroupId"`
	InstanceType     string `json:"instanceType"`
	credits.State
}

// Credits lists the burstable groups that run, in the order of creation.
func (s *Service) Credits() []CreditState {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := []CreditState{}
	for _, g := range s.groups.order {
		if g.credits.book != nil && !g.final() {
			list = append(list, CreditState{g.id, g.instanceType, g.credits.book.State()})
		}
	}
	return list
}

// settleCredits books what a group has used, if its type is burstable, and
// enforces what follows.
func (s *Service) settleCredits(g *group, now time.Time, cpu time.Duration) {
	terms, burstable := s.terms[g.instanceType]
	if !burstable {
		return
	}
	s.mu.Lock()
	limit, due := g.credits.settle(terms, g.began, now, cpu)
	s.mu.Unlock()
	if !due {
		return
	}
	if err := s.runtime.SetCPULimit(g.id, limit); err != nil && s.config.Log != nil {
		s.config.Log.WithError(err).WithField("group", g.id).Warnf("runtime could not limit the group to %v vCPU", limit)
	}
}

// settle answers the limit in vCPU and whether the runtime has to be told: when
// it changes, and after a restart, which forgets it. Telling it more often would
// give the group the rest of the kernel's period each time.
func (a *account) settle(terms credits.Terms, began, now time.Time, cpu time.Duration) (limit float64, due bool) {
	if a.book == nil {
		a.book = credits.Open(terms, began)
	}
	restarted := cpu < a.cpu
	a.cpu = cpu
	a.book.Observe(now, cpu)
	due = a.book.Throttled() != a.limited || a.limited && restarted
	a.limited = a.book.Throttled()
	return a.book.Limit(), due
}
