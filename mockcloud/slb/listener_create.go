package slb

// The actions that make a listener. It starts as stopped.

type createHTTP struct {
	portRef
	target
	sharedSettings
	httpSettings
	forwardSettings
	Tag []tag
}

func (r *createHTTP) change(s *state, w *world) (any, error) {
	l := &listener{
		port: r.ListenerPort, protocol: protocolHTTP, target: r.target,
		shared: r.sharedSettings, http: r.httpSettings, forward: r.forwardSettings,
	}
	if err := l.forward.validate(); err != nil {
		return nil, err
	}
	l.forward.fill()
	if !l.forward.on() {
		if err := firstError(l.http.mandatory(), l.target.validate(s, r.LoadBalancerId, w)); err != nil {
			return nil, err
		}
	}
	return nil, s.addHTTP(r.LoadBalancerId, l, r.Tag, w)
}

type createHTTPS struct {
	portRef
	target
	sharedSettings
	httpSettings
	httpsSettings
	Tag []tag
}

func (r *createHTTPS) change(s *state, w *world) (any, error) {
	l := &listener{
		port: r.ListenerPort, protocol: protocolHTTPS, target: r.target,
		shared: r.sharedSettings, http: r.httpSettings, https: r.httpsSettings,
	}
	if err := firstError(l.http.mandatory(), l.target.validate(s, r.LoadBalancerId, w), l.https.validate(s)); err != nil {
		return nil, err
	}
	l.https.fill()
	return nil, s.addHTTP(r.LoadBalancerId, l, r.Tag, w)
}

// addHTTP adds a listener of layer 7.
func (s *state) addHTTP(balancer string, l *listener, more []tag, w *world) error {
	if err := l.http.validate(); err != nil {
		return err
	}
	l.http.fill()
	return s.addListener(balancer, l, more, w)
}

type createTCP struct {
	portRef
	target
	sharedSettings
	tcpSettings
	HealthCheckSwitch *string
	// The creation, and only it, writes this name with a small letter.
	HealthCheckInterval *int `rpc:"healthCheckInterval"`
	Tag                 []tag
}

func (r *createTCP) change(s *state, w *world) (any, error) {
	l := &listener{
		port: r.ListenerPort, protocol: protocolTCP, target: r.target,
		shared: r.sharedSettings, tcp: r.tcpSettings, check: tcpCheck{"on", 2},
	}
	if err := firstError(l.target.validate(s, r.LoadBalancerId, w), l.tcp.validate(),
		l.check.set(r.HealthCheckSwitch, r.HealthCheckInterval)); err != nil {
		return nil, err
	}
	l.tcp.fill()
	return nil, s.addListener(r.LoadBalancerId, l, r.Tag, w)
}

// schedulers that a listener may have
// (https://help.aliyun.com/en/slb/classic-load-balancer/user-guide/backend-server-overview).
func (l *listener) schedulers() []string {
	if l.layer7() {
		return []string{"wrr", "rr"}
	}
	return []string{"wrr", "rr", "sch", "tch"}
}

func (s *state) addListener(balancer string, l *listener, more []tag, w *world) error {
	lb, err := s.editBalancer(balancer)
	if err != nil {
		return err
	}
	if err := firstError(
		inRange("ListenerPort", &l.port, 1, 65535),
		l.shared.validate(l.schedulers()...),
		s.checkACL(&l.shared, w),
	); err != nil {
		return err
	}
	if lb.listenerIndex(l.port, "") >= 0 {
		return refuse("ListenerAlreadyExists", "A listener with port %d already exists.", l.port)
	}
	if len(lb.listeners) >= w.quotas.Listeners {
		return refuse("ListenerNumberOverLimit", "The load balancer has %d listeners, which is the quota.", len(lb.listeners))
	}
	if l.tags, err = l.tags.with(more, tagsPerResource); err != nil {
		return err
	}
	l.shared.fill()
	l.state = stopped
	lb.listeners = append(lb.listeners, l)
	return nil
}

// checkACL refuses an access control list that is not there or full.
func (s *state) checkACL(c *sharedSettings, w *world) error {
	id := value(c.AclId)
	if id == "" {
		return nil
	}
	if _, ok := s.acls[id]; !ok {
		return aclNotFound(id)
	}
	if len(s.boundListeners(id)) >= w.quotas.ListenersPerACL {
		return refuse("OverQuota", "The access control list %s has as many listeners as it may.", id)
	}
	return nil
}
