package gateway

import (
	"reflect"

	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"github.com/ebb-node/ebb/gateway/ingress"
)

// offer lets those who look for a place look again, since there may be room
// now. The caller holds mu.
func (g *gateway) offer() {
	for _, r := range g.directory.order {
		if g.directory.seeks(r) {
			g.ingresses.add(reconcile.Request{NamespacedName: r.name})
		}
	}
}

// seeks reports whether a route looks for a place.
func (d *directory) seeks(r *route) bool {
	for _, v := range visibilities {
		if r.on(v) && (r.home(v).at == 0 || d.squeezed(r, v)) {
			return true
		}
	}
	return false
}

// squeezed reports that a route's load balancer has not all of it, and carries
// more than it has room for.
func (d *directory) squeezed(r *route, v ingress.Visibility) bool {
	h := r.home(v)
	if d.mode == ModeRelay || h.at == 0 || h.proved {
		return false
	}
	loads := d.loads(v, nil)
	return h.at <= len(loads) && !d.budget.fits(loads[h.at-1], false)
}

// takesLessThan reports whether a route takes less of some load balancer than
// it did.
func (r *route) takesLessThan(old *route) bool {
	for i := range visibilities {
		is, was := &r.loads[i], &old.loads[i]
		if is.plain < was.plain || is.tls < was.tls || is.members < was.members || !reflect.DeepEqual(is.names, was.names) {
			return true
		}
	}
	return false
}
