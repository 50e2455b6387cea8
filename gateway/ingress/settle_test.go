package ingress

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/types"
)

// asks is an Ingress's claim of one host; no prefixes: by its own rules.
func asks(ing string, created time.Time, host string, prefixes ...string) Claims {
	h := Host{Ingress: named(ing), Name: host, Visibility: Internet, Shared: len(prefixes) > 0, Paths: []Path{{Prefix: "/"}}}
	if h.Shared {
		h.Paths = nil
		for _, p := range prefixes {
			h.Paths = append(h.Paths, Path{Prefix: p})
		}
	}
	return Claims{Ingress: named(ing), Created: created, Hosts: []Host{h}}
}

// owners lists hosts as "ingress: prefix prefix".
func owners(hosts []Host) []string {
	var out []string
	for _, h := range hosts {
		var prefixes []string
		for _, p := range h.Paths {
			prefixes = append(prefixes, p.Prefix)
		}
		out = append(out, h.Ingress.Name+": "+strings.Join(prefixes, " "))
	}
	return out
}

func TestSettle(t *testing.T) {
	tests := map[string]struct {
		claims []Claims
		want   []string
		losers map[string]string // Ingress -> winner
	}{
		"shared by paths": {
			[]Claims{asks("coffee", day(2), cafe, "/coffee"), asks("tea", day(1), cafe, "/tea")},
			[]string{"tea: /tea", "coffee: /coffee"}, nil,
		},
		"the oldest has a path": {
			[]Claims{asks("coffee", day(2), cafe, "/x", "/coffee"), asks("tea", day(1), cafe, "/x")},
			[]string{"tea: /x", "coffee: /coffee"}, map[string]string{"coffee": "tea"},
		},
		"nothing is left": {
			[]Claims{asks("coffee", day(2), cafe, "/x"), asks("tea", day(1), cafe, "/x")},
			[]string{"tea: /x"}, map[string]string{"coffee": "tea"},
		},
		"of the same age the first name": {
			[]Claims{asks("b", day(1), "a.com"), asks("a", day(1), "a.com")},
			[]string{"a: /"}, map[string]string{"b": "a"},
		},
		"the oldest has a host": {
			[]Claims{asks("a", day(2), "a.com"), asks("b", day(1), "a.com")},
			[]string{"b: /"}, map[string]string{"a": "b"},
		},
		"own rules before annotations": {
			[]Claims{asks("a", day(1), "a.com", "/x"), asks("b", day(2), "a.com")},
			[]string{"b: /"}, map[string]string{"a": "b"},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			hosts, problems := Settle(test.claims)
			if diff := cmp.Diff(test.want, owners(hosts)); diff != "" {
				t.Error(diff)
			}
			if len(problems) != len(test.losers) {
				t.Errorf("problems %v, want of %v", problems, test.losers)
			}
			for _, p := range problems {
				if p.Reason != ReasonHostTaken || !strings.Contains(p.Message, "belongs to Ingress default/"+test.losers[p.Ingress.Name]+";") {
					t.Errorf("problem %v", p)
				}
			}
		})
	}
}

func TestHostsOfBothVisibilitiesAreApart(t *testing.T) {
	b := asks("b", day(2), "a.com")
	b.Hosts[0].Visibility = Intranet
	hosts, problems := Settle([]Claims{asks("a", day(1), "a.com"), b})
	if len(hosts) != 2 || len(problems) != 0 {
		t.Errorf("hosts %v, problems %v", owners(hosts), problems)
	}
}

// TestLostPathNoLongerRelays: what made the host relayed may have been the
// path that it lost.
func TestLostPathNoLongerRelays(t *testing.T) {
	loser := asks("b", day(2), cafe, "/x_y", "/b")
	loser.Hosts[0].Relayed = relayed(loser.Hosts[0].Paths)
	hosts, _ := Settle([]Claims{asks("a", day(1), cafe, "/x_y"), loser})
	if loser.Hosts[0].Relayed == "" || hosts[1].Relayed != "" {
		t.Errorf("relayed before: %q, after: %q", loser.Hosts[0].Relayed, hosts[1].Relayed)
	}
}

