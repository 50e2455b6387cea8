package slb

import (
	"cmp"
	"slices"
	"strings"
)

// domain is the host part of a rule on its listener; rules of one domain
// decide together where a request goes.
type domain struct {
	endpoint Endpoint
	name     string
	url      string
}

func (r Rule) domain() domain       { return domain{name: r.Domain, url: r.URL} }
func (r RuleID) domain() domain     { return domain{r.Endpoint, r.Domain, r.URL} }
func (d domain) same(o domain) bool { return d.endpoint == o.endpoint && d.name == o.name }

// specific is how early a domain is asked: exact hosts, then longer wildcards,
// then rules for any host.
func (d domain) specific() int {
	switch {
	case d.name == "":
		return 0
	case strings.HasPrefix(d.name, "*"):
		return len(d.name)
	}
	return 1 << 10
}

// byDomain cuts rules into calls. A call holds domains as a whole where it
// can, since with some of its rules a domain sends requests to the wrong group
// or answers 404. Specific domains are made first and deleted last, so that a
// host never falls back on a domain that is not in its final state. Catch-alls
// are made before the paths below them and deleted after.
func byDomain[T any](list []T, of func(T) domain, deleting bool) [][]T {
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(x, y T) int {
		a, b := of(x), of(y)
		if deleting {
			a, b = b, a
		}
		return cmp.Or(b.specific()-a.specific(), strings.Compare(a.name, b.name), a.endpoint.Port-b.endpoint.Port, len(a.url)-len(b.url))
	})
	var calls [][]T
	var call []T
	for len(list) > 0 {
		n := 1
		for n < len(list) && n < rulesPerCall && of(list[n]).same(of(list[0])) {
			n++
		}
		if len(call)+n > rulesPerCall {
			calls, call = append(calls, call), nil
		}
		call, list = append(call, list[:n]...), list[n:]
	}
	if len(call) > 0 {
		calls = append(calls, call)
	}
	return calls
}
