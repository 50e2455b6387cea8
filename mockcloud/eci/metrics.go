package eci

import (
	"slices"
	"time"

	"github.com/ebb-node/ebb/mockcloud/runtime"
)

// Metrics are sampled in the finest period that can be asked for, and kept for
// the window that is answered by default
// (https://help.aliyun.com/zh/eci/developer-reference/api-eci-2018-08-08-describecontainergroupmetric).
const (
	sampleInterval = 15 * time.Second
	keptSamples    = 21 // 5 minutes and the one before
)

// sample is a group's use at one moment.
type sample struct {
	at     time.Time
	cpu    time.Duration
	memory runtime.Memory
	rx, tx uint64
	parts  []part // in the order of the request's containers
}

type part struct {
	cpu    time.Duration
	memory runtime.Memory
}

// sampleAll asks the runtime about every group that runs.
func (s *Service) sampleAll() {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return
	}
	var list []*group
	for _, g := range s.groups.order {
		if g.status == running || g.status == terminating {
			list = append(list, g)
		}
	}
	s.mu.Unlock()
	for _, g := range list {
		s.sample(g)
	}
	s.clock.AfterFunc(sampleInterval, s.sampleAll)
}

// sample asks the runtime about a group and books what it says. A group that the
// runtime does not know has nothing to be booked.
func (s *Service) sample(g *group) {
	s.sampling.Lock()
	defer s.sampling.Unlock()
	u, err := s.runtime.Usage(g.id)
	if err != nil {
		return
	}
	s.mu.Lock()
	now := s.clock.Now()
	u.CPU = g.credits.read(now, u.CPU)
	g.addSample(now, u)
	s.mu.Unlock()
	s.settleCredits(g, now, u.CPU)
}

func (g *group) addSample(now time.Time, u runtime.Usage) {
	one := sample{at: now, cpu: u.CPU, memory: u.Memory, rx: u.RxBytes, tx: u.TxBytes}
	for _, c := range g.request.Container {
		used := u.Containers[c.Name]
		one.parts = append(one.parts, part{used.CPU, used.Memory})
	}
	g.samples = append(g.samples, one)
	if len(g.samples) > keptSamples {
		g.samples = slices.Delete(g.samples, 0, len(g.samples)-keptSamples)
	}
}
