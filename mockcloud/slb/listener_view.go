package slb

// The answers of DescribeLoadBalancer...ListenerAttribute
// (https://www.alibabacloud.com/help/en/slb/classic-load-balancer/developer-reference/api-slb-2014-05-15-describeloadbalancerhttplistenerattribute
// and siblings).

// listenerView is what they have in common.
type listenerView struct {
	LoadBalancerId string
	ListenerPort   int
	Status         string
	SecurityStatus string
	target
	sharedSettings
	AclIds struct{ AclId []string }
	Tags   tagViews
}

func (l *listener) view(balancer string, w *world) listenerView {
	v := listenerView{
		LoadBalancerId: balancer, ListenerPort: l.port, Status: l.status(w.now), SecurityStatus: "off",
		target: l.target, sharedSettings: l.shared, Tags: l.tags.view(),
	}
	v.AclIds.AclId = l.aclIDs()
	return v
}

func (l *listener) aclIDs() []string {
	if id := value(l.shared.AclId); id != "" {
		return []string{id}
	}
	return []string{}
}

type httpView struct {
	listenerView
	httpSettings
	forwardSettings
	Rules struct{ Rule []ruleView }
}

type describeHTTP struct{ portRef }

func (r *describeHTTP) answer(s *state, w *world) (any, error) {
	l, err := s.listener(r.LoadBalancerId, r.ListenerPort, protocolHTTP)
	if err != nil {
		return nil, err
	}
	v := httpView{listenerView: l.view(r.LoadBalancerId, w), httpSettings: l.http, forwardSettings: l.forward}
	v.Rules.Rule = l.ruleViews()
	return v, nil
}

type httpsView struct {
	listenerView
	httpSettings
	httpsSettings
	Rules            struct{ Rule []ruleView }
	DomainExtensions extensionViews
}

type describeHTTPS struct{ portRef }

func (r *describeHTTPS) answer(s *state, w *world) (any, error) {
	l, err := s.listener(r.LoadBalancerId, r.ListenerPort, protocolHTTPS)
	if err != nil {
		return nil, err
	}
	v := httpsView{
		listenerView: l.view(r.LoadBalancerId, w), httpSettings: l.http, httpsSettings: l.https,
		DomainExtensions: l.extensionViews(),
	}
	v.Rules.Rule = l.ruleViews()
	return v, nil
}

type tcpView struct {
	listenerView
	tcpSettings
	HealthCheck         string
	HealthCheckInterval int
}

type describeTCP struct{ portRef }

func (r *describeTCP) answer(s *state, w *world) (any, error) {
	l, err := s.listener(r.LoadBalancerId, r.ListenerPort, protocolTCP)
	if err != nil {
		return nil, err
	}
	return tcpView{l.view(r.LoadBalancerId, w), l.tcp, l.check.enabled, l.check.interval}, nil
}
