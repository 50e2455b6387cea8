package ingress

import (
	"cmp"
	"fmt"

	"k8s.io/apimachinery/pkg/types"
)

// claim is one Ingress's wish for one host, with the claim that follows it in
// precedence: nearly always there is none.
type claim struct {
	by     *claimant
	next   *claim
	shared bool
}

// Settle gives every host, or every path of a shared one, to one Ingress: that
// of its own rules before any that asks by annotation, then the oldest, by
// creationTimestamp, namespace and name. What others asked for becomes a
// Problem of theirs that names the winner.
func Settle(all []Claims) ([]Host, []Problem) {
	known := map[types.NamespacedName][]Host{}
	registry := NewRegistry(nil)
	var keys []Key
	for _, claims := range all {
		known[claims.Ingress] = claims.Hosts
		keys = append(keys, registry.Put(claims)...)
	}
	var hosts []Host
	var problems []Problem
	seen := map[Key]bool{}
	reading := reading{known: known}
	for _, key := range keys {
		if seen[key] {
			continue
		}
		seen[key] = true
		won, lost := reading.settle(key, registry.byKey[key])
		hosts, problems = append(hosts, won...), append(problems, lost...)
	}
	return hosts, problems
}

// settle decides about one host, by the first claim.
func (r *reading) settle(key Key, first *claim) (won []Host, lost []Problem) {
	if first == nil {
		return nil, nil
	}
	if !first.shared {
		winner := first.by.ingress
		for c := first.next; c != nil; c = c.next {
			lost = append(lost, taken(c.by.ingress, key, c.shared, "", winner))
		}
		if host, ok := r.host(winner, key); ok {
			won = append(won, host)
		}
		return won, lost
	}
	owners := map[string]types.NamespacedName{}
	for c := first; c != nil; c = c.next {
		host, ok := r.host(c.by.ingress, key)
		if !ok {
			continue
		}
		host, losses := keepFree(host, owners)
		lost = append(lost, losses...)
		if len(host.Paths) > 0 {
			won = append(won, host)
		}
	}
	return won, lost
}

// keepFree keeps the paths whose prefix nobody else has and takes them.
func keepFree(host Host, owners map[string]types.NamespacedName) (Host, []Problem) {
	var free []Path
	var lost []Problem
	for i, path := range host.Paths {
		switch owner, owned := owners[path.Prefix]; {
		case !owned || owner == host.Ingress:
			owners[path.Prefix] = host.Ingress
			free = append(free, path)
		case i == 0 || host.Paths[i-1].Prefix != path.Prefix: // once for each prefix
			lost = append(lost, taken(host.Ingress, host.Key(), host.Shared, path.Prefix, owner))
		}
	}
	if len(lost) > 0 {
		host.Paths, host.Relayed = free, relayed(free)
	}
	return host, lost
}

func taken(loser types.NamespacedName, key Key, shared bool, path string, winner types.NamespacedName) Problem {
	field := "spec.rules"
	if shared {
		field = fmt.Sprintf("metadata.annotations[%s]", ServingIngress)
	}
	return Problem{
		Ingress: loser, Reason: ReasonHostTaken, Field: field,
		Message: fmt.Sprintf("%s%s (%s) belongs to Ingress %s; choose another host or path, or remove it there",
			key.Name, path, key.Visibility, winner),
	}
}

// byPrecedence orders claims for one host.
func byPrecedence(a, b *claim) int {
	return cmp.Or(
		compareBool(a.shared, b.shared),
		a.by.created.Compare(b.by.created),
		cmp.Compare(a.by.ingress.Namespace, b.by.ingress.Namespace),
		cmp.Compare(a.by.ingress.Name, b.by.ingress.Name),
	)
}

// compareBool puts false before true.
func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// insert another claim where it belongs, and return the first.
func (c *claim) insert(other *claim) *claim {
	if c == nil || byPrecedence(other, c) < 0 {
		other.next = c
		return other
	}
	c.next = c.next.insert(other)
	return c
}

// without an Ingress's claims; nil when there are no others.
func (c *claim) without(by *claimant) *claim {
	if c == nil {
		return nil
	}
	rest := c.next.without(by)
	if c.by == by {
		return rest
	}
	c.next = rest
	return c
}
