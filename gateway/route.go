package gateway

import (
	"slices"
	"time"

	"k8s.io/apimachinery/pkg/types"

	"github.com/ebb-node/ebb/gateway/ingress"
)

// route is an Ingress as load balancers see it.
type route struct {
	name       types.NamespacedName
	uid        types.UID
	generation int64
	created    time.Time
	sites      []site
	pools      []*pool
	homes      [2]home // by visibilities
	loads      [2]load // what it takes there
	// revision counts what it asked for. Relayed and probing are about it: the
	// relay has it, or is being asked whether it has.
	revision         int
	relayed, probing bool
	question         *question // for the relay; nil: it got no host

	ready bool      // by the last verdict
	asked time.Time // when it last asked for something else
	// problems are conditions, warnings are Events alone.
	problems, warnings []problem
	// waiting means that it is not known yet where its pods are.
	waiting bool
}

// newRoute translates the hosts that an Ingress got. The pools have no members
// yet.
func newRoute(name types.NamespacedName, hosts []ingress.Host) *route {
	r := &route{name: name}
	if q, ok := questionAbout(hosts); ok {
		r.question = &q
	}
	anchors := map[string]anchor{}
	pools := map[string]*pool{}
	for _, h := range hosts {
		s := newSite(h, func(prefix string, in []ingress.Split) *pool {
			splits := mergeSplits(in)
			sign, here := signature(splits), anchor{h.Name, prefix}
			if best, known := anchors[sign]; !known || here.compare(best) < 0 {
				anchors[sign] = here
			}
			if pools[sign] == nil {
				pools[sign] = &pool{splits: splits}
				r.pools = append(r.pools, pools[sign])
			}
			return pools[sign]
		})
		for i := range r.sites {
			if slices.Equal(r.sites[i].paths, s.paths) {
				s.paths = r.sites[i].paths // nobody changes them
			}
		}
		r.sites = append(r.sites, s)
	}
	for sign, p := range pools {
		p.key = poolKey(name, anchors[sign])
	}
	return r
}

// services that the route splits to, each once.
func (r *route) services() []types.NamespacedName {
	var out []types.NamespacedName
	for _, p := range r.pools {
		for _, s := range p.splits {
			if !slices.Contains(out, s.service) {
				out = append(out, s.service)
			}
		}
	}
	return out
}

// namesMoreThan reports whether the route splits to Services that it did not
// before; old may be nil.
func (r *route) namesMoreThan(old *route) bool {
	var before []types.NamespacedName
	if old != nil {
		before = old.services()
	}
	return slices.ContainsFunc(r.services(), func(s types.NamespacedName) bool { return !slices.Contains(before, s) })
}

// on reports whether the route has hosts of a visibility.
func (r *route) on(v ingress.Visibility) bool {
	return slices.ContainsFunc(r.sites, func(s site) bool { return s.visibility == v })
}
