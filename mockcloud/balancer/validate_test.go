package balancer

import (
	"errors"
	"net/netip"
	"strings"
	"testing"
)

func TestWhatCannotBeIsRefusedByName(t *testing.T) {
	ip := netip.MustParseAddr("10.0.0.1")
	member := Member{ServerID: "eni-1", IP: ip, Port: 80, Weight: 1}
	for _, c := range []struct {
		change func(*LoadBalancer, map[string]Group)
		want   string
	}{
		{func(lb *LoadBalancer, _ map[string]Group) { lb.ID = "" }, "ID"},
		{func(lb *LoadBalancer, _ map[string]Group) { lb.Address = netip.Addr{} }, "Address"},
		{func(lb *LoadBalancer, _ map[string]Group) { lb.Listeners = append(lb.Listeners, lb.Listeners[0]) }, "port 80"},
		{func(lb *LoadBalancer, _ map[string]Group) { lb.Listeners[0].Port = 65536 }, "Port"},
		{func(lb *LoadBalancer, _ map[string]Group) { lb.Listeners[0].Protocol = "udp" }, "Protocol"},
		{func(lb *LoadBalancer, _ map[string]Group) { lb.Listeners[0].Protocol = HTTPS }, "TLS.Certificate"},
		{func(lb *LoadBalancer, _ map[string]Group) {
			lb.Listeners[0] = secure(t, "g")
			lb.Listeners[0].TLS.Policy = "tls_1"
		}, "TLS.Policy"},
		{func(lb *LoadBalancer, _ map[string]Group) { lb.Listeners[0].Protocol = TCP }, "Rules"},
		{func(lb *LoadBalancer, _ map[string]Group) {
			lb.Listeners[0] = secure(t, "g")
			lb.Listeners[0].Redirect.Port = 443
		}, "Redirect"},
		{func(lb *LoadBalancer, _ map[string]Group) { lb.Listeners[0].Scheduler = "wlc" }, "Scheduler"},
		{func(lb *LoadBalancer, _ map[string]Group) { lb.Listeners[0].HealthCheck.Type = "icmp" }, "HealthCheck.Type"},
		{func(lb *LoadBalancer, _ map[string]Group) { lb.Listeners[0].DefaultGroup = "x" }, "DefaultGroup"},
		{func(lb *LoadBalancer, _ map[string]Group) { lb.Listeners[0].Rules[0].Group = "x" }, "rule r: Group"},
		{func(lb *LoadBalancer, _ map[string]Group) { lb.Listeners[0].Rules[0].Domain = "" }, "rule r: Domain or URL"},
		{func(lb *LoadBalancer, _ map[string]Group) {
			lb.Listeners[0].Rules = append(lb.Listeners[0].Rules, Rule{Name: "s", Domain: "a", Group: "g"})
		}, "rule s: Domain \"a\" and URL \"\" are those of rule r"},
		{func(lb *LoadBalancer, _ map[string]Group) {
			lb.Listeners[0].Rules[0].Policy = &Policy{Scheduler: "wlc"}
		}, "rule r: Scheduler"},
		{func(_ *LoadBalancer, groups map[string]Group) { groups["g"].Members[0].IP = netip.Addr{} }, "group g: member eni-1: IP"},
		{func(_ *LoadBalancer, groups map[string]Group) { groups["g"].Members[0].Port = 0 }, "group g: member eni-1: Port"},
		{func(_ *LoadBalancer, groups map[string]Group) { groups["g"].Members[0].Weight = 101 }, "group g: member eni-1: Weight"},
		{func(_ *LoadBalancer, groups map[string]Group) { groups["g"] = group("g", member, member) }, "twice"},
	} {
		l := web("g")
		l.Rules = []Rule{{Name: "r", Domain: "a", Group: "g"}}
		lb := LoadBalancer{ID: balancerID, Address: ip, Listeners: []Listener{l}}
		groups := map[string]Group{"g": group("g", member)}
		if err := validate(lb, groups); err != nil {
			t.Fatalf("before the change: %v", err)
		}
		c.change(&lb, groups)
		b := New(Config{})
		if err := b.Apply(lb, groups); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("error = %v, want one about %q", err, c.want)
		}
	}
}

// ledger keeps which addresses are there.
type ledger map[netip.Addr]bool

func (l ledger) Add(a netip.Addr) error {
	if l[a] {
		return errors.New("added twice")
	}
	l[a] = true
	return nil
}

func (l ledger) Remove(a netip.Addr) error {
	if !l[a] {
		return errors.New("not there")
	}
	delete(l, a)
	return nil
}

func TestAnAddressIsThereAsLongAsItsLoadBalancer(t *testing.T) {
	addresses := ledger{}
	b := New(Config{Addresses: addresses})
	one, two := netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("192.0.2.2")
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Error(err)
		}
	}
	must(b.Apply(LoadBalancer{ID: "lb-1", Address: one}, nil))
	must(b.Apply(LoadBalancer{ID: "lb-1", Address: one}, nil))
	if err := b.Apply(LoadBalancer{ID: "lb-2", Address: one}, nil); err == nil || !strings.Contains(err.Error(), "lb-1") {
		t.Errorf("an address that another one has: %v", err)
	}
	must(b.Apply(LoadBalancer{ID: "lb-2", Address: two}, nil))
	if len(addresses) != 2 {
		t.Errorf("addresses = %v", addresses)
	}
	must(b.Remove("lb-2"))
	must(b.Apply(LoadBalancer{ID: "lb-1", Address: two}, nil))
	if addresses[one] || !addresses[two] {
		t.Errorf("addresses = %v", addresses)
	}
	must(b.Close())
	if len(addresses) != 0 {
		t.Errorf("addresses after Close = %v", addresses)
	}
	if err := b.Apply(LoadBalancer{ID: "lb-1", Address: one}, nil); !errors.Is(err, ErrClosed) {
		t.Errorf("Apply after Close: %v", err)
	}
}
