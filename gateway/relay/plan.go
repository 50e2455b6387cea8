package relay

import (
	"cmp"
	"errors"
	"net"
	"net/http"
	"strings"

	knheader "knative.dev/networking/pkg/http/header"

	"github.com/ebb-node/ebb/gateway/ingress"
)

// errUnknown means that no host, or no path of it, matches a request.
var errUnknown = errors.New("no such host or path")

// maxRewrites ends a circle of hosts that are rewritten to each other. One
// rewrite is what a DomainMapping needs.
const maxRewrites = 4

// plan is what to do with a request.
type plan struct {
	redirect bool
	host     string // for the backend; empty: the client's
	set      [][]header
	pool     *pool
}

// plan finds the route and split of a request that came in by an entry.
func (s snapshot) plan(e Entry, r *http.Request) (plan, error) {
	route := s.route(hostName(r.Host), e.Visibility, r)
	if route == nil {
		return plan{}, errUnknown
	}
	p := plan{redirect: route.redirect && e.Front == Plain}
	if r.Header.Get(knheader.HashKey) == knheader.HashValueOverride {
		p.set = append(p.set, []header{{knheader.HashKey, route.hash}})
	}
	share := p.follow(route, e.Podless)
	for range maxRewrites {
		inner := s.inner(route, share, r)
		if inner == nil {
			break
		}
		// The load balancer knows nothing of requests for the inner host that
		// came by another name, so all of them are here.
		route, share = inner, p.follow(inner, false)
	}
	p.pool = share.pool
	return p, nil
}

// follow adds what a route says and returns the split that it leads to, one
// without pods if the others' requests go elsewhere.
func (p *plan) follow(r *route, podless bool) *share {
	if r.rewrite != "" {
		p.host = r.rewrite
	}
	share := r.shares.next(podless)
	p.set = append(p.set, r.set, share.set)
	return share
}

// inner is the route of the host that a request is rewritten to, if the split's
// Service is that host within the cluster and the host is one of ours: then
// its requests would only come back here by the load balancer.
func (s snapshot) inner(outer *route, share *share, r *http.Request) *route {
	service := share.pool.target.Service
	inCluster := service.Name + "." + service.Namespace
	if outer.rewrite != inCluster && !strings.HasPrefix(outer.rewrite, inCluster+".svc") {
		return nil
	}
	return s.route(outer.rewrite, ingress.Intranet, r)
}

func (s snapshot) route(host string, v ingress.Visibility, r *http.Request) *route {
	h := s.find(host, v)
	if h == nil {
		return nil
	}
	// A request line with a whole URL may have no path.
	return h.match(cmp.Or(r.URL.EscapedPath(), "/"), r.Header)
}

// hostName is a Host header without its port, in lower case.
func hostName(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return strings.ToLower(strings.TrimSuffix(host, "."))
}
