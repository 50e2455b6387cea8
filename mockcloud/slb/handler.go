package slb

import "github.com/ebb-node/ebb/mockcloud/rpc"

// do is a write from its arrival to its answer.
func (s *Service) do(call *rpc.Call, a write) (any, error) {
	if s.config.Latencies.Write <= 0 {
		return s.doAtOnce(call, a)
	}
	sc, err := s.begin(call, a)
	if err != nil {
		return nil, err
	}
	over := make(chan struct{})
	s.config.Clock.AfterFunc(s.config.Latencies.Write, func() { close(over) })
	<-over
	return s.finish(call, a, sc)
}

func (s *Service) doAtOnce(call *rpc.Call, a write) (any, error) {
	s.mu.Lock()
	next, answer, err := apply(s.state, a, s.world(call.AccessKeyID))
	s.commit(next, err)
	s.mu.Unlock()
	s.effects.flush()
	return answer, err
}

func (s *Service) begin(call *rpc.Call, a write) (scope, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	sc := a.scope(s.state)
	next, err := begin(s.state, a, s.world(call.AccessKeyID))
	s.state = next
	return sc, err
}

func (s *Service) finish(call *rpc.Call, a write, sc scope) (any, error) {
	s.mu.Lock()
	next, answer, err := finish(s.state, a, sc, s.world(call.AccessKeyID))
	s.commit(next, err)
	s.mu.Unlock()
	s.effects.flush()
	return answer, err
}

// commit takes over a state; what a successful write changed goes to the data
// plane. The caller holds the lock and flushes the effects without it.
func (s *Service) commit(next *state, err error) {
	s.state = next
	if err == nil {
		s.effects.add(next)
	}
}

// look is a read.
func (s *Service) look(call *rpc.Call, a read) (any, error) {
	s.mu.Lock()
	current, w := s.state, s.world(call.AccessKeyID)
	s.mu.Unlock()
	return a.answer(current, w)
}
