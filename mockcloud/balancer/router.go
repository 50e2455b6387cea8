package balancer

import (
	"cmp"
	"slices"
	"strings"
)

// router finds the rule for a request. It is made once of a listener's rules
// and never changes.
type router[T any] struct {
	domains hosts[*prefixes[T]]
	urls    prefixes[T] // of the rules without a domain
	other   T           // of the listener itself
}

// prefixes are the rules of one domain.
type prefixes[T any] struct {
	byURL  []prefix[T] // longest first
	all    T           // of the rule without a URL
	hasAll bool
}

type prefix[T any] struct {
	url    string
	target T
}

// newRouter sorts the rules; target says where each one leads, other where a
// request goes that none of them wants.
func newRouter[T any](rules []Rule, target func(Rule) T, other T) router[T] {
	r := router[T]{domains: newHosts[*prefixes[T]](), other: other}
	for _, rule := range rules {
		set := &r.urls
		if rule.Domain != "" {
			set = r.domain(rule.Domain)
		}
		set.add(rule.URL, target(rule))
	}
	return r
}

func (r *router[T]) domain(domain string) *prefixes[T] {
	if set, ok := r.domains.get(domain); ok {
		return set
	}
	set := &prefixes[T]{}
	r.domains.set(domain, set)
	return set
}

func (p *prefixes[T]) add(url string, target T) {
	if url == "" {
		p.all, p.hasAll = target, true
		return
	}
	at, _ := slices.BinarySearchFunc(p.byURL, url, func(e prefix[T], url string) int {
		return cmp.Compare(len(url), len(e.url))
	})
	p.byURL = slices.Insert(p.byURL, at, prefix[T]{url, target})
}

func (p *prefixes[T]) find(uri string) (T, bool) {
	for _, e := range p.byURL {
		if strings.HasPrefix(uri, e.url) {
			return e.target, true
		}
	}
	return p.all, p.hasAll
}

// route answers where a request goes, by its canonical host and its
// percent-encoded path and query. It answers false when the host has rules
// but none for the path: that is 404, not the listener's own group.
func (r *router[T]) route(host, uri string) (T, bool) {
	if set, ok := r.domains.find(host); ok {
		return set.find(uri)
	}
	if target, ok := r.urls.find(uri); ok {
		return target, true
	}
	return r.other, true
}
