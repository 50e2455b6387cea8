package balancer

import (
	"errors"
	"fmt"
	"sync"
)

// ErrClosed is the error of a balancer that was closed.
var ErrClosed = errors.New("the balancer is closed")

// Balancer forwards for many load balancers. It is safe for concurrent use.
type Balancer struct {
	config Config

	mu        sync.Mutex
	instances map[string]*instance
	closed    bool
}

// New makes a balancer that forwards nothing yet.
func New(config Config) *Balancer {
	return &Balancer{config: config.withDefaults(), instances: map[string]*instance{}}
}

// Apply makes a load balancer be as described, with the groups that its
// listeners and rules name by id. What is the same stays untouched, and
// connections live through every change but the end of their listener.
//
// A description that can't be is refused before anything is changed. Where a
// port or the address can't be had, the error says so, all else is in effect,
// and applying again tries again.
func (b *Balancer) Apply(lb LoadBalancer, groups map[string]Group) error {
	if err := validate(lb, groups); err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	one, err := b.instance(lb)
	if err != nil {
		return err
	}
	return one.apply(lb, groups)
}

// instance answers the one to change, with its address in place.
func (b *Balancer) instance(lb LoadBalancer) (*instance, error) {
	if b.closed {
		return nil, ErrClosed
	}
	for id, other := range b.instances {
		if id != lb.ID && other.address == lb.Address {
			return nil, fmt.Errorf("load balancer %s: Address %s is that of %s", lb.ID, lb.Address, id)
		}
	}
	one := b.instances[lb.ID]
	if one != nil && one.address != lb.Address {
		if err := b.drop(lb.ID); err != nil {
			return nil, err
		}
		one = nil
	}
	if one == nil {
		if err := b.config.Addresses.Add(lb.Address); err != nil {
			return nil, fmt.Errorf("load balancer %s: Address %s: %w", lb.ID, lb.Address, err)
		}
		one = newInstance(&b.config, lb.Address)
		b.instances[lb.ID] = one
	}
	return one, nil
}

// Remove ends a load balancer with all its connections, and gives up its
// address. One that is not there is fine.
func (b *Balancer) Remove(id string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.drop(id)
}

func (b *Balancer) drop(id string) error {
	one := b.instances[id]
	if one == nil {
		return nil
	}
	delete(b.instances, id)
	one.close()
	if err := b.config.Addresses.Remove(one.address); err != nil {
		return fmt.Errorf("load balancer %s: Address %s: %w", id, one.address, err)
	}
	return nil
}

// Health is how the members behind the running listeners of a load balancer
// stand: by port, then by group, then in the group's order. A group that a
// listener reaches by several policies is there once for each.
func (b *Balancer) Health(id string) []MemberHealth {
	b.mu.Lock()
	defer b.mu.Unlock()
	one := b.instances[id]
	if one == nil {
		return nil
	}
	return one.health()
}

// Close ends all load balancers.
func (b *Balancer) Close() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = true
	var failed []error
	for id := range b.instances {
		failed = append(failed, b.drop(id))
	}
	return errors.Join(failed...)
}
