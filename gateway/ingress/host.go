package ingress

import (
	"fmt"
	"time"

	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// Class is the value of the annotation networking.knative.dev/ingress.class,
// or of ingress-class in the ConfigMap config-network, that makes an Ingress
// this gateway's.
const Class = "slb.ingress.networking.knative.dev"

// Visibility is from where a host can be reached.
type Visibility uint8

// The visibilities, named after the load balancers' address types.
const (
	Internet Visibility = iota + 1
	Intranet
)

// String is internet or intranet.
func (v Visibility) String() string {
	switch v {
	case Internet:
		return "internet"
	case Intranet:
		return "intranet"
	}
	return fmt.Sprintf("visibility %d", uint8(v))
}

// Key is what a host is known by: the same name may exist once for each
// visibility.
type Key struct {
	Name       string
	Visibility Visibility
}

// Host is all that one Ingress says about a host name for one visibility.
type Host struct {
	Ingress    types.NamespacedName
	Created    time.Time // the Ingress, in the cluster
	Name       string    // lower case, without a port; may begin with "*."
	Visibility Visibility
	// Shared means that other Ingresses may have other paths of the host: it
	// comes from the annotation ServingIngress. A host of the Ingress's own
	// rules is never shared.
	Shared bool
	// Paths in the order in which they are matched: longest prefix first, and
	// among equal prefixes those with more headers first.
	Paths []Path
	// Redirect means that requests without TLS are answered with a redirect to
	// https. CLB can redirect whole listeners only, so the host's plain HTTP
	// goes to the relay; this alone is no reason to relay its TLS, and Relayed
	// does not mention it.
	Redirect bool
	// TLS names the Secret with the certificate; empty: none.
	TLS types.NamespacedName
	// Relayed says why the load balancer cannot serve the host by itself, so
	// that the relay has to, for example "path / matches the header X"; empty:
	// it can.
	Relayed string
	// Hash of the Ingress's generation, which Knative's probes ask for: the
	// relay gives it to backends in place of K-Network-Hash: override.
	Hash string
}

// Key of the host.
func (h Host) Key() Key { return Key{h.Name, h.Visibility} }

// Path sends what it matches to its splits. Names of headers are in canonical
// form.
type Path struct {
	// Prefix is "/" or longer, compared as a plain string with the path as the
	// client sent it, percent-encoded: "/tea" matches "/teapot" as well.
	Prefix        string
	Headers       map[string]string // exact values, all must be there
	RewriteHost   string            // what the backend gets as Host; empty: what the client sent
	AppendHeaders map[string]string // set, whatever the client sent
	Splits        []Split           // percents add up to 100
}

// Split is a share of a path's requests.
type Split struct {
	Service       types.NamespacedName
	Port          intstr.IntOrString
	Percent       int               // 1 to 100
	AppendHeaders map[string]string // set after the path's
}
