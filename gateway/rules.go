package gateway

import (
	"github.com/ebb-node/ebb/gateway/ingress"
	"github.com/ebb-node/ebb/gateway/relay"
	"github.com/ebb-node/ebb/slb"
)

// rules of a route on a load balancer of a visibility, for one of its fronts.
func (r *route) rules(v ingress.Visibility, f relay.Front) []slb.Rule {
	return r.appendRules(nil, v, f)
}

func (r *route) appendRules(out []slb.Rule, v ingress.Visibility, f relay.Front) []slb.Rule {
	for i := range r.sites {
		s := &r.sites[i]
		if s.visibility != v || f == relay.Terminated && s.secret.Name == "" {
			continue
		}
		for _, p := range s.paths {
			out = append(out, slb.Rule{Domain: s.host, URL: p.url, Group: s.group(p, f)})
		}
	}
	return out
}

// group is the key of the group that a path's rule leads to.
func (s *site) group(p sitePath, f relay.Front) string {
	if p.pool == nil || !p.pool.direct() || f == relay.Plain && s.redirect {
		return relayKey(f)
	}
	return p.pool.key
}

// poolsOn are the pools that rules on a load balancer of a visibility may lead
// to, each once.
func (r *route) poolsOn(v ingress.Visibility) []*pool {
	var out []*pool
	for _, p := range r.pools {
		if r.uses(p, v) {
			out = append(out, p)
		}
	}
	return out
}

func (r *route) uses(wanted *pool, v ingress.Visibility) bool {
	for i := range r.sites {
		if r.sites[i].visibility != v {
			continue
		}
		for _, p := range r.sites[i].paths {
			if p.pool == wanted {
				return true
			}
		}
	}
	return false
}

// frontOf is the relay's entry for its part of a pool. Where both listeners
// share the pool it is the one for TLS: a request that is taken for plain HTTP
// though it was not may be redirected for ever by the application.
func (r *route) frontOf(wanted *pool, v ingress.Visibility) relay.Front {
	for i := range r.sites {
		s := &r.sites[i]
		if s.visibility != v || s.secret.Name == "" {
			continue
		}
		for _, p := range s.paths {
			if p.pool == wanted {
				return relay.Terminated
			}
		}
	}
	return relay.Plain
}

// mergeRules joins the rules of several routes. Of two for the same match the
// one that leads to the relay wins: it serves what both of them want.
func mergeRules(rules []slb.Rule, f relay.Front) []slb.Rule {
	type match struct{ domain, url string }
	at := make(map[match]int, len(rules))
	out := rules[:0]
	for _, r := range rules {
		m := match{r.Domain, r.URL}
		i, seen := at[m]
		switch {
		case !seen:
			at[m] = len(out)
			out = append(out, r)
		case r.Group == relayKey(f):
			out[i].Group = r.Group
		}
	}
	return out
}
