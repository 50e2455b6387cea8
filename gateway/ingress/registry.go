package ingress

import (
	"slices"
	"time"

	"k8s.io/apimachinery/pkg/types"
)

// Registry settles claims as Settle does while they change, at the price of
// the hosts that a change is about. Of a claim it keeps only who asks for what:
// what a host says it reads again when it is needed. It is not safe for
// concurrent use.
type Registry struct {
	read      func(types.NamespacedName) []Host
	claimants map[types.NamespacedName]*claimant
	byKey     map[Key]*claim // the first in order of precedence
}

// claimant is an Ingress with the hosts that it asks for.
type claimant struct {
	ingress types.NamespacedName
	created time.Time
	keys    []Key
	stamp   stamp // of the Ingress, as the Ledger saw it
}

// NewRegistry has no claims. Read are the hosts of an Ingress as it is now,
// from memory; none when it is gone.
func NewRegistry(read func(types.NamespacedName) []Host) *Registry {
	return &Registry{read: read, claimants: map[types.NamespacedName]*claimant{}, byKey: map[Key]*claim{}}
}

// Put replaces what an Ingress claims; no hosts means that it claims nothing.
// It returns the hosts that the Ingress claims or claimed: whose owners, or
// what these say, may have changed.
func (r *Registry) Put(claims Claims) []Key {
	keys := r.Drop(claims.Ingress)
	if len(claims.Hosts) == 0 {
		return keys
	}
	by := &claimant{ingress: claims.Ingress, created: claims.Created, keys: make([]Key, len(claims.Hosts))}
	r.claimants[claims.Ingress] = by
	for i := range claims.Hosts {
		host := &claims.Hosts[i]
		key := host.Key()
		by.keys[i] = key
		r.byKey[key] = r.byKey[key].insert(&claim{by: by, shared: host.Shared})
		if !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	return keys
}

// Drop forgets an Ingress and returns the hosts that it claimed.
func (r *Registry) Drop(ing types.NamespacedName) []Key {
	by := r.claimants[ing]
	if by == nil {
		return nil
	}
	for _, key := range by.keys {
		if left := r.byKey[key].without(by); left != nil {
			r.byKey[key] = left
		} else {
			delete(r.byKey, key)
		}
	}
	delete(r.claimants, ing)
	return by.keys
}

// Owners are what is served for hosts: one Host for each Ingress that has some
// of it, several only when it is shared. A host that nobody has is in it
// without any.
func (r *Registry) Owners(keys []Key) map[Key][]Host {
	reading := reading{read: r.read}
	owners := make(map[Key][]Host, len(keys))
	for _, key := range keys {
		owners[key], _ = reading.settle(key, r.byKey[key])
	}
	return owners
}

// Neighbours are the other Ingresses that have some of a host that an Ingress
// has some of.
func (r *Registry) Neighbours(ing types.NamespacedName, key Key) []types.NamespacedName {
	if first := r.byKey[key]; first == nil || first.next == nil {
		return nil // which is so with nearly all, and spares reading
	}
	var names []types.NamespacedName
	for _, h := range r.Owners([]Key{key})[key] {
		if h.Ingress != ing {
			names = append(names, h.Ingress)
		}
	}
	return names
}

// Settled are the hosts that an Ingress got of those that it claims, as last
// Put, and a Problem for each that it, or some path of it, did not get.
func (r *Registry) Settled(claims Claims) ([]Host, []Problem) {
	reading := reading{read: r.read, known: map[types.NamespacedName][]Host{claims.Ingress: claims.Hosts}}
	var hosts []Host
	var problems []Problem
	for i := range claims.Hosts {
		key := claims.Hosts[i].Key()
		won, lost := reading.settle(key, r.byKey[key])
		for _, h := range won {
			if h.Ingress == claims.Ingress {
				hosts = append(hosts, h)
			}
		}
		for _, p := range lost {
			if p.Ingress == claims.Ingress {
				problems = append(problems, p)
			}
		}
	}
	return hosts, problems
}

// Claimants are all Ingresses that ask for a host: a change of one may change
// what the others get.
func (r *Registry) Claimants(key Key) []types.NamespacedName {
	var names []types.NamespacedName
	for c := r.byKey[key]; c != nil; c = c.next {
		names = append(names, c.by.ingress)
	}
	return names
}

// reading reads every Ingress once.
type reading struct {
	read  func(types.NamespacedName) []Host
	known map[types.NamespacedName][]Host
}

// host that an Ingress claims; false when it does not any more, which Put is
// yet to hear of.
func (r *reading) host(ing types.NamespacedName, key Key) (Host, bool) {
	hosts, read := r.known[ing]
	if !read {
		hosts = r.read(ing)
		if r.known == nil {
			r.known = map[types.NamespacedName][]Host{}
		}
		r.known[ing] = hosts
	}
	i := slices.IndexFunc(hosts, func(h Host) bool { return h.Key() == key })
	if i < 0 {
		return Host{}, false
	}
	return hosts[i], true
}
