package gateway

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/ebb-node/ebb/gateway/ingress"
	"github.com/ebb-node/ebb/gateway/relay"
	"github.com/ebb-node/ebb/slb"
)

var coffee = types.NamespacedName{Namespace: "default", Name: "coffee"}

// split writes "v1=30 v2=70" as splits.
func splitsOf(text string) (out []ingress.Split) {
	for _, word := range strings.Fields(text) {
		service, percent, _ := strings.Cut(word, "=")
		s := ingress.Split{Service: types.NamespacedName{Namespace: "default", Name: service}, Port: intstr.FromInt32(80)}
		if _, err := fmt.Sscan(percent, &s.Percent); err != nil {
			panic(err)
		}
		out = append(out, s)
	}
	return out
}

// on is a host on the internet; paths are prefix, splits in turns.
func on(name string, paths ...string) ingress.Host {
	h := ingress.Host{Ingress: coffee, Name: name, Visibility: ingress.Internet}
	for i := 0; i < len(paths); i += 2 {
		h.Paths = append(h.Paths, ingress.Path{Prefix: paths[i], Splits: splitsOf(paths[i+1])})
	}
	return h
}

func with(h ingress.Host, change func(*ingress.Host)) ingress.Host {
	change(&h)
	return h
}

var secured = types.NamespacedName{Namespace: "default", Name: "cert"}

func withTLS(h *ingress.Host)    { h.TLS = secured }
func redirected(h *ingress.Host) { h.TLS, h.Redirect = secured, true }
func local(h *ingress.Host)      { h.Visibility = ingress.Intranet }
func relayed(h *ingress.Host)    { h.Relayed = "it matches a header" }
func shared(h *ingress.Host)     { h.Shared = true }

// serve gives the splits of all pools pods, n of each Service.
func (r *route) serve(n int) *route {
	next := 1
	for _, p := range r.pools {
		p.shares = nil
		for _, s := range p.splits {
			p.shares = append(p.shares, share{percent: s.percent, targets: pods(next, next+n)})
			next += n
		}
	}
	return r
}

// rulesText shows where rules lead, with pools by their number.
func (r *route) rulesText(v ingress.Visibility, f relay.Front) (out []string) {
	for _, rule := range r.rules(v, f) {
		group := rule.Group
		if i := slices.IndexFunc(r.pools, func(p *pool) bool { return p.key == rule.Group }); i >= 0 {
			group = fmt.Sprint("pool ", i)
		}
		out = append(out, rule.Domain+rule.URL+" -> "+group)
	}
	return out
}

func TestRules(t *testing.T) {
	for _, test := range []struct {
		name                      string
		hosts                     []ingress.Host
		idle                      bool
		plain, terminated, inside []string
		pools                     int
	}{
		{name: "a host", hosts: []ingress.Host{on("a.com", "/", "v1=100")}, pools: 1, plain: []string{"a.com -> pool 0"}},
		{name: "a revision at zero", hosts: []ingress.Host{on("a.com", "/", "v1=100")}, idle: true, pools: 1, plain: []string{"a.com -> relay.plain"}},
		{name: "hosts that split alike share a pool", pools: 2,
			hosts: []ingress.Host{
				on("a.com", "/", "v1=30 v2=70"), on("t.a.com", "/", "v1=100"),
				with(on("a.default", "/", "v2=70 v1=30"), local), with(on("a.default.svc", "/", "v1=30 v2=70"), local),
			},
			plain:  []string{"a.com -> pool 0", "t.a.com -> pool 1"},
			inside: []string{"a.default -> pool 0", "a.default.svc -> pool 0"}},
		{name: "paths", pools: 2, hosts: []ingress.Host{on("a.com", "/tea", "v1=100", "/", "v2=100")},
			plain: []string{"a.com/tea -> pool 0", "a.com -> pool 1"}},
		{name: "TLS", pools: 1, hosts: []ingress.Host{with(on("a.com", "/", "v1=100"), withTLS)},
			plain: []string{"a.com -> pool 0"}, terminated: []string{"a.com -> pool 0"}},
		{name: "redirect", pools: 1, hosts: []ingress.Host{with(on("a.com", "/", "v1=100"), redirected)},
			plain: []string{"a.com -> relay.plain"}, terminated: []string{"a.com -> pool 0"}},
		{name: "a relayed host takes one rule", hosts: []ingress.Host{with(with(on("a.com", "/tea", "v1=100", "/", "v2=100"), relayed), withTLS)},
			plain: []string{"a.com -> relay.plain"}, terminated: []string{"a.com -> relay.terminated"}},
		{name: "a relayed host that is shared keeps to its paths", hosts: []ingress.Host{with(with(on("a.com", "/tea_time", "v1=100", "/cake", "v1=100"), relayed), shared)},
			plain: []string{"a.com/tea -> relay.plain", "a.com/cake -> relay.plain"}},
		{name: "nothing", hosts: nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := newRoute(coffee, test.hosts)
			if !test.idle {
				r.serve(1)
			}
			if len(r.pools) != test.pools {
				t.Errorf("%d pools, want %d", len(r.pools), test.pools)
			}
			for _, side := range []struct {
				v    ingress.Visibility
				f    relay.Front
				want []string
			}{{ingress.Internet, relay.Plain, test.plain}, {ingress.Internet, relay.Terminated, test.terminated}, {ingress.Intranet, relay.Plain, test.inside}} {
				if diff := cmp.Diff(side.want, r.rulesText(side.v, side.f)); diff != "" {
					t.Errorf("%s %s: -want +got\n%s", side.v, side.f, diff)
				}
			}
		})
	}
}

