package slb

import "github.com/ebb-node/ebb/mockcloud/rpc"

// The actions that change a listener. What a call does not say stays.

// setTarget are the parameters of the default group. The switch is wanted to
// leave the instance's default servers.
type setTarget struct {
	VServerGroup   *string
	VServerGroupId string
}

func (r setTarget) apply(s *state, balancer string, t *target, w *world) error {
	if err := onOff("VServerGroup", r.VServerGroup); err != nil {
		return err
	}
	switch value(r.VServerGroup) {
	case "off":
		t.VServerGroupId = ""
		return t.validate(s, balancer, w)
	case "on":
		if r.VServerGroupId == "" {
			return rpc.MissingParameter("VServerGroupId")
		}
	default:
		if r.VServerGroupId == "" {
			return nil
		}
		if t.VServerGroupId == "" {
			return rpc.MissingParameter("VServerGroup")
		}
	}
	t.VServerGroupId = r.VServerGroupId
	return t.validate(s, balancer, w)
}

type setHTTP struct {
	portRef
	setTarget
	sharedSettings
	httpSettings
}

func (r *setHTTP) change(s *state, w *world) (any, error) {
	return nil, s.setListener(&r.portRef, protocolHTTP, r.setTarget, r.sharedSettings, w, func(l *listener) error {
		return l.setHTTP(r.httpSettings)
	})
}

type setHTTPS struct {
	portRef
	setTarget
	sharedSettings
	httpSettings
	httpsSettings
}

func (r *setHTTPS) change(s *state, w *world) (any, error) {
	return nil, s.setListener(&r.portRef, protocolHTTPS, r.setTarget, r.sharedSettings, w, func(l *listener) error {
		overlay(&l.https, r.httpsSettings)
		return firstError(l.https.validate(s), l.setHTTP(r.httpSettings))
	})
}

func (l *listener) setHTTP(given httpSettings) error {
	overlay(&l.http, given)
	err := l.http.validate()
	l.http.fill()
	return err
}

type setTCP struct {
	portRef
	setTarget
	sharedSettings
	tcpSettings
	HealthCheckSwitch   *string
	HealthCheckInterval *int
}

func (r *setTCP) change(s *state, w *world) (any, error) {
	return nil, s.setListener(&r.portRef, protocolTCP, r.setTarget, r.sharedSettings, w, func(l *listener) error {
		overlay(&l.tcp, r.tcpSettings)
		err := firstError(l.tcp.validate(), l.check.set(r.HealthCheckSwitch, r.HealthCheckInterval))
		l.tcp.fill()
		return err
	})
}

// setListener does what the three have in common. A running listener is
// configuring for a while.
func (s *state) setListener(ref *portRef, protocol string, t setTarget, shared sharedSettings, w *world, own func(*listener) error) error {
	_, l, err := s.editListener(ref.LoadBalancerId, ref.ListenerPort, protocol)
	if err != nil {
		return err
	}
	if value(shared.AclId) == value(l.shared.AclId) {
		shared.AclId = nil // bound already
	}
	overlay(&l.shared, shared)
	if err := firstError(
		t.apply(s, ref.LoadBalancerId, &l.target, w),
		l.shared.validate(l.schedulers()...),
		s.checkACL(&shared, w),
		own(l),
	); err != nil {
		return err
	}
	if l.state == running {
		l.move(configuring, running, w)
	}
	return nil
}