// testRegistry reads what was last put.
type testRegistry struct {
	*Registry
	claims map[types.NamespacedName]Claims
}

func newTestRegistry() *testRegistry {
	r := &testRegistry{claims: map[types.NamespacedName]Claims{}}
	r.Registry = NewRegistry(func(ing types.NamespacedName) []Host { return r.claims[ing].Hosts })
	return r
}

func (r *testRegistry) Put(c Claims) []Key {
	r.claims[c.Ingress] = c
	return r.Registry.Put(c)
}

func TestRegistryFollowsChanges(t *testing.T) {
	r := newTestRegistry()
	key := Key{"a.com", Internet}
	check := func(step string, want ...string) {
		t.Helper()
		if diff := cmp.Diff(want, owners(r.Owners([]Key{key})[key])); diff != "" {
			t.Errorf("%s: %s", step, diff)
		}
	}
	r.Put(asks("b", day(2), "a.com"))
	check("alone", "b: /")
	r.Put(asks("a", day(1), "a.com"))
	check("an older one comes", "a: /")
	if diff := cmp.Diff([]types.NamespacedName{named("a"), named("b")}, r.Claimants(key)); diff != "" {
		t.Error(diff)
	}
	if hosts, problems := r.Settled(r.claims[named("b")]); len(hosts) != 0 || len(problems) != 1 {
		t.Errorf("loser has %v and %v", owners(hosts), problems)
	}
	if diff := cmp.Diff([]Key{key, {"b.com", Internet}}, r.Put(asks("a", day(1), "b.com"))); diff != "" {
		t.Error(diff)
	}
	check("the older one moves away", "b: /")
	if hosts, problems := r.Settled(r.claims[named("b")]); len(hosts) != 1 || len(problems) != 0 {
		t.Errorf("winner has %v and %v", owners(hosts), problems)
	}
	if diff := cmp.Diff([]Key{key}, r.Drop(named("b"))); diff != "" {
		t.Error(diff)
	}
	check("nobody is left")
	if len(r.Put(Claims{Ingress: named("b")})) != 0 || len(r.claimants) != 1 || len(r.byKey) != 1 {
		t.Errorf("left over: %d claimants, %d hosts", len(r.claimants), len(r.byKey))
	}
}

// TestRegistryReadsWhatIsThere: an Ingress that has changed since it was put
// says what it says now, and nothing about a host that it no longer names.
func TestRegistryReadsWhatIsThere(t *testing.T) {
	r := newTestRegistry()
	key := Key{cafe, Internet}
	r.Put(asks("a", day(1), cafe, "/a"))
	r.Put(asks("b", day(2), cafe, "/b"))
	if diff := cmp.Diff([]types.NamespacedName{named("b")}, r.Neighbours(named("a"), key)); diff != "" {
		t.Error(diff)
	}
	r.claims[named("a")] = asks("a", day(1), cafe, "/b")
	r.claims[named("b")] = asks("b", day(2), "b.com")
	if diff := cmp.Diff([]string{"a: /b"}, owners(r.Owners([]Key{key})[key])); diff != "" {
		t.Error(diff)
	}
	if names := r.Neighbours(named("a"), key); len(names) != 0 {
		t.Errorf("neighbours %v", names)
	}
}

// BenchmarkRegistry replaces one Ingress of 1,000 with four hosts each.
func BenchmarkRegistry(b *testing.B) {
	r := newTestRegistry()
	var all []Claims
	for i := range 1000 {
		c := asks(fmt.Sprint("i", i), day(1), fmt.Sprintf("h%d.example.com", i))
		for j := range 3 {
			h := c.Hosts[0]
			h.Name = fmt.Sprintf("h%d-%d.example.com", i, j)
			c.Hosts = append(c.Hosts, h)
		}
		r.Put(c)
		all = append(all, c)
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		for key, owners := range r.Owners(r.Put(all[i%len(all)])) {
			if len(owners) != 1 {
				b.Fatal(key)
			}
		}
	}
}
