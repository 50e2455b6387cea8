package eci

import "fmt"

// SetCredits brings the balance of a burstable group to a number of credits. A
// balance is nothing that could be written anywhere: it follows from how much CPU a
// group has used in which time, and whoever keeps books of his own from the metrics
// knows it from there only. So the group works at full speed, or rests, until the
// balance is as wanted, and the time of the whole cloud moves ahead by as long as that
// takes.
func (s *Service) SetCredits(id string, balance float64) (CreditState, error) {
	s.setting.Lock()
	defer s.setting.Unlock()
	g, err := s.findBurstable(id, balance)
	if err != nil {
		return CreditState{}, err
	}
	s.sample(g) // what was used until now was used by the containers
	if err := s.drive(g, balance); err != nil {
		return CreditState{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if g.status != running {
		return CreditState{}, fmt.Errorf("credits: container group %s became %s while its balance was brought to %v", id, g.status, balance)
	}
	return CreditState{g.id, g.instanceType, g.credits.book.State()}, nil
}

// findBurstable finds a group whose balance can become a number of credits.
func (s *Service) findBurstable(id string, balance float64) (*group, error) {
	g, err := s.find(id)
	if err != nil {
		return nil, fmt.Errorf("credits: no container group %s", id)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	terms, burstable := s.terms[g.instanceType]
	switch {
	case !burstable && g.instanceType == "":
		return nil, fmt.Errorf("credits: container group %s is of a size, only burstable instance types have credits", id)
	case !burstable:
		return nil, fmt.Errorf("credits: container group %s: instance type %s is not burstable", id, g.instanceType)
	case g.status != running:
		return nil, fmt.Errorf("credits: container group %s is %s, only groups that run have credits", id, g.status)
	case balance < 0:
		return nil, fmt.Errorf("credits: container group %s: balance %v is negative", id, balance)
	case balance > terms.Cap():
		return nil, fmt.Errorf("credits: container group %s: balance %v is above %v, the cap of %s", id, balance, terms.Cap(), g.instanceType)
	}
	return g, nil
}

// drive holds a group at the rate of use that leads to a balance until it is there.
func (s *Service) drive(g *group, balance float64) error {
	s.mu.Lock()
	if g.credits.book == nil {
		s.mu.Unlock()
		return fmt.Errorf("credits: container group %s: the runtime does not tell what it uses", g.id)
	}
	after, rate := g.credits.book.Reach(balance)
	g.credits.hold(rate)
	s.mu.Unlock()
	s.clock.Advance(after)
	s.sample(g)
	s.mu.Lock()
	defer s.mu.Unlock()
	g.credits.release()
	return nil
}
