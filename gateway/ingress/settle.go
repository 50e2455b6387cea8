package ingress

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// claim is one Ingress's wish for one host.
type claim struct {
	host    *Host // in the Claims that it is of
	created time.Time
}

// Settle gives every host, or every path of a shared one, to one Ingress: that
// of its own rules before any that asks by annotation, then the oldest, by
// creationTimestamp, namespace and name. What others asked for becomes a
// Problem of theirs that names the winner.
func Settle(all []Claims) ([]Host, []Problem) {
	registry := NewRegistry()
	var keys []Key
	for _, claims := range all {
		keys = append(keys, registry.Put(claims)...)
	}
	var hosts []Host
	var problems []Problem
	seen := map[Key]bool{}
	for _, key := range keys {
		if seen[key] {
			continue
		}
		seen[key] = true
		won, lost := settle(registry.byKey[key])
		hosts, problems = append(hosts, won...), append(problems, lost...)
	}
	return hosts, problems
}

// settle decides about one host. The claims are in order of precedence.
func settle(claims []claim) (won []Host, lost []Problem) {
	if len(claims) == 0 {
		return nil, nil
	}
	if !claims[0].host.Shared {
		for _, c := range claims[1:] {
			lost = append(lost, taken(*c.host, "", *claims[0].host))
		}
		return []Host{*claims[0].host}, lost
	}
	owners := map[string]Host{}
	for _, c := range claims {
		host, losses := keepFree(*c.host, owners)
		lost = append(lost, losses...)
		if len(host.Paths) > 0 {
			won = append(won, host)
		}
	}
	return won, lost
}

// keepFree keeps the paths whose prefix nobody else has and takes them.
func keepFree(host Host, owners map[string]Host) (Host, []Problem) {
	var free []Path
	var lost []Problem
	for i, path := range host.Paths {
		switch owner, owned := owners[path.Prefix]; {
		case !owned || owner.Ingress == host.Ingress:
			owners[path.Prefix] = host
			free = append(free, path)
		case i == 0 || host.Paths[i-1].Prefix != path.Prefix: // once for each prefix
			lost = append(lost, taken(host, path.Prefix, owner))
		}
	}
	if len(lost) > 0 {
		host.Paths, host.Relayed = free, relayed(free)
	}
	return host, lost
}

func taken(loser Host, path string, winner Host) Problem {
	field := "spec.rules"
	if loser.Shared {
		field = fmt.Sprintf("metadata.annotations[%s]", ServingIngress)
	}
	return Problem{
		Ingress: loser.Ingress, Reason: ReasonHostTaken, Field: field,
		Message: fmt.Sprintf("%s%s (%s) belongs to Ingress %s; choose another host or path, or remove it there",
			loser.Name, path, loser.Visibility, winner.Ingress),
	}
}

// byPrecedence orders claims for one host.
func byPrecedence(a, b claim) int {
	return cmp.Or(
		compareBool(a.host.Shared, b.host.Shared),
		a.created.Compare(b.created),
		cmp.Compare(a.host.Ingress.Namespace, b.host.Ingress.Namespace),
		cmp.Compare(a.host.Ingress.Name, b.host.Ingress.Name),
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

func insertClaim(claims []claim, c claim) []claim {
	i, _ := slices.BinarySearchFunc(claims, c, byPrecedence)
	return slices.Insert(claims, i, c)
}
