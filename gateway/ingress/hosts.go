package ingress

import (
	"encoding/hex"
	"fmt"
	"strings"

	"knative.dev/networking/pkg/apis/networking/v1alpha1"
	"knative.dev/networking/pkg/ingress"
)

// Hosts are all hosts of an Ingress, in the order of its rules, then of its
// annotation ServingIngress. A host that cannot be read is left out.
func Hosts(ing *v1alpha1.Ingress) ([]Host, []Problem) {
	r := &reader{ing: ing, hosts: map[Key]*Host{}, broken: map[Key]bool{}}
	for i := range ing.Spec.Rules {
		r.rule(i)
	}
	r.servingIngress()
	return r.finish()
}

// reader gathers what an Ingress says.
type reader struct {
	ing      *v1alpha1.Ingress
	rules    []readRule // one for each rule, in order
	order    []Key
	hosts    map[Key]*Host
	broken   map[Key]bool // a rule of the host cannot be read
	problems []Problem
}

type readRule struct {
	paths []Path
	whole bool // nothing was wrong with them
}

func (r *reader) problem(reason, field, format string, args ...any) {
	r.problems = append(r.problems, Problem{
		Ingress: nameOf(r.ing), Reason: reason, Field: field, Message: fmt.Sprintf(format, args...),
	})
}

func (r *reader) rule(i int) {
	rule, field := r.ing.Spec.Rules[i], fmt.Sprintf("spec.rules[%d]", i)
	paths, whole := r.paths(rule, field)
	r.rules = append(r.rules, readRule{paths, whole})
	if len(rule.Hosts) == 0 {
		r.problem(ReasonInvalidHost, field+".hosts", "is empty; name at least one host")
	}
	for j, name := range rule.Hosts {
		name = strings.ToLower(name)
		if why := checkHost(name); why != "" {
			r.problem(ReasonInvalidHost, fmt.Sprintf("%s.hosts[%d]", field, j), "%q %s", name, why)
			continue
		}
		key := Key{name, visibilityOf(rule)}
		r.broken[key] = r.broken[key] || !whole
		r.add(key, false, paths)
	}
}

func visibilityOf(rule v1alpha1.IngressRule) Visibility {
	if rule.Visibility == v1alpha1.IngressVisibilityClusterLocal {
		return Intranet
	}
	return Internet
}

// add joins paths to a host. Of paths that match the same requests the first
// counts, as the API says.
func (r *reader) add(key Key, shared bool, paths []Path) {
	host := r.hosts[key]
	if host == nil {
		host = &Host{Ingress: nameOf(r.ing), Name: key.Name, Visibility: key.Visibility, Shared: shared}
		r.hosts[key] = host
		r.order = append(r.order, key)
	}
	for _, path := range paths {
		if !matchesSame(host.Paths, path) {
			host.Paths = append(host.Paths, path)
		}
	}
}

// finish completes the hosts with what depends on all of their paths.
func (r *reader) finish() ([]Host, []Problem) {
	hash := hashOf(r.ing)
	var hosts []Host
	for _, key := range r.order {
		if r.broken[key] {
			continue
		}
		host := r.hosts[key]
		host.Created = r.ing.CreationTimestamp.Time
		sortPaths(host.Paths)
		host.TLS = secretFor(r.ing, key.Name)
		host.Redirect = redirects(r.ing, *host)
		host.Relayed = relayed(host.Paths)
		host.Hash = hash
		hosts = append(hosts, *host)
	}
	return hosts, r.problems
}

// hashOf is what Knative's prober computes for the same Ingress.
func hashOf(ing *v1alpha1.Ingress) string {
	hash, err := ingress.ComputeHash(ing)
	if err != nil {
		return "" // a spec that came from JSON always has one
	}
	return hex.EncodeToString(hash[:])
}
