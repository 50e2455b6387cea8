package gateway

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/types"

	"github.com/ebb-node/ebb/gateway/ingress"
	"github.com/ebb-node/ebb/slb"
)

// testLayout has one replica of the relay, with ports from 9000 on.
func testLayout() layout {
	return layout{
		mode: ModeDirect, relay: []target{replica}, limits: slb.DefaultLimits(), request: request, idle: time.Minute,
		relayPort: 9000, attachments: maxAttachments,
		lingering: lingering{now: today, request: request, settle: goneSettle, gone: func(slb.Member) bool { return false }},
	}
}

// outline shows a wish.
func outline(d slb.Desired) (out []string) {
	for _, l := range d.Listeners {
		line := fmt.Sprintf("%s %d %s", l.Endpoint(), l.RequestTimeout, l.Group)
		if l.Certificate != "" {
			line += " " + l.Certificate[:8]
		}
		out = append(out, line)
		for _, r := range l.Rules {
			out = append(out, "  "+r.Domain+r.URL+" -> "+r.Group)
		}
		for _, e := range l.Extensions {
			out = append(out, "  "+e.Domain+" shows "+e.Certificate[:min(8, len(e.Certificate))])
		}
	}
	for _, g := range d.Groups {
		out = append(out, g.Key+": "+strings.Join(show(g.Members), " "))
	}
	return out
}

func TestAssemble(t *testing.T) {
	b := newBalancer(balancerKey{ingress.Internet, 1})
	hosts := newRoute(coffee, []ingress.Host{on("a.com", "/", "v1=30 v2=70"), on("t.a.com", "/", "v2=100")})
	hosts.homes[0].at = 1
	main, tag := hosts.pools[0], hosts.pools[1]
	check := func(step string, want ...string) {
		t.Helper()
		var routes []*route
		if hosts != nil {
			routes = append(routes, hosts)
		}
		if diff := cmp.Diff(want, outline(b.assemble(routes, testLayout()))); diff != "" {
			t.Errorf("%s: -want +got\n%s", step, diff)
		}
	}
	listener := "http:80 180 relay.plain"
	check("all at zero", listener, "  a.com -> relay.plain", "  t.a.com -> relay.plain", "relay.plain: eni-relay:9000=100")

	main.shares = []share{{percent: 30, targets: nil}, {percent: 70, targets: pods(2, 3)}}
	check("one revision has a pod", listener, "  a.com -> "+main.key, "  t.a.com -> relay.plain",
		"relay.plain: eni-relay:9000=100", main.key+": eni-2:8012=98 eni-relay:9006=42")

	main.shares = []share{{percent: 30, targets: pods(1, 2)}, {percent: 70, targets: pods(2, 3)}}
	check("both have", listener, "  a.com -> "+main.key, "  t.a.com -> relay.plain",
		"relay.plain: eni-relay:9000=100", main.key+": eni-1:8012=42 eni-2:8012=98 eni-relay:9006=0")

	tag.shares = []share{{percent: 100, targets: pods(2, 3)}}
	main.shares = []share{{percent: 30, targets: nil}, {percent: 70, targets: nil}}
	check("rules go back to the relay, the group serves on", listener, "  a.com -> relay.plain", "  t.a.com -> "+tag.key,
		"relay.plain: eni-relay:9000=100", main.key+": eni-1:8012=42 eni-2:8012=98 eni-relay:9006=0", tag.key+": eni-2:8012=100")

	hosts = nil
	first, second := main.key, tag.key
	if second < first {
		first, second = second, first
	}
	got := outline(b.assemble(nil, testLayout()))
	if len(got) != 4 || !strings.HasPrefix(got[2], first) || !strings.HasPrefix(got[3], second) {
		t.Errorf("groups of what was deleted: %v", got)
	}
	later := testLayout()
	later.lingering.now = today.Add(time.Hour)
	b.assemble(nil, later)
	if len(b.groups) != 1 || !b.due(later.lingering).IsZero() {
		t.Errorf("%d groups stay", len(b.groups))
	}
}

