package gateway

import (
	"cmp"
	"slices"

	"k8s.io/apimachinery/pkg/types"

	"github.com/ebb-node/ebb/gateway/ingress"
	"github.com/ebb-node/ebb/gateway/relay"
	"github.com/ebb-node/ebb/slb"
)

// load is what Ingresses take of a load balancer's quotas.
type load struct {
	plain, tls int // rules on the two listeners
	members    int
	names      []secretName
}

// secretName is a host with TLS and the Secret of its certificate.
type secretName struct {
	host   string
	secret types.NamespacedName
	covers []string // names of the certificate, as far as it is known
}

// loadOf a route on load balancers of a visibility.
func (r *route) loadOf(v ingress.Visibility) load {
	l := load{plain: len(r.rules(v, relay.Plain)), tls: len(r.rules(v, relay.Terminated))}
	for _, p := range r.poolsOn(v) {
		l.members += p.size()
	}
	for i := range r.sites {
		s := &r.sites[i]
		if s.visibility != v || s.secret.Name == "" {
			continue
		}
		name := secretName{host: s.host, secret: s.secret}
		if s.certificate != nil {
			name.covers = s.certificate.leaf.DNSNames
		}
		l.names = append(l.names, name)
	}
	return l
}

// add another load. Two rules for the same match count twice, which errs on
// the safe side.
func (l *load) add(o *load) {
	l.plain += o.plain
	l.tls += o.tls
	l.members += o.members
	l.names = append(l.names, o.names...)
}

// and is the load of both.
func (l load) and(o load) load {
	l.names = slices.Clone(l.names)
	l.add(&o)
	return l
}

// budget is what load balancers have place for.
type budget struct {
	limits slb.Limits
	// standard is the Secret of the configured default certificate; without it
	// the first host's is the default.
	standard types.NamespacedName
	// most is how many load balancers of a visibility there may be.
	most int
}

// relayReserve is place for the relay's replicas, which are in up to two
// groups of their own and in groups that the relay has a part of.
const relayReserve = 20

// fits reports whether a load balancer has place for a load. Pods come and go
// by themselves, so members only keep away what is not there yet.
func (b budget) fits(l load, anew bool) bool {
	if max(l.plain, l.tls) > b.limits.RulesPerListener || b.extensions(l) > b.limits.ExtensionsPerListener {
		return false
	}
	return !anew || l.members+relayReserve <= b.limits.BackendsPerInstance
}

// extensions counts the server names besides the default certificate.
func (b budget) extensions(l load) int {
	if len(l.names) == 0 {
		return 0
	}
	var hosts []serverName
	for _, n := range l.names {
		hosts = append(hosts, serverName{host: n.host, certificate: n.secret.String(), covers: n.covers})
	}
	return len(extensions(hosts, cmp.Or(b.standard, l.names[0].secret).String()))
}

// choose picks a load balancer for Ingresses that must be together. Loads are
// what each one carries without them, and at is where they are now, in order
// of precedence. Where they are is where they stay if there is room; else it is
// the first one with room, which may be a new one. -1 is none.
func (b budget) choose(need load, at []int, loads []load) int {
	for _, i := range at {
		if i < len(loads) && b.fits(loads[i].and(need), false) {
			return i
		}
	}
	for i := range loads {
		if b.fits(loads[i].and(need), true) {
			return i
		}
	}
	if len(loads) < b.most && b.fits(need, true) {
		return len(loads)
	}
	return -1
}
