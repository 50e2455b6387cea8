package slb

import (
	"crypto/tls"
	"errors"
	"net/netip"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/ebb-node/ebb/mockcloud/balancer"
	"github.com/ebb-node/ebb/mockcloud/clock"
)

// desiredOf is what the data plane is told of a load balancer.
func (s *scene) desiredOf(id string) balancer.LoadBalancer {
	s.Helper()
	d, _ := s.state.desired(s.state.balancers[id])
	return d
}

func TestDesiredHTTPS(t *testing.T) {
	s := newScene(t)
	lb := s.balancer()
	first, sni := s.upload("a"), s.upload("b")
	s.httpsListener(lb, 443, first)
	s.do(&createExtension{portRef{lb, 443}, "*.b.example.com", sni})
	set := &setHTTPS{portRef: portRef{lb, 443}}
	set.EnableHttp2, set.TLSCipherPolicy = ptr("off"), ptr("tls_cipher_policy_1_2")
	set.StickySession, set.StickySessionType, set.CookieTimeout = ptr("on"), ptr("insert"), ptr(60)
	s.do(set)
	l := s.desiredOf(lb).Listeners[0]
	if l.TLS.Certificate != s.state.keyPair(first) || l.TLS.Certificate == nil {
		t.Error("not the certificate of the listener")
	}
	want := balancer.TLS{
		Certificate: l.TLS.Certificate, Policy: balancer.TLSPolicy12,
		Domains: map[string]*tls.Certificate{"*.b.example.com": s.state.keyPair(sni)},
	}
	if diff := cmp.Diff(want, l.TLS, cmp.Comparer(func(a, b *tls.Certificate) bool { return a == b })); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(balancer.Sticky{Insert: true, CookieTimeout: time.Minute}, l.Sticky); diff != "" {
		t.Error(diff)
	}
}

func TestDesiredRules(t *testing.T) {
	s := newScene(t)
	lb := s.balancer()
	g := s.group(lb, "")
	s.httpListener(lb, 80, g)
	ids := s.rules(lb, 80, g, "a.example.com", "b.example.com")
	own := &setRule{RuleId: ids[1], ListenerSync: ptr("off")}
	own.Scheduler, own.StickySession, own.HealthCheck, own.HealthCheckURI = ptr("rr"), ptr("off"), ptr("on"), ptr("/up")
	s.do(own)
	want := []balancer.Rule{
		{Name: "r-a.example.com", Domain: "a.example.com", Group: g},
		{Name: "r-b.example.com", Domain: "b.example.com", Group: g, Policy: &balancer.Policy{
			Scheduler: balancer.RR,
			HealthCheck: balancer.HealthCheck{
				Enabled: true, URI: "/up", HTTPCodes: "http_2xx", Interval: 2 * time.Second, Timeout: 5 * time.Second,
				HealthyThreshold: 3, UnhealthyThreshold: 3,
			},
		}},
	}
	if diff := cmp.Diff(want, s.desiredOf(lb).Listeners[0].Rules); diff != "" {
		t.Error(diff)
	}
}

func TestDesiredTCPAndRedirect(t *testing.T) {
	s := newScene(t)
	lb := s.balancer()
	g := s.group(lb, "")
	r := &createTCP{portRef: portRef{lb, 443}, target: target{VServerGroupId: g}}
	r.Scheduler, r.EstablishedTimeout, r.ConnectionDrain, r.ConnectionDrainTimeout = ptr("rr"), ptr(30), ptr("on"), ptr(20)
	s.do(r)
	s.do(&createHTTP{portRef: portRef{lb, 80}, forwardSettings: forwardSettings{ListenerForward: ptr("on")}})
	tcp, http := s.desiredOf(lb).Listeners[0], s.desiredOf(lb).Listeners[1]
	if diff := cmp.Diff(balancer.TCPTimers{Established: 30 * time.Second, Drain: 20 * time.Second}, tcp.TCPTimers); diff != "" {
		t.Error(diff)
	}
	if tcp.Scheduler != balancer.RR || !tcp.HealthCheck.Enabled || tcp.HealthCheck.Type != balancer.CheckTCP {
		t.Errorf("%+v", tcp.Policy)
	}
	if http.Redirect.Port != 443 || http.DefaultGroup != "" {
		t.Errorf("%+v", http)
	}
}

// balkingPlane fails as often as it is told to.
type balkingPlane struct {
	fail    int
	applied []string
}

func (p *balkingPlane) Apply(lb balancer.LoadBalancer, _ map[string]balancer.Group) error {
	p.applied = append(p.applied, lb.ID)
	if p.fail > 0 {
		p.fail--
		return errors.New("port taken")
	}
	return nil
}

func (p *balkingPlane) Remove(string) error                   { return nil }
func (p *balkingPlane) Health(string) []balancer.MemberHealth { return nil }

func TestWhatFailedIsAppliedAgain(t *testing.T) {
	p := &balkingPlane{fail: 1}
	k := clock.New(nil, 0)
	defer k.Close()
	service, err := New(Config{
		RegionID: "cn-hangzhou", Intranet: netip.MustParsePrefix("10.9.0.0/24"), Internet: netip.MustParsePrefix("203.0.113.0/24"),
		Quotas: DocumentedQuotas("cn-hangzhou"), Clock: k, DataPlane: p,
	})
	if err != nil {
		t.Fatal(err)
	}
	s := newScene(t)
	first := s.balancer()
	for _, step := range []func(){func() {}, func() { s.balancer() }, func() { s.balancer() }} {
		step()
		service.effects.add(s.state)
		service.effects.flush()
	}
	want := []string{first, first, "lb-2", "lb-3"}
	if diff := cmp.Diff(want, p.applied, cmpopts.EquateEmpty()); diff != "" {
		t.Error(diff)
	}
}

func TestRangesThatAreRefused(t *testing.T) {
	for _, ranges := range [][2]string{{"10.0.0.0/31", "203.0.113.0/24"}, {"10.0.0.0/8", "10.1.0.0/16"}, {"fd00::/64", "203.0.113.0/24"}} {
		if _, err := New(Config{Intranet: netip.MustParsePrefix(ranges[0]), Internet: netip.MustParsePrefix(ranges[1])}); err == nil {
			t.Errorf("%v was accepted", ranges)
		}
	}
}