func TestAssembleTLS(t *testing.T) {
	old, wild, configured := certificateFor(t, "a.com"), certificateFor(t, "*.w.com"), certificateFor(t, "std.com")
	secure := func(name, host string, c *certificate) *route {
		r := newRoute(types.NamespacedName{Namespace: "default", Name: name}, []ingress.Host{with(on(host, "/", "v1=100"), withTLS)})
		for i := range r.sites {
			r.sites[i].certificate = c
		}
		return r
	}
	short := func(c *certificate) string { return c.fingerprint[:8] }
	unread := &certificate{} // configured, and its Secret cannot be read
	for _, test := range []struct {
		name     string
		routes   []*route
		standard *certificate
		found    found
		want     string // listener and server names
		uploads  int
	}{
		{"no TLS", []*route{newRoute(coffee, []ingress.Host{on("a.com", "/", "v1=100")})}, nil, found{}, "", 0},
		{"the oldest is the default", []*route{secure("a", "a.com", old), secure("b", "b.w.com", wild)}, nil, found{},
			short(old) + " b.w.com=" + short(wild), 2},
		{"a configured default", []*route{secure("a", "a.com", old)}, configured, found{}, short(configured) + " a.com=" + short(old), 2},
		{"a configured default alone", nil, configured, found{}, short(configured), 1},
		{"a configured default that is bad", []*route{secure("a", "a.com", old)}, unread, found{}, short(old), 1},
		{"a configured default that is bad alone", nil, unread, found{}, "", 0},
		{"a configured default that is bad after a restart", []*route{secure("a", "a.com", old)}, unread,
			found{tls: true}, "held a.com=" + short(old), 1},
		{"a configured default that is bad alone after a restart", nil, unread, found{tls: true}, "held", 0},
		{"a wildcard for several hosts", []*route{secure("a", "a.com", old), secure("b", "b.w.com", wild), secure("c", "c.w.com", wild)}, nil, found{},
			short(old) + " *.w.com=" + short(wild), 2},
		{"a bad Secret", []*route{secure("a", "a.com", nil)}, nil, found{}, "", 0},
		{"the oldest is bad", []*route{secure("a", "a.com", nil), secure("b", "b.w.com", wild)}, nil, found{}, short(wild), 1},
		{"the oldest is bad after a restart", []*route{secure("a", "a.com", nil), secure("b", "b.w.com", wild)}, nil,
			found{tls: true, names: map[string]bool{"b.w.com": true}}, "held b.w.com=" + short(wild), 1},
		{"a younger one is bad after a restart", []*route{secure("a", "a.com", old), secure("b", "b.w.com", nil)}, nil,
			found{tls: true, names: map[string]bool{"b.w.com": true}}, short(old) + " b.w.com=held", 1},
		{"a wildcard stays after a restart", []*route{secure("a", "a.com", old), secure("b", "b.w.com", nil), secure("c", "c.w.com", nil)}, nil,
			found{tls: true, names: map[string]bool{"*.w.com": true}}, short(old) + " *.w.com=held", 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			b := newBalancer(balancerKey{ingress.Internet, 1})
			b.found = test.found
			l := testLayout()
			l.standard = standard{configured: test.standard != nil, certificate: test.standard}
			if test.standard == unread {
				l.standard.certificate = nil
			}
			d := b.assemble(test.routes, l)
			got := ""
			if len(d.Listeners) == 2 {
				shown := func(fingerprint string) string {
					if fingerprint == "" {
						return "held"
					}
					return fingerprint[:8]
				}
				got = shown(d.Listeners[1].Certificate)
				for _, e := range d.Listeners[1].Extensions {
					got += " " + e.Domain + "=" + shown(e.Certificate)
				}
			}
			if got != test.want || len(d.Certificates) != test.uploads {
				t.Errorf("%q with %d certificates, want %q with %d", got, len(d.Certificates), test.want, test.uploads)
			}
		})
	}
}

