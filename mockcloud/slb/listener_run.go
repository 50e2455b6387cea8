package slb

import "slices"

// startListener is StartLoadBalancerListener
// (https://www.alibabacloud.com/help/en/slb/classic-load-balancer/developer-reference/api-slb-2014-05-15-startloadbalancerlistener).
type startListener struct{ listenerRef }

func (r *startListener) change(s *state, w *world) (any, error) {
	l, err := r.edit(s)
	if err != nil {
		return nil, err
	}
	if l.status(w.now) != stopped {
		return nil, statusError(l, w)
	}
	l.move(starting, running, w)
	return nil, nil
}

// stopListener is StopLoadBalancerListener.
type stopListener struct{ listenerRef }

func (r *stopListener) change(s *state, w *world) (any, error) {
	l, err := r.edit(s)
	if err != nil {
		return nil, err
	}
	if l.status(w.now) != running {
		return nil, statusError(l, w)
	}
	l.move(stopping, stopped, w)
	return nil, nil
}

// deleteListener is DeleteLoadBalancerListener. Rules and domain extensions go
// with the listener, and with the last one the load balancer falls inactive.
type deleteListener struct{ listenerRef }

func (r *deleteListener) change(s *state, w *world) (any, error) {
	l, err := r.edit(s)
	if err != nil {
		return nil, err
	}
	if now := l.status(w.now); now != stopped && now != running {
		return nil, statusError(l, w)
	}
	lb := s.balancers[r.LoadBalancerId]
	lb.listeners = slices.DeleteFunc(lb.listeners, func(x *listener) bool { return x == l })
	if len(lb.listeners) == 0 {
		lb.status = inactive
	}
	return nil, nil
}

// edit finds the listener to change.
func (r *listenerRef) edit(s *state) (*listener, error) {
	if err := r.validate(); err != nil {
		return nil, err
	}
	_, l, err := s.editListener(r.LoadBalancerId, r.ListenerPort, r.ListenerProtocol)
	return l, err
}

func statusError(l *listener, w *world) error {
	if l.status(w.now) == stopping {
		return listenerStopping()
	}
	return listenerStatusNotSupported()
}
