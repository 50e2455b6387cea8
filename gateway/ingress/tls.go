package ingress

import (
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/types"
	"knative.dev/networking/pkg/apis/networking/v1alpha1"
)

// secretFor is the Secret for a host: that of the first entry of spec.tls that
// names it, else of the first one with a wildcard for it, else of the first
// one without hosts, which is for all.
func secretFor(ing *v1alpha1.Ingress, host string) types.NamespacedName {
	for _, fits := range []func(v1alpha1.IngressTLS) bool{
		func(t v1alpha1.IngressTLS) bool { return namesHost(t.Hosts, host) },
		func(t v1alpha1.IngressTLS) bool { return namesHost(t.Hosts, WildcardOf(host)) },
		func(t v1alpha1.IngressTLS) bool { return len(t.Hosts) == 0 },
	} {
		if i := slices.IndexFunc(ing.Spec.TLS, fits); i >= 0 {
			return secretName(ing, ing.Spec.TLS[i])
		}
	}
	return types.NamespacedName{}
}

func namesHost(hosts []string, host string) bool {
	return slices.ContainsFunc(hosts, func(h string) bool { return strings.EqualFold(h, host) })
}

// WildcardOf is the wildcard that covers a host: certificates know only those
// of one label (RFC 9525 section 6.3), and what more CLB's mean is not
// documented.
func WildcardOf(host string) string {
	_, rest, _ := strings.Cut(host, ".")
	return "*." + rest
}

func secretName(ing *v1alpha1.Ingress, t v1alpha1.IngressTLS) types.NamespacedName {
	name := types.NamespacedName{Namespace: t.SecretNamespace, Name: t.SecretName}
	if name.Namespace == "" {
		name.Namespace = ing.Namespace
	}
	return name
}

// redirects follows Knative's other ingresses in that only hosts for the
// internet are redirected. A host without a certificate is not, as nothing
// would answer there; Knative has none while one is being ordered.
func redirects(ing *v1alpha1.Ingress, host Host) bool {
	return ing.Spec.HTTPOption == v1alpha1.HTTPOptionRedirected &&
		host.Visibility == Internet && host.TLS.Name != ""
}