// While the default certificate is not known none takes its place: neither the
// one that another Ingress would have, nor what was shown before.
func TestTheDefaultCertificateIsHeld(t *testing.T) {
	b := newBalancer(balancerKey{ingress.Internet, 1})
	l := testLayout()
	secure := func(name, host string) *route {
		r := newRoute(types.NamespacedName{Namespace: "default", Name: name}, []ingress.Host{with(on(host, "/", "v1=100"), withTLS)})
		r.sites[0].certificate = certificateFor(t, host)
		return r
	}
	first, second, configured := secure("a", "a.com"), secure("b", "b.com"), certificateFor(t, "std.com")
	for _, step := range []struct {
		name     string
		standard standard
		routes   []*route
		want     *certificate
	}{
		{"bad from the start", standard{configured: true}, []*route{second}, second.sites[0].certificate},
		{"an older one comes", standard{configured: true}, []*route{first, second}, second.sites[0].certificate},
		{"known", standard{true, configured}, []*route{first, second}, configured},
	} {
		l.standard = step.standard
		d := b.assemble(step.routes, l)
		b.wishes.add(d, today)
		if got := d.Listeners[1].Certificate; got != step.want.fingerprint {
			t.Errorf("%s: %q, want %q", step.name, got, step.want.fingerprint)
		}
	}
}

func TestAssembleRelay(t *testing.T) {
	b := newBalancer(balancerKey{ingress.Intranet, 1})
	l := testLayout()
	l.mode = ModeRelay
	want := []string{"tcp:80 0 relay.plain", "tcp:443 0 relay.tls", "relay.plain: eni-relay:9003=100", "relay.tls: eni-relay:9005=100"}
	if diff := cmp.Diff(want, outline(b.assemble([]*route{newRoute(coffee, []ingress.Host{on("a.com", "/", "v1=100")})}, l))); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

// A load balancer that is full lets leaving members go at once.
func TestLeavingMembersMakeRoom(t *testing.T) {
	b := newBalancer(balancerKey{ingress.Internet, 1})
	r := newRoute(coffee, []ingress.Host{on("a.com", "/", "v1=100")})
	l := testLayout()
	r.pools[0].shares = []share{{percent: 100, targets: pods(0, 120)}}
	b.assemble([]*route{r}, l)
	r.pools[0].shares = []share{{percent: 100, targets: pods(100, 250)}}
	d := b.assemble([]*route{r}, l)
	if n := len(d.Groups[1].Members); n != 150 {
		t.Errorf("%d members, want the 150 that serve", n)
	}
	r.pools[0].shares = []share{{percent: 100, targets: pods(100, 249)}}
	d = b.assemble([]*route{r}, l)
	if n := len(d.Groups[1].Members); n != 150 {
		t.Errorf("%d members, want 149 that serve and one that leaves", n)
	}
}

func TestWishesAreTold(t *testing.T) {
	var w wishes
	wish := func() slb.Desired { return slb.Desired{Listeners: []slb.Listener{{Port: 80}}} }
	first, second, third := wish(), wish(), wish()
	for _, d := range []slb.Desired{first, second, third} {
		w.add(d, today)
	}
	if done := w.settle(second); len(done) != 2 || w.stated != 2 {
		t.Errorf("%d settled, version %d", len(done), w.stated)
	}
	if done := w.settle(second); done != nil {
		t.Errorf("told twice: %v", done)
	}
	if done := w.settle(slb.Desired{}); done != nil {
		t.Errorf("nothing was wished: %v", done)
	}
	if done := w.settle(third); len(done) != 1 || w.stated != 3 {
		t.Errorf("%d settled, version %d", len(done), w.stated)
	}
}
