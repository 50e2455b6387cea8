package gateway

import (
	"k8s.io/apimachinery/pkg/types"
	"knative.dev/networking/pkg/apis/networking/v1alpha1"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"github.com/ebb-node/ebb/gateway/ingress"
)

// claim settles the hosts of an Ingress. It reports whether the Ingress is for
// this gateway at all.
func (g *gateway) claim(ing *v1alpha1.Ingress) bool {
	name := types.NamespacedName{Namespace: ing.Namespace, Name: ing.Name}
	ours := ing.UID != "" && ingress.Ours(ing) && ing.DeletionTimestamp.IsZero()
	now := stampOf(ing, ours)
	if g.stamps[name] == now {
		return ours
	}
	claims := ingress.Claims{Ingress: name}
	if ours {
		claims, _ = ingress.ClaimsOf(ing)
	}
	for _, key := range g.claims.Put(claims) {
		for _, other := range g.claims.Claimants(key) {
			if other != name {
				g.ingresses.add(reconcile.Request{NamespacedName: other})
			}
		}
	}
	if ours {
		g.stamps[name] = now
	} else {
		delete(g.stamps, name)
	}
	return ours
}

// stamp tells whether an Ingress has to be read anew.
type stamp struct {
	uid        types.UID
	generation int64
	ours       bool
	// annotations that package ingress reads do not change the generation.
	servingIngress, tags string
}

func stampOf(ing *v1alpha1.Ingress, ours bool) stamp {
	return stamp{
		uid: ing.UID, generation: ing.Generation, ours: ours,
		servingIngress: ing.Annotations[ingress.ServingIngress], tags: ing.Annotations[tagsAnnotation],
	}
}
