package ingress

import (
	"time"

	"k8s.io/apimachinery/pkg/types"
	"knative.dev/networking/pkg/apis/networking"
	"knative.dev/networking/pkg/apis/networking/v1alpha1"
)

// Claims are the hosts that one Ingress asks for.
type Claims struct {
	Ingress types.NamespacedName
	Created time.Time
	Hosts   []Host
}

// Ours reports whether the Ingress is this gateway's.
func Ours(ing *v1alpha1.Ingress) bool {
	return networking.GetIngressClass(ing.Annotations) == Class
}

// ClaimsOf reads what an Ingress claims. One that is of another class or being
// deleted claims nothing.
func ClaimsOf(ing *v1alpha1.Ingress) (Claims, []Problem) {
	claims := Claims{Ingress: nameOf(ing), Created: ing.CreationTimestamp.Time}
	if !Ours(ing) || !ing.DeletionTimestamp.IsZero() {
		return claims, nil
	}
	hosts, problems := Hosts(ing)
	claims.Hosts = hosts
	return claims, problems
}

func nameOf(ing *v1alpha1.Ingress) types.NamespacedName {
	return types.NamespacedName{Namespace: ing.Namespace, Name: ing.Name}
}
