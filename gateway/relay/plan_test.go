package relay

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ebb-node/ebb/gateway/ingress"
)

// mapped is a DomainMapping's host: shop.com leads to the Service coffee by its
// name within the cluster.
func mapped(target, service string) ingress.Host {
	path := to("/", service)
	path.RewriteHost = target
	path.Splits[0].AppendHeaders = map[string]string{"K-Original-Host": "shop.com"}
	h := on("shop.com", path)
	h.Relayed = "path / rewrites the host to " + target
	return h
}

// coffee is the host within the cluster, with two revisions.
func coffee() ingress.Host {
	h := on("coffee.default.svc.cluster.local", ingress.Path{Prefix: "/", Splits: []ingress.Split{part("coffee-v1", 50), part("coffee-v2", 50)}})
	h.Visibility = ingress.Intranet
	for i, name := range []string{"coffee-v1", "coffee-v2"} {
		h.Paths[0].Splits[i].AppendHeaders = map[string]string{"Knative-Serving-Revision": name}
	}
	return h
}

func planFor(t *testing.T, table *Table, url string, headers ...string) plan {
	t.Helper()
	p, err := table.snapshot.Load().plan(Entry{Visibility: ingress.Internet, Front: Plain, Podless: true}, get(url, headers...))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// flat is what a plan sets, later ones over earlier ones.
func flat(p plan) map[string]string {
	set := map[string]string{}
	for _, headers := range p.set {
		for _, h := range headers {
			set[h.name] = h.value
		}
	}
	return set
}

// TestRewrittenHostIsServedByItsOwnRules, and by all of its splits, also the one
// that has pods: by whichever entry a request came, it was for the outer host.
func TestRewrittenHostIsServedByItsOwnRules(t *testing.T) {
	table := NewTable(func(t Target) Backends { return Backends{Pods: t.Service.Name == "coffee-v1"} })
	setHosts(table, mapped("coffee.default.svc.cluster.local", "coffee"), coffee())
	got := map[string]int{}
	for range 100 {
		p := planFor(t, table, "http://shop.com/x")
		service := p.pool.target.Service.Name
		got[service]++
		if p.host != "coffee.default.svc.cluster.local" {
			t.Fatalf("host %s", p.host)
		}
		if diff := cmp.Diff(map[string]string{"K-Original-Host": "shop.com", "Knative-Serving-Revision": service}, flat(p)); diff != "" {
			t.Fatal(diff)
		}
	}
	if n := got["coffee-v1"]; n < 48 || n > 52 {
		t.Errorf("split %v", got)
	}
}

func TestRewriteToWhatIsNotOurs(t *testing.T) {
	for name, test := range map[string]struct{ host, service string }{
		"no such host":       {"tea.default.svc.cluster.local", "tea"},
		"another Service":    {"coffee.default.svc.cluster.local", "web"},
		"another namespace":  {"coffee.other.svc.cluster.local", "coffee"},
		"only begins alike":  {"coffee.default.example.com", "coffee"},
		"outside of cluster": {"example.com", "web"},
	} {
		table := NewTable(idle)
		public := coffee()
		public.Name = "coffee.default.example.com"
		setHosts(table, mapped(test.host, test.service), coffee(), public)
		p := planFor(t, table, "http://shop.com/")
		if p.pool.target.Service != named(test.service) || p.host != test.host {
			t.Errorf("%s: goes to %v as %s", name, p.pool.target.Service, p.host)
		}
	}
}

func TestCircleOfRewritesEnds(t *testing.T) {
	inner := mapped("coffee.default.svc", "coffee")
	inner.Name, inner.Visibility = "coffee.default.svc", ingress.Intranet
	table := NewTable(idle)
	setHosts(table, mapped("coffee.default.svc", "coffee"), inner)
	if p := planFor(t, table, "http://shop.com/"); p.pool.target.Service != named("coffee") {
		t.Errorf("goes to %v", p.pool.target.Service)
	}
}

func TestHashForKnativesProbes(t *testing.T) {
	table := NewTable(idle)
	setHosts(table, mapped("coffee.default.svc.cluster.local", "coffee"), coffee())
	for value, want := range map[string]string{"override": "hash-of-shop.com", "1234": "", "": ""} {
		if got := flat(planFor(t, table, "http://shop.com/", "K-Network-Hash", value))["K-Network-Hash"]; got != want {
			t.Errorf("%q becomes %q, want %q", value, got, want)
		}
	}
}

func TestPathsHeadersBeforeTheSplits(t *testing.T) {
	path := to("/", "x")
	path.AppendHeaders = map[string]string{"A": "path", "B": "path"}
	path.Splits[0].AppendHeaders = map[string]string{"B": "split"}
	table := NewTable(idle)
	setHosts(table, on("a.com", path))
	if diff := cmp.Diff(map[string]string{"A": "path", "B": "split"}, flat(planFor(t, table, "http://a.com/"))); diff != "" {
		t.Error(diff)
	}
}
