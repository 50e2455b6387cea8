package slb

import "slices"

// clone copies a load balancer so deep that changes do not show in the other.
func (a Actual) clone() Actual {
	a.Listeners = slices.Clone(a.Listeners)
	for i := range a.Listeners {
		l := &a.Listeners[i]
		l.Rules, l.Extensions = slices.Clone(l.Rules), slices.Clone(l.Extensions)
	}
	a.Groups = slices.Clone(a.Groups)
	for i := range a.Groups {
		a.Groups[i].Members = slices.Clone(a.Groups[i].Members)
	}
	a.Certificates = slices.Clone(a.Certificates)
	return a
}
