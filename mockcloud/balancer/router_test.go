package balancer

import (
	"math/rand/v2"
	"strings"
	"testing"
)

func groupOf(r Rule) string { return r.Group }

func TestRouteFollowsTheDocumentedSteps(t *testing.T) {
	rules := []Rule{
		{Domain: "a.example.com", Group: "a"},
		{Domain: "a.example.com", URL: "/api", Group: "a-api"},
		{Domain: "a.example.com", URL: "/api/v2", Group: "a-api-v2"},
		{Domain: "paths.example.com", URL: "/only", Group: "only"},
		{Domain: "*.example.com", Group: "wild"},
		{URL: "/api", Group: "any-api"},
		{URL: "/a%20b", Group: "encoded"},
		{URL: "/q?x=", Group: "query"},
	}
	r := newRouter(rules, groupOf, "default")
	for _, c := range []struct{ host, uri, want string }{
		{"a.example.com", "/", "a"},
		{"a.example.com", "/api", "a-api"},
		{"a.example.com", "/apiary", "a-api"}, // a prefix, not a segment
		{"a.example.com", "/ap", "a"},
		{"a.example.com", "/api/v2/x", "a-api-v2"},
		{"a.example.com", "/API", "a"},
		{"a.example.com", "/x/api", "a"},
		{"a.example.com", "/api?x=1", "a-api"},
		{"paths.example.com", "/only/x", "only"},
		{"paths.example.com", "/other", "404"}, // neither the wildcard nor the default
		{"paths.example.com", "/api", "404"},   // nor a rule without a domain
		{"b.example.com", "/api", "wild"},
		{"other.com", "/api/x", "any-api"},
		{"other.com", "/a%20b/c", "encoded"},
		{"other.com", "/q?x=1", "query"},
		{"other.com", "/q", "default"},
		{"other.com", "/", "default"},
		{"", "/", "default"},
	} {
		got, found := r.route(c.host, c.uri)
		if !found {
			got = "404"
		}
		if got != c.want {
			t.Errorf("route(%q, %q) = %q, want %q", c.host, c.uri, got, c.want)
		}
	}
}

func TestWithoutRulesAllGoesToTheListenersGroup(t *testing.T) {
	r := newRouter(nil, groupOf, "default")
	if got, found := r.route("a.example.com", "/x"); !found || got != "default" {
		t.Errorf("route = %q, %v", got, found)
	}
}

// naiveRoute is the sheet's list of steps, word by word.
func naiveRoute(rules []Rule, host, uri string) (string, bool) {
	domain := ""
	for _, r := range rules {
		switch {
		case r.Domain == "":
		case r.Domain == host:
			domain = host
		case strings.HasPrefix(r.Domain, "*") && domain != host && len(host) > len(r.Domain)-1 &&
			strings.HasSuffix(host, r.Domain[1:]) && len(r.Domain) > len(domain):
			domain = r.Domain
		}
	}
	best, found := Rule{}, false
	for _, r := range rules {
		if r.Domain == domain && strings.HasPrefix(uri, r.URL) && (!found || len(r.URL) > len(best.URL)) {
			best, found = r, true
		}
	}
	if !found && domain == "" {
		return "default", true
	}
	return best.Group, found
}

var (
	someDomains = []string{"", "a.b.c", "b.c", "*.b.c", "*.c", "*.a.b.c", "c", "x.a.b.c"}
	someURLs    = []string{"", "/a", "/ab", "/a/b", "/a/", "/b%2F", "/a?x"}
	someHosts   = []string{"", "c", "b.c", "a.b.c", "x.a.b.c", "y.x.a.b.c", "z.c", ".b.c", "d"}
	someURIs    = []string{"/", "/a", "/ab", "/abc", "/a/b/c", "/a/", "/b%2Fx", "/b", "/a?x=1", "*"}
)

// randomRules are some rules with different conditions.
func randomRules(random *rand.Rand) []Rule {
	var rules []Rule
	seen := map[[2]string]bool{{"", ""}: true}
	for range random.IntN(20) {
		r := Rule{Domain: pickOne(random, someDomains), URL: pickOne(random, someURLs)}
		if condition := [2]string{r.Domain, r.URL}; !seen[condition] {
			seen[condition] = true
			r.Group = r.Domain + r.URL
			rules = append(rules, r)
		}
	}
	return rules
}

func pickOne[T any](random *rand.Rand, of []T) T { return of[random.IntN(len(of))] }

func TestRouteAgreesWithANaiveReading(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		rules := randomRules(random)
		r := newRouter(rules, groupOf, "default")
		for _, host := range someHosts {
			for _, uri := range someURIs {
				compareRoutes(t, r, rules, host, uri)
			}
		}
	}
}

func FuzzRoute(f *testing.F) {
	f.Add(uint64(1), "a.b.c", "/a/b")
	f.Add(uint64(7), "..b.c", "/b%2f?x#y")
	f.Fuzz(func(t *testing.T, seed uint64, host, uri string) {
		rules := randomRules(rand.New(rand.NewPCG(seed, 0)))
		compareRoutes(t, newRouter(rules, groupOf, "default"), rules, canonicalHost(host), uri)
	})
}

func compareRoutes(t *testing.T, r router[string], rules []Rule, host, uri string) {
	t.Helper()
	got, found := r.route(host, uri)
	want, wantFound := naiveRoute(rules, host, uri)
	if got != want || found != wantFound {
		t.Fatalf("route(%q, %q) = %q, %v; want %q, %v\nrules %+v", host, uri, got, found, want, wantFound, rules)
	}
}
