package ingress

import (
	"slices"

	"k8s.io/apimachinery/pkg/types"
)

// Registry settles claims as Settle does while they change, at the price of
// the hosts that a change is about. It is not safe for concurrent use.
type Registry struct {
	claims map[types.NamespacedName]Claims
	byKey  map[Key][]claim // in order of precedence
}

// NewRegistry has no claims.
func NewRegistry() *Registry {
	return &Registry{claims: map[types.NamespacedName]Claims{}, byKey: map[Key][]claim{}}
}

// Put replaces what an Ingress claims; no hosts means that it claims nothing.
// It returns the hosts that the Ingress claims or claimed: whose owners, or
// what these say, may have changed.
func (r *Registry) Put(claims Claims) []Key {
	keys := r.drop(claims.Ingress)
	if len(claims.Hosts) == 0 {
		return keys
	}
	r.claims[claims.Ingress] = claims
	for i := range claims.Hosts {
		host := &claims.Hosts[i]
		key := host.Key()
		r.byKey[key] = insertClaim(r.byKey[key], claim{host, claims.Created})
		if !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	return keys
}

// Drop forgets an Ingress and returns the hosts that it claimed.
func (r *Registry) Drop(ing types.NamespacedName) []Key { return r.drop(ing) }

func (r *Registry) drop(ing types.NamespacedName) []Key {
	var keys []Key
	for _, host := range r.claims[ing].Hosts {
		key := host.Key()
		keys = append(keys, key)
		left := slices.DeleteFunc(r.byKey[key], func(c claim) bool { return c.host.Ingress == ing })
		if len(left) == 0 {
			delete(r.byKey, key)
			continue
		}
		r.byKey[key] = left
	}
	delete(r.claims, ing)
	return keys
}

// Owners are what is served for a host: one Host for each Ingress that has
// some of it, several only when it is shared.
func (r *Registry) Owners(key Key) []Host {
	won, _ := settle(r.byKey[key])
	return won
}

// Settled are the hosts that an Ingress got, and a Problem for each that it, or
// some path of it, did not get.
func (r *Registry) Settled(ing types.NamespacedName) ([]Host, []Problem) {
	var hosts []Host
	var problems []Problem
	for _, host := range r.claims[ing].Hosts {
		won, lost := settle(r.byKey[host.Key()])
		for _, h := range won {
			if h.Ingress == ing {
				hosts = append(hosts, h)
			}
		}
		for _, p := range lost {
			if p.Ingress == ing {
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
	for _, c := range r.byKey[key] {
		names = append(names, c.host.Ingress)
	}
	return names
}
