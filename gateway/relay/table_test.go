package relay

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ebb-node/ebb/gateway/ingress"
)

// idle answers that nothing has backends.
func idle(Target) Backends { return Backends{} }

// routed is the Service that a request would go to, or "".
func routed(t *Table, e Entry, r *http.Request) string {
	p, err := t.snapshot.Load().plan(e, r)
	if err != nil {
		return ""
	}
	return p.pool.target.Service.Name
}

func get(url string, headers ...string) *http.Request {
	r := httptest.NewRequest(http.MethodGet, url, nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	return r
}

func TestMatching(t *testing.T) {
	tagged := to("/", "tagged")
	tagged.Headers = map[string]string{"Knative-Serving-Tag": "v1"}
	inside := on("a.com", to("/", "inside"))
	inside.Visibility = ingress.Intranet
	coffee, tea := on("cafe.com", to("/coffee", "coffee")), on("cafe.com", to("/tea", "tea"), to("/coffee/shop", "shop"))
	table := NewTable(idle)
	setHosts(table,
		on("a.com", to("/", "root"), to("/b", "b"), to("/b/c", "c")), inside,
		on("tag.com", to("/", "plain"), tagged),
		on("*.wild.com", to("/", "wild")), on("*.x.wild.com", to("/", "wilder")), on("exact.wild.com", to("/", "exact")),
		coffee, tea, on("enc.com", to("/%61", "encoded")))

	intranetPlain := Entry{Visibility: ingress.Intranet, Front: Plain}
	tests := map[string]struct {
		entry   Entry
		request *http.Request
		want    string
	}{
		"root":                      {internetPlain, get("http://a.com/"), "root"},
		"no path":                   {internetPlain, get("http://a.com"), "root"},
		"longest prefix":            {internetPlain, get("http://a.com/b/c/d"), "c"},
		"prefix is a string":        {internetPlain, get("http://a.com/bcd"), "b"},
		"path with a query":         {internetPlain, get("http://a.com/x?/b"), "root"},
		"port and case":             {internetPlain, get("http://A.Com:8080/b"), "b"},
		"trailing dot":              {internetPlain, get("http://a.com./b"), "b"},
		"other visibility":          {intranetPlain, get("http://a.com/b"), "inside"},
		"not visible":               {intranetPlain, get("http://tag.com/"), ""},
		"offloaded sees the same":   {Entry{Visibility: ingress.Internet, Front: Terminated}, get("http://a.com/b"), "b"},
		"header":                    {internetPlain, get("http://tag.com/", "Knative-Serving-Tag", "v1"), "tagged"},
		"other value":               {internetPlain, get("http://tag.com/", "Knative-Serving-Tag", "v2"), "plain"},
		"empty value":               {internetPlain, get("http://tag.com/", "Knative-Serving-Tag", ""), "plain"},
		"no header":                 {internetPlain, get("http://tag.com/"), "plain"},
		"exact before wildcard":     {internetPlain, get("http://exact.wild.com/"), "exact"},
		"wildcard":                  {internetPlain, get("http://any.wild.com/"), "wild"},
		"longer wildcard":           {internetPlain, get("http://any.x.wild.com/"), "wilder"},
		"several labels":            {internetPlain, get("http://a.b.wild.com/"), "wild"},
		"wildcard without a label":  {internetPlain, get("http://wild.com/"), ""},
		"shared host":               {internetPlain, get("http://cafe.com/coffee"), "coffee"},
		"shared host, other owner":  {internetPlain, get("http://cafe.com/tea/green"), "tea"},
		"shared host, longest":      {internetPlain, get("http://cafe.com/coffee/shop"), "shop"},
		"shared host, no such path": {internetPlain, get("http://cafe.com/"), ""},
		"unknown":                   {internetPlain, get("http://b.com/"), ""},
		"as the client sent it":     {internetPlain, get("http://enc.com/%61"), "encoded"},
		"not decoded":               {internetPlain, get("http://enc.com/a"), ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := routed(table, test.entry, test.request); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestSetReplacesAndRemoves(t *testing.T) {
	table := NewTable(idle)
	setHosts(table, on("a.com", to("/", "x")), on("b.com", to("/", "x")))
	before := table.snapshot.Load()
	table.Set(map[ingress.Key][]ingress.Host{
		{Name: "a.com", Visibility: ingress.Internet}: {on("a.com", to("/", "y"))},
		{Name: "b.com", Visibility: ingress.Internet}: nil,
		{Name: "c.com", Visibility: ingress.Internet}: nil,
	})
	if got := routed(table, internetPlain, get("http://a.com/")); got != "y" {
		t.Errorf("a.com goes to %q", got)
	}
	if got := routed(table, internetPlain, get("http://b.com/")); got != "" || table.Len() != 1 {
		t.Errorf("b.com goes to %q, %d hosts", got, table.Len())
	}
	if len(*before) != 2 {
		t.Errorf("a snapshot changed: %v", *before)
	}
}

func TestPoolsLiveAsLongAsHostsNeedThem(t *testing.T) {
	found := map[string]int{}
	table := NewTable(func(t Target) Backends { found[t.Service.Name]++; return Backends{} })
	setHosts(table, on("a.com", to("/", "x"), to("/y", "y")), on("b.com", to("/", "x")))
	setHosts(table, on("a.com", to("/", "x"))) // x stays, y goes
	table.Refresh(named("x"))
	table.Refresh(named("y"))
	setHosts(table, on("c.com", to("/", "y")))
	if diff := cmp.Diff(map[string]int{"x": 2, "y": 2}, found); diff != "" {
		t.Error(diff)
	}
	gone := map[ingress.Key][]ingress.Host{}
	for _, name := range []string{"a.com", "b.com", "c.com"} {
		gone[ingress.Key{Name: name, Visibility: ingress.Internet}] = nil
	}
	table.Set(gone)
	if n := len(table.pools.byService); n != 0 {
		t.Errorf("%d Services are left over", n)
	}
}

// TestNamesOfOneIngressShareAHost until one of them changes.
func TestNamesOfOneIngressShareAHost(t *testing.T) {
	table := NewTable(idle)
	named := func(name, service string) ingress.Host {
		h := on(name, to("/", service))
		h.Hash = "same"
		return h
	}
	at := func(name string) *host {
		return (*table.snapshot.Load())[ingress.Key{Name: name, Visibility: ingress.Internet}]
	}
	setHosts(table, named("a.com", "x"), named("b.com", "x"), named("c.com", "other"))
	if at("a.com") != at("b.com") || at("a.com") == at("c.com") {
		t.Error("names that say the same have two hosts, or others have one")
	}
	setHosts(table, named("a.com", "y"))
	if routed(table, internetPlain, get("http://a.com/")) != "y" || routed(table, internetPlain, get("http://b.com/")) != "x" {
		t.Error("a change of one name changes another, or nothing")
	}
	setHosts(table, named("b.com", "y"))
	if n := len(table.pools.byService); n != 2 {
		t.Errorf("%d Services, want y and other", n)
	}
}
