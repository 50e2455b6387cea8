package relay

import (
	"cmp"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/types"

	"github.com/ebb-node/ebb/gateway/ingress"
)

// host is all paths of a host name, of one Ingress or of several. Names for
// which an Ingress says the same are one host.
type host struct {
	names   int // guarded by Table.writing
	routes  []*route
	secret  types.NamespacedName // with the certificate; empty: none
	created time.Time            // the Ingress that names the Secret
}

// route is a path, made ready for matching.
type route struct {
	prefix   string
	headers  []header // to match
	rewrite  string   // Host for the backend; empty: the client's
	redirect bool     // to https
	hash     string   // of the Ingress, for Knative's probes
	set      []header
	shares   *shares
}

type header struct{ name, value string }

// maker makes the hosts of one change.
type maker struct {
	use  func(Target) *pool
	made map[types.NamespacedName][]made // by Ingress
}

type made struct {
	owner ingress.Host
	host  *host
}

// host of owners: one for all names of which an Ingress says the same.
func (m *maker) host(owners []ingress.Host) *host {
	if len(owners) > 1 {
		return newHost(owners, m.use)
	}
	owner := owners[0]
	owner.Name, owner.Visibility = "", 0
	for _, same := range m.made[owner.Ingress] {
		if reflect.DeepEqual(same.owner, owner) {
			same.host.names++
			return same.host
		}
	}
	if m.made == nil {
		m.made = map[types.NamespacedName][]made{}
	}
	h := newHost(owners, m.use)
	m.made[owner.Ingress] = append(m.made[owner.Ingress], made{owner, h})
	return h
}

func newHost(owners []ingress.Host, use func(Target) *pool) *host {
	h := &host{names: 1}
	for _, owner := range owners {
		if h.secret.Name == "" {
			h.secret, h.created = owner.TLS, owner.Created
		}
		for _, path := range owner.Paths {
			h.routes = append(h.routes, &route{
				prefix: path.Prefix, headers: headers(path.Headers), rewrite: path.RewriteHost,
				redirect: owner.Redirect, hash: owner.Hash,
				set: headers(path.AppendHeaders), shares: newShares(path.Splits, use),
			})
		}
	}
	slices.SortStableFunc(h.routes, func(a, b *route) int {
		return cmp.Or(cmp.Compare(len(b.prefix), len(a.prefix)), cmp.Compare(len(b.headers), len(a.headers)))
	})
	return h
}

// release takes a name away, and gives the pools back with the last one. There
// may be no host.
func (h *host) release(leave func(*pool)) {
	if h == nil {
		return
	}
	if h.names--; h.names > 0 {
		return
	}
	for _, r := range h.routes {
		for _, s := range r.shares.all {
			leave(s.pool)
		}
	}
}

// match is the first route for a request, or nil.
func (h *host) match(path string, header http.Header) *route {
	for _, r := range h.routes {
		if strings.HasPrefix(path, r.prefix) && r.matches(header) {
			return r
		}
	}
	return nil
}

func (r *route) matches(header http.Header) bool {
	for _, want := range r.headers {
		if !slices.Contains(header[want.name], want.value) {
			return false
		}
	}
	return true
}

// headers in a fixed order.
func headers(m map[string]string) []header {
	var list []header
	for _, name := range slices.Sorted(maps.Keys(m)) {
		list = append(list, header{name, m[name]})
	}
	return list
}
