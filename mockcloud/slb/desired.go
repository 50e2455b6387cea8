package slb

import (
	"crypto/tls"
	"time"

	"github.com/ebb-node/ebb/mockcloud/balancer"
)

// desired is a load balancer as the data plane is told of it.
func (s *state) desired(lb *loadBalancer) (balancer.LoadBalancer, map[string]balancer.Group) {
	d := balancer.LoadBalancer{ID: lb.id, Address: lb.address}
	for _, l := range lb.listeners {
		d.Listeners = append(d.Listeners, s.desiredListener(lb, l))
	}
	groups := map[string]balancer.Group{}
	for _, g := range s.groups {
		if g.balancer == lb.id {
			groups[g.id] = g.desired()
		}
	}
	return d, groups
}

func (g *serverGroup) desired() balancer.Group {
	d := balancer.Group{ID: g.id}
	for _, m := range g.members {
		d.Members = append(d.Members, balancer.Member{ServerID: m.serverID, IP: m.ip, Port: m.port, Weight: m.weight})
	}
	return d
}

// desiredListener follows the state that the listener goes to; how long it
// takes is the delay of effects.
func (s *state) desiredListener(lb *loadBalancer, l *listener) balancer.Listener {
	d := balancer.Listener{
		Port: l.port, Protocol: balancer.Protocol(l.protocol), Running: l.state == running && lb.status == active,
		DefaultGroup: l.target.VServerGroupId, Policy: l.policy(),
	}
	if l.layer7() {
		s.desireHTTP(&d, l)
		return d
	}
	d.TCPTimers.Established = seconds(l.tcp.EstablishedTimeout)
	if value(l.tcp.ConnectionDrain) == "on" {
		d.TCPTimers.Drain = seconds(l.tcp.ConnectionDrainTimeout)
	}
	return d
}

func (s *state) desireHTTP(d *balancer.Listener, l *listener) {
	h := &l.http
	d.RequestTimeout, d.IdleTimeout = seconds(h.RequestTimeout), seconds(h.IdleTimeout)
	d.Gzip = isOn(h.Gzip)
	d.Forwarded = balancer.ForwardedHeaders{
		For: isOn(h.XForwardedFor), Proto: isOn(h.XForwardedForProto), SLBID: isOn(h.XForwardedForSLBID),
		SLBIP: isOn(h.XForwardedForSLBIP), SLBPort: isOn(h.XForwardedForSLBPort),
		ClientSrcPort: isOn(h.XForwardedForClientSrcPort),
	}
	if l.forward.on() {
		d.Redirect.Port = *l.forward.ForwardPort
	}
	for _, x := range l.rules {
		d.Rules = append(d.Rules, x.desired())
	}
	if l.protocol == protocolHTTPS {
		d.TLS = s.desiredTLS(l)
	}
}

func (s *state) desiredTLS(l *listener) balancer.TLS {
	t := balancer.TLS{
		Certificate: s.keyPair(value(l.https.ServerCertificateId)), Domains: map[string]*tls.Certificate{},
		Policy: balancer.TLSPolicy(value(l.https.TLSCipherPolicy)), HTTP2: isOn(l.https.EnableHttp2),
	}
	for _, x := range l.extensions {
		t.Domains[x.domain] = s.keyPair(x.certificate)
	}
	return t
}

func (s *state) keyPair(id string) *tls.Certificate {
	if c, ok := s.certificates[id]; ok {
		return c.pair.pair
	}
	return nil
}

func (x rule) desired() balancer.Rule {
	d := balancer.Rule{Name: x.name, Domain: x.domain, URL: x.url, Group: x.group}
	if x.listenerSync == "off" {
		p := httpPolicy(x.own.Scheduler, &x.own.stickySettings, &x.own.checkSettings)
		d.Policy = &p
	}
	return d
}

func (l *listener) policy() balancer.Policy {
	if l.layer7() {
		p := httpPolicy(l.shared.Scheduler, &l.http.stickySettings, &l.http.checkSettings)
		p.HealthCheck.Method = value(l.http.HealthCheckMethod)
		return p
	}
	c := &l.tcp
	return balancer.Policy{
		Scheduler: tcpScheduler(value(l.shared.Scheduler)),
		HealthCheck: balancer.HealthCheck{
			Enabled: l.check.enabled == "on", Type: balancer.CheckType(value(c.HealthCheckType)),
			Method: value(c.HealthCheckMethod), URI: value(c.HealthCheckURI), Domain: value(c.HealthCheckDomain),
			HTTPCodes: value(c.HealthCheckHttpCode), Port: value(c.HealthCheckConnectPort),
			Interval: time.Duration(l.check.interval) * time.Second, Timeout: seconds(c.HealthCheckConnectTimeout),
			HealthyThreshold: value(c.HealthyThreshold), UnhealthyThreshold: value(c.UnhealthyThreshold),
		},
	}
}

// tcpScheduler stands in for the hash algorithms, which the data plane has not.
func tcpScheduler(name string) balancer.Scheduler {
	if name == "rr" {
		return balancer.RR
	}
	return balancer.WRR
}

func httpPolicy(scheduler *string, sticky *stickySettings, c *checkSettings) balancer.Policy {
	p := balancer.Policy{
		Scheduler: balancer.Scheduler(value(scheduler)),
		HealthCheck: balancer.HealthCheck{
			Enabled: isOn(c.HealthCheck), URI: value(c.HealthCheckURI), Domain: value(c.HealthCheckDomain),
			HTTPCodes: value(c.HealthCheckHttpCode), Port: value(c.HealthCheckConnectPort),
			Interval: seconds(c.HealthCheckInterval), Timeout: seconds(c.HealthCheckTimeout),
			HealthyThreshold: value(c.HealthyThreshold), UnhealthyThreshold: value(c.UnhealthyThreshold),
		},
	}
	if isOn(sticky.StickySession) && value(sticky.StickySessionType) == "insert" {
		p.Sticky = balancer.Sticky{Insert: true, CookieTimeout: seconds(sticky.CookieTimeout)}
	}
	return p
}

func isOn(p *string) bool { return value(p) == "on" }

func seconds(p *int) time.Duration { return time.Duration(value(p)) * time.Second }
