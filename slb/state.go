package slb

import "errors"

// State is what has come of a wish: what the last read-back shows.
type State struct {
	// Desired is the wish that this is about.
	Desired Desired
	// Actual was read after the last write for it.
	Actual Actual
	// Problems are wishes that could not be fulfilled, by object.
	Problems []Problem
	// Done means that Actual is as Desired: nothing is left to do.
	Done bool
	// Settled means that no step is left that could help: what is not as
	// Desired are Problems that stay.
	Settled bool
	// Err is what keeps from the load balancer as a whole: a *GoneError, or a
	// failure to read it. Then Actual is old.
	Err error

	problems map[Object]error
	pending  map[Object]bool
	left     int // steps to do
}

// ErrPending is the answer for an object that is not as desired yet.
var ErrPending = errors.New("it is not programmed yet")

// newState compares a wish with what was read. Failed are the problems of the
// writes that were tried.
func newState(p Planner, d Desired, a Actual, failed []Problem) State {
	plan := p.Plan(d, a)
	s := State{
		Desired: d, Actual: a, Problems: append(plan.Problems, failed...), Done: len(plan.Steps) == 0 && len(plan.Problems) == 0,
		problems: map[Object]error{}, pending: map[Object]bool{}, left: len(plan.Steps),
	}
	s.Settled = s.left == 0 || len(failed) > 0 && !waits(failed)
	for _, problem := range s.Problems {
		if _, known := s.problems[problem.Object]; !known {
			s.problems[problem.Object] = problem.Err
		}
	}
	for _, step := range plan.Steps {
		s.await(step)
	}
	return s
}

// await marks what a step that is still to do is about.
func (s *State) await(step Step) {
	switch step := step.(type) {
	case CreateRules:
		for _, r := range step.Rules {
			s.pending[RuleObject(step.Endpoint, r.Domain, r.URL)] = true
		}
	case AddMembers:
		s.awaitMembers(step.Group, step.Members)
	case SetWeights:
		s.awaitMembers(step.Group, step.Members)
	case CreateGroup:
		s.pending[step.about()] = true
		s.awaitMembers(step.Group, step.Members)
	case RemoveMembers, DeleteRules, DeleteGroup, DeleteCertificate, DeleteExtension, DeleteListener:
		// What is too much does not keep what is wanted from working.
	default:
		s.pending[step.about()] = true
	}
}

func (s *State) awaitMembers(group string, members []Member) {
	for _, m := range members {
		s.pending[MemberObject(group, m)] = true
	}
}

// object is nil when read-back proves an object, else why it does not.
func (s *State) object(o Object) error {
	if err := s.problems[o]; err != nil {
		return Problem{o, err}
	}
	if s.pending[o] {
		return Problem{o, ErrPending}
	}
	return nil
}

// Listener is nil when read-back proves that a listener runs as desired.
func (s *State) Listener(e Endpoint) error {
	if s.Err != nil {
		return s.Err
	}
	if s.Actual.Instance.Status == statusInactive {
		return Problem{InstanceObject(s.Actual.Instance.ID), ErrPending}
	}
	if err := s.object(ListenerObject(e)); err != nil {
		return err
	}
	if l := s.Actual.listener(e); l == nil || l.Status != statusRunning {
		return Problem{ListenerObject(e), ErrPending}
	}
	return nil
}

// Group is nil when read-back proves that a group has its members with their
// weights. Members that could not be placed do not count as long as another
// one serves.
func (s *State) Group(key string) error {
	if s.Err != nil {
		return s.Err
	}
	o := GroupObject(key)
	if err := s.object(o); err != nil {
		return err
	}
	g := s.Actual.group(key)
	if g == nil {
		return Problem{o, ErrPending}
	}
	return s.members(key, g)
}

func (s *State) members(key string, g *ActualGroup) error {
	var refused error
	serves := false
	for _, want := range s.desiredMembers(key) {
		o := MemberObject(key, want)
		serves = serves || want.Weight > 0
		switch err := s.object(o); {
		case err == nil:
		case errors.Is(err, ErrPending):
			return err
		case refused == nil:
			refused = err
		}
	}
	if serves && !g.serving() {
		if refused == nil {
			return Problem{GroupObject(key), ErrPending}
		}
		return refused
	}
	return nil
}

func (s *State) desiredMembers(key string) []Member {
	for _, g := range s.Desired.Groups {
		if g.Key == key {
			return g.Members
		}
	}
	return nil
}

// Rule is nil when read-back proves that a desired rule is there, on a running
// listener, and leads to a group with its members.
func (s *State) Rule(e Endpoint, domain, url string) error {
	if err := s.Listener(e); err != nil {
		return err
	}
	o := RuleObject(e, domain, url)
	if err := s.object(o); err != nil {
		return err
	}
	l := s.Actual.listener(e)
	rule := l.rule(match{domain, url})
	if rule == nil {
		return Problem{o, ErrPending}
	}
	g := s.Actual.groupByID(rule.GroupID)
	if g == nil || !g.Owned {
		return Problem{o, ErrPending}
	}
	return s.Group(g.Key)
}

// Extension is nil when read-back proves that a listener shows the desired
// certificate for a server name.
func (s *State) Extension(port int, domain string) error {
	if err := s.Listener(Endpoint{HTTPS, port}); err != nil {
		return err
	}
	o := ExtensionObject(port, domain)
	if err := s.object(o); err != nil {
		return err
	}
	if s.Actual.listener(Endpoint{HTTPS, port}).extension(domain) == nil {
		return Problem{o, ErrPending}
	}
	return nil
}
