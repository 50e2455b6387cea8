package gateway

import (
	"slices"

	"k8s.io/apimachinery/pkg/types"

	"github.com/ebb-node/ebb/gateway/ingress"
)

// site is a host of a route for one visibility.
type site struct {
	host   string
	secret types.NamespacedName // empty: no TLS
	// certificate of the Secret, or the one before while that is bad; nil: no
	// good one was seen.
	certificate *certificate
	paths       []sitePath
	visibility  ingress.Visibility
	redirect    bool // plain HTTP goes to the relay, which redirects
}

// sitePath sends a prefix to a pool.
type sitePath struct {
	url  string // as slb.Rule has it: empty for all paths
	pool *pool  // nil: the relay
}

// newSite translates a host; poolOf finds the pool for the splits of a prefix.
func newSite(h ingress.Host, poolOf func(prefix string, splits []ingress.Split) *pool) site {
	s := site{host: h.Name, visibility: h.Visibility, secret: h.TLS, redirect: h.Redirect}
	relayed := h.Relayed != ""
	if relayed && !h.Shared {
		// The relay knows the paths; the load balancer has few places for rules.
		s.paths = []sitePath{{}}
		return s
	}
	for _, p := range h.Paths {
		path := sitePath{url: urlOf(p.Prefix)}
		if slices.ContainsFunc(s.paths, func(o sitePath) bool { return o.url == path.url }) {
			continue // told apart by what only the relay looks at
		}
		if !relayed {
			path.pool = poolOf(p.Prefix, p.Splits)
		}
		s.paths = append(s.paths, path)
	}
	return s
}

// urlOf is the longest prefix of a path that a rule can match; empty for all
// paths. Where it is shorter than the path the rule leads to the relay, which
// serves every path of the host.
func urlOf(prefix string) string {
	prefix = ingress.Matchable(prefix)
	if prefix == "/" {
		return ""
	}
	return prefix
}
