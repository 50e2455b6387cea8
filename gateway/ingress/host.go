package ingress

import (
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// Class is the value of the annotation networking.knative.dev/ingress.class,
// or of ingress-class in the ConfigMap config-network, that makes an Ingress
// this gateway's.
const Class = "slb.ingress.networking.knative.dev"

// Visibility is from where a host can be reached.
type Visibility string

// The visibilities, named after the load balancers' address types.
const (
	Internet Visibility = "internet"
	Intranet Visibility = "intranet"
)

// Host is all that one Ingress says about a host name for one visibility.
type Host struct {
	Ingress    types.NamespacedName
	Name       string // lower case, without a port
	Visibility Visibility
	// Paths in the order in which they are matched: longest prefix first, and
	// among equal prefixes those with more headers first.
	Paths []Path
	// Redirect means that requests without TLS are answered with a redirect to
	// https.
	Redirect bool
	// TLS names the Secret with the certificate; empty: none.
	TLS types.NamespacedName
	// Relayed says why the load balancer cannot serve the host by itself, so
	// that the relay has to, for example "path / matches the header X"; empty:
	// it can.
	Relayed string
}

// Path sends what it matches to its splits.
type Path struct {
	Prefix        string            // literal prefix, "/" or longer
	Headers       map[string]string // exact values, all must be there
	RewriteHost   string            // what the backend gets as Host; empty: what the client sent
	AppendHeaders map[string]string
	Splits        []Split // percents add up to 100
}

// Split is a share of a path's requests.
type Split struct {
	Service       types.NamespacedName
	Port          intstr.IntOrString
	Percent       int // 1 to 100
	AppendHeaders map[string]string
}
