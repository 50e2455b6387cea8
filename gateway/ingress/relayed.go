package ingress

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// What the URL of a CLB rule can have, see RuleList of
// https://www.alibabacloud.com/help/en/slb/classic-load-balancer/developer-reference/api-slb-2014-05-15-createrules.
const (
	maxURL        = 80 // characters
	urlCharacters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/.%?#&-"
)

// Matchable is the longest part of a prefix that a rule can match.
func Matchable(prefix string) string {
	if i := strings.IndexFunc(prefix, func(c rune) bool { return !strings.ContainsRune(urlCharacters, c) }); i >= 0 {
		prefix = prefix[:i]
	}
	return prefix[:min(len(prefix), maxURL)]
}

// forActivator are the headers that every Route appends and only the activator
// reads (knative.dev/serving/pkg/activator, whose import would bring the whole
// of its statistics along). Pods do without them, so they are no reason to
// relay.
var forActivator = []string{"Knative-Serving-Revision", "Knative-Serving-Namespace"}

// relayed is the first reason for which the load balancer cannot serve the
// paths by itself, or "".
func relayed(paths []Path) string {
	for _, path := range paths {
		if why := path.relayed(); why != "" {
			return fmt.Sprintf("path %s %s", path.Prefix, why)
		}
	}
	return ""
}

func (p Path) relayed() string {
	switch {
	case len(p.Prefix) > maxURL:
		return fmt.Sprintf("is longer than %d characters", maxURL)
	case Matchable(p.Prefix) != p.Prefix:
		return "has characters other than letters, digits and -/.%?#&"
	case len(p.Headers) > 0:
		return "matches the header " + first(p.Headers)
	case p.RewriteHost != "":
		return "rewrites the host to " + p.RewriteHost
	case len(p.AppendHeaders) > 0:
		return "appends the header " + first(p.AppendHeaders)
	}
	for _, s := range p.Splits {
		if why := s.relayed(); why != "" {
			return why
		}
	}
	return ""
}

func (s Split) relayed() string {
	for _, name := range slices.Sorted(maps.Keys(s.AppendHeaders)) {
		if !slices.Contains(forActivator, name) {
			return fmt.Sprintf("appends the header %s for Service %s", name, s.Service.Name)
		}
	}
	return ""
}

func first(headers map[string]string) string {
	return slices.Min(slices.Collect(maps.Keys(headers)))
}
