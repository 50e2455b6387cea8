package balancer

import (
	"net"
	"strings"
)

// hosts finds what belongs to a domain: exact ones first, then the wildcard
// with the longest suffix. A wildcard covers any depth of labels below its
// domain, never the domain itself.
type hosts[T any] struct {
	exact    map[string]T
	wildcard map[string]T // by what follows the asterisk: ".example.com"
}

func newHosts[T any]() hosts[T] {
	return hosts[T]{exact: map[string]T{}, wildcard: map[string]T{}}
}

// set is for a domain as the API writes it: exact, or *. before a domain.
func (h hosts[T]) set(domain string, value T) {
	domain = strings.ToLower(domain)
	if suffix, ok := strings.CutPrefix(domain, "*"); ok {
		h.wildcard[suffix] = value
		return
	}
	h.exact[domain] = value
}

// get answers what was set for a domain, as it was written.
func (h hosts[T]) get(domain string) (T, bool) {
	domain = strings.ToLower(domain)
	if suffix, ok := strings.CutPrefix(domain, "*"); ok {
		value, found := h.wildcard[suffix]
		return value, found
	}
	value, found := h.exact[domain]
	return value, found
}

// find answers what covers a canonical host.
func (h hosts[T]) find(host string) (value T, found bool) {
	if value, found = h.exact[host]; found {
		return value, true
	}
	for rest := host; ; {
		dot := strings.IndexByte(rest, '.')
		if dot < 0 {
			return value, false
		}
		// A dot in front has no label before it for the asterisk.
		if value, found = h.wildcard[rest[dot:]]; found && len(rest[dot:]) < len(host) {
			return value, true
		}
		rest = rest[dot+1:]
	}
}

// canonicalHost is a Host header without its port, in lower case, without the
// dot of the root.
func canonicalHost(host string) string {
	if bare, _, err := net.SplitHostPort(host); err == nil {
		host = bare
	}
	host = strings.TrimPrefix(strings.TrimSuffix(host, "]"), "[")
	return strings.ToLower(strings.TrimSuffix(host, "."))
}
