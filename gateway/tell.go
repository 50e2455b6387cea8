package gateway

import (
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"
	"knative.dev/networking/pkg/apis/networking/v1alpha1"
)

// told remembers which Events an Ingress has: each problem is told once, and
// again after it was gone.
type told map[types.UID][]string

// news are the problems that were not told yet. All that are there now are
// told from now on.
func (t told) news(uid types.UID, all []problem) (out []problem) {
	var keys []string
	for _, p := range all {
		key := p.reason + " " + p.message
		keys = append(keys, key)
		if !slices.Contains(t[uid], key) {
			out = append(out, p)
		}
	}
	if len(keys) == 0 {
		delete(t, uid)
		return nil
	}
	t[uid] = keys
	return out
}

// tell makes Events of what is wrong with an Ingress. That something is under
// way is told by conditions alone.
func (g *gateway) tell(ing *v1alpha1.Ingress, v verdict) {
	all := slices.Concat(v.warnings, v.problems)
	if v.balancer != nil && v.balancer != programming {
		all = append(all, *v.balancer)
	}
	g.mu.Lock()
	news := g.told.news(ing.UID, all)
	g.mu.Unlock()
	for _, p := range news {
		g.Recorder.Event(ing, corev1.EventTypeWarning, p.reason, p.message)
	}
}