// A pod that wants cleartext HTTP/2 is for the relay.
func TestCleartextHTTP2GoesToTheRelay(t *testing.T) {
	r := newRoute(coffee, []ingress.Host{on("a.com", "/", "v1=100")}).serve(1)
	r.pools[0].h2c = true
	if got := r.rulesText(ingress.Internet, relay.Plain); !slices.Equal(got, []string{"a.com -> relay.plain"}) {
		t.Errorf("%v", got)
	}
}

func TestPoolKeysStay(t *testing.T) {
	key := func(hosts ...ingress.Host) string { return newRoute(coffee, hosts).pools[0].key }
	first := key(on("a.com", "/", "v1=100"))
	for name, other := range map[string]string{
		"other percentages": key(on("a.com", "/", "v1=30 v2=70")),
		"other Services":    key(on("a.com", "/", "v2=100")),
		"a tag's host":      key(on("a.com", "/", "v1=100"), on("0-a.com", "/", "v1=100")),
	} {
		if other != first {
			t.Errorf("%s: %s, want %s", name, other, first)
		}
	}
	seen := map[string]string{first: "the first"}
	tea := types.NamespacedName{Namespace: "default", Name: "tea"}
	for name, other := range map[string]string{
		"another host":    key(on("b.com", "/", "v1=100")),
		"another path":    key(on("a.com", "/x", "v1=100")),
		"another Ingress": newRoute(tea, []ingress.Host{on("a.com", "/", "v1=100")}).pools[0].key,
	} {
		if was, twice := seen[other]; twice {
			t.Errorf("%s has the key of %s", name, was)
		}
		seen[other] = name
	}
	if !strings.HasPrefix(first, "default/coffee.") {
		t.Errorf("%q does not show whose it is", first)
	}
	long := types.NamespacedName{Namespace: strings.Repeat("n", 63), Name: strings.Repeat("i", 200)}
	if n := len(newRoute(long, []ingress.Host{on("a.com", "/", "v1=100")}).pools[0].key); n != maxKey {
		t.Errorf("a long name makes a key of %d characters", n)
	}
}

func TestSplitsOfOneServiceAreOne(t *testing.T) {
	r := newRoute(coffee, []ingress.Host{on("a.com", "/", "v1=30 v2=40 v1=30")})
	var got []string
	for _, s := range r.pools[0].splits {
		got = append(got, fmt.Sprint(s.service.Name, s.percent))
	}
	if diff := cmp.Diff([]string{"v160", "v240"}, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	if n := len(r.services()); n != 2 {
		t.Errorf("%d Services", n)
	}
}

func TestURLs(t *testing.T) {
	long := "/" + strings.Repeat("a", 100)
	for prefix, want := range map[string]string{
		"/": "", "/tea": "/tea", "/tea/": "/tea/", "/a_b": "/a", "/_": "", "/a%20b?c#d&e-f.g": "/a%20b?c#d&e-f.g", long: long[:80], "/caf\u00e9": "/caf",
	} {
		if got := urlOf(prefix); got != want {
			t.Errorf("%s: %q, want %q", prefix, got, want)
		}
	}
}

func TestOfTwoRulesForAPathTheRelaysWins(t *testing.T) {
	key := relayKey(relay.Plain)
	got := mergeRules([]slb.Rule{
		{Domain: "a.com", URL: "/a", Group: "direct"}, {Domain: "a.com", Group: "x"},
		{Domain: "a.com", URL: "/a", Group: key}, {Domain: "a.com", Group: "y"},
	}, relay.Plain)
	want := []slb.Rule{{Domain: "a.com", URL: "/a", Group: key}, {Domain: "a.com", Group: "x"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

func TestTheRelaysEntryForItsPart(t *testing.T) {
	r := newRoute(coffee, []ingress.Host{
		on("a.com", "/", "v1=100"), with(on("b.com", "/", "v2=100"), withTLS), with(on("b.default", "/", "v2=100"), local),
	})
	for i, want := range []relay.Front{relay.Plain, relay.Terminated} {
		if got := r.frontOf(r.pools[i], ingress.Internet); got != want {
			t.Errorf("pool %d: %s, want %s", i, got, want)
		}
	}
	if got := r.frontOf(r.pools[1], ingress.Intranet); got != relay.Plain {
		t.Errorf("inside: %s", got)
	}
}
