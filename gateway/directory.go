package gateway

import (
	"cmp"
	"reflect"
	"slices"
	"time"

	"k8s.io/apimachinery/pkg/types"

	"github.com/ebb-node/ebb/gateway/ingress"
)

// directory is what the gateway knows: routes and load balancers. Its user
// keeps it from concurrent use.
type directory struct {
	budget    budget
	mode      Mode
	moveGrace time.Duration

	routes    map[types.NamespacedName]*route
	order     []*route // by age
	byService map[types.NamespacedName][]*route
	balancers map[balancerKey]*balancer
	revisions int      // of all routes
	replicas  []string // addresses of the relay's that load balancers can reach
}

func newDirectory(b budget, mode Mode, moveGrace time.Duration) *directory {
	return &directory{
		budget: b, mode: mode, moveGrace: moveGrace,
		routes: map[types.NamespacedName]*route{}, byService: map[types.NamespacedName][]*route{},
		balancers: map[balancerKey]*balancer{},
	}
}

// byAge orders routes by what does not change.
func byAge(a, b *route) int {
	return cmp.Or(a.created.Compare(b.created), cmp.Compare(a.name.Namespace, b.name.Namespace), cmp.Compare(a.name.Name, b.name.Name))
}

// put replaces a route, or adds it, and finds it a home. Together are the
// routes that must be on the same load balancers. It returns the load balancers
// that have something to do.
func (d *directory) put(r *route, now time.Time, says promise, together func(ingress.Visibility) []*route) []balancerKey {
	old := d.routes[r.name]
	changed := old == nil || !r.sameAs(old)
	touched := map[balancerKey]bool{}
	if old != nil {
		r.homes, r.asked, r.ready = old.homes, old.asked, old.ready
		r.revision, r.relayed, r.probing = old.revision, old.relayed, old.probing
		d.note(touched, old, changed)
		d.forget(old)
	}
	if old == nil || r.generation != old.generation || !r.asksFor(old) {
		r.homes[0].renew()
		r.homes[1].renew()
		r.asked, changed = now, true
		d.revisions++
		r.revision, r.relayed, r.probing = d.revisions, false, false
	}
	d.remember(r)
	for i, v := range visibilities {
		r.loads[i] = r.loadOf(v)
		if old == nil || r.home(v).at == 0 || !reflect.DeepEqual(r.loads[i], old.loads[i]) || r.on(v) != old.on(v) || d.squeezed(r, v) {
			d.place(r, v, says, together(v), touched)
		}
	}
	if old == nil && says.ready {
		r.keep(says)
	}
	d.note(touched, r, changed)
	return sortedKeys(touched)
}

// drop removes a route.
func (d *directory) drop(name types.NamespacedName) []balancerKey {
	r := d.routes[name]
	if r == nil {
		return nil
	}
	touched := map[balancerKey]bool{}
	d.note(touched, r, true)
	d.forget(r)
	return sortedKeys(touched)
}

// note marks the load balancers that a route is on.
func (d *directory) note(touched map[balancerKey]bool, r *route, changed bool) {
	if !changed {
		return
	}
	for i, v := range visibilities {
		h := &r.homes[i]
		if h.at != 0 {
			touched[balancerKey{v, h.at}] = true
		}
		for _, f := range h.former {
			touched[balancerKey{v, f.at}] = true
		}
	}
}

func sortedKeys(set map[balancerKey]bool) []balancerKey {
	var out []balancerKey
	for k := range set {
		out = append(out, k)
	}
	slices.SortFunc(out, balancerKey.compare)
	return out
}

func (d *directory) remember(r *route) {
	d.routes[r.name] = r
	i, _ := slices.BinarySearchFunc(d.order, r, byAge)
	d.order = slices.Insert(d.order, i, r)
	for _, s := range r.services() {
		d.byService[s] = append(d.byService[s], r)
	}
}

func (d *directory) forget(r *route) {
	delete(d.routes, r.name)
	d.order = slices.DeleteFunc(d.order, func(o *route) bool { return o == r })
	for _, s := range r.services() {
		left := slices.DeleteFunc(d.byService[s], func(o *route) bool { return o == r })
		if len(left) == 0 {
			delete(d.byService, s)
			continue
		}
		d.byService[s] = left
	}
}

// onBalancer are the routes on a load balancer, by age.
func (d *directory) onBalancer(k balancerKey) []*route {
	var out []*route
	for _, r := range d.order {
		if r.home(k.visibility).serves(k.ordinal) {
			out = append(out, r)
		}
	}
	return out
}

// count is the number of load balancers of a visibility.
func (d *directory) count(v ingress.Visibility) (n int) {
	for k := range d.balancers {
		if k.visibility == v {
			n = max(n, k.ordinal)
		}
	}
	return n
}

// sameAs reports whether load balancers see no difference.
func (r *route) sameAs(o *route) bool {
	return r.waiting == o.waiting && reflect.DeepEqual(r.sites, o.sites) && reflect.DeepEqual(r.pools, o.pools)
}

// asksFor reports whether the other route asks for the same hosts, wherever
// pods are.
func (r *route) asksFor(o *route) bool {
	return slices.EqualFunc(r.sites, o.sites, func(a, b site) bool {
		return a.host == b.host && a.visibility == b.visibility && a.secret == b.secret && a.redirect == b.redirect &&
			slices.EqualFunc(a.paths, b.paths, func(x, y sitePath) bool { return x.url == y.url && x.pool.name() == y.pool.name() })
	})
}

// name is the pool's key; nil, for the relay, has none.
func (p *pool) name() string {
	if p == nil {
		return ""
	}
	return p.key
}
