package slb

import (
	"cmp"
	"maps"
	"slices"
	"time"
)

// state is all that the product remembers. It and the objects in it are never
// changed once a call is over: a write works on a clone, in which it replaces
// objects by changed copies.
type state struct {
	serial       uint64 // of the newest object
	balancers    map[string]*loadBalancer
	groups       map[string]*serverGroup
	certificates map[string]*certificate
	acls         map[string]*accessList
	tokens       map[string]token
	busy         map[string]busy // by what is being configured
	// released says until when a certificate counts as used that nothing uses
	// any more.
	released map[string]time.Time
}

func newState() *state {
	return &state{
		balancers: map[string]*loadBalancer{}, groups: map[string]*serverGroup{},
		certificates: map[string]*certificate{}, acls: map[string]*accessList{},
		tokens: map[string]token{}, busy: map[string]busy{}, released: map[string]time.Time{},
	}
}

func (s *state) clone() *state {
	return &state{
		serial:    s.serial,
		balancers: maps.Clone(s.balancers), groups: maps.Clone(s.groups),
		certificates: maps.Clone(s.certificates), acls: maps.Clone(s.acls),
		tokens: maps.Clone(s.tokens), busy: maps.Clone(s.busy), released: maps.Clone(s.released),
	}
}

// nextSerial numbers objects in the order of their creation.
func (s *state) nextSerial() uint64 {
	s.serial++
	return s.serial
}

func (s *state) balancer(id string) (*loadBalancer, error) {
	if lb, ok := s.balancers[id]; ok {
		return lb, nil
	}
	return nil, loadBalancerNotFound(id)
}

// editBalancer answers a copy that may be changed.
func (s *state) editBalancer(id string) (*loadBalancer, error) {
	lb, err := s.balancer(id)
	if err != nil {
		return nil, err
	}
	next := *lb
	next.listeners = slices.Clone(lb.listeners)
	next.tags = slices.Clone(lb.tags)
	s.balancers[id] = &next
	return &next, nil
}

func (s *state) group(id string) (*serverGroup, error) {
	if g, ok := s.groups[id]; ok {
		return g, nil
	}
	return nil, groupNotFound(id)
}

// editGroup answers a copy that may be changed.
func (s *state) editGroup(id string) (*serverGroup, error) {
	g, err := s.group(id)
	if err != nil {
		return nil, err
	}
	next := *g
	next.members = slices.Clone(g.members)
	next.tags = slices.Clone(g.tags)
	s.groups[id] = &next
	return &next, nil
}

// listener finds the listener of a port. Listeners of one port differ in being
// TCP or UDP; there is no UDP here, so a port has one at most.
func (s *state) listener(balancer string, port int, protocol string) (*listener, error) {
	lb, err := s.balancer(balancer)
	if err != nil {
		return nil, err
	}
	if i := lb.listenerIndex(port, protocol); i >= 0 {
		return lb.listeners[i], nil
	}
	return nil, listenerNotFound(port)
}

// editListener answers a copy that may be changed, and its load balancer.
func (s *state) editListener(balancer string, port int, protocol string) (*loadBalancer, *listener, error) {
	if _, err := s.listener(balancer, port, protocol); err != nil {
		return nil, nil, err
	}
	lb, err := s.editBalancer(balancer)
	if err != nil {
		return nil, nil, err
	}
	i := lb.listenerIndex(port, protocol)
	next := *lb.listeners[i]
	next.rules = slices.Clone(next.rules)
	next.extensions = slices.Clone(next.extensions)
	next.tags = slices.Clone(next.tags)
	lb.listeners[i] = &next
	return lb, &next, nil
}

// sorted lists objects in the order of their creation.
func sorted[T interface{ order() uint64 }](objects map[string]T) []T {
	return slices.SortedFunc(maps.Values(objects), func(a, b T) int { return cmp.Compare(a.order(), b.order()) })
}
