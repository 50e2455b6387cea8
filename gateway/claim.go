package gateway

import (
	"knative.dev/networking/pkg/apis/networking/v1alpha1"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"github.com/ebb-node/ebb/gateway/ingress"
)

// isOurs reports whether an Ingress is for this gateway; one that is not there is
// not.
func isOurs(ing *v1alpha1.Ingress) bool {
	return ing.UID != "" && ingress.Ours(ing) && ing.DeletionTimestamp.IsZero()
}

// followClaims lets Ingresses be looked at again when another one claims hosts
// of theirs, or no longer does. At the start all are looked at anyway.
func (g *gateway) followClaims() func(ingress.Change) {
	started := false
	return func(c ingress.Change) {
		if !started {
			started = true
			return
		}
		for _, other := range c.Others() {
			g.ingresses.add(reconcile.Request{NamespacedName: other})
		}
	}
}
