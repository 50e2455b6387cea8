package gateway

import (
	"github.com/ebb-node/ebb/gateway/ingress"
	"github.com/ebb-node/ebb/slb"
)

// Front is how requests arrive at a load balancer's listener, and so what the
// relay gets from it.
type Front string

// The fronts.
const (
	Plain      Front = "plain"      // HTTP
	Terminated Front = "terminated" // HTTPS, whose TLS the load balancer ends
	TLS        Front = "tls"        // TLS as the client sent it, through TCP
)

// Entry is a door of the relay: by the port that a request comes in at the
// relay knows which hosts it may reach and whether it was encrypted.
type Entry struct {
	Visibility ingress.Visibility
	Front      Front
}

// The ports of listeners, which Knative's addresses imply.
const (
	plainPort = 80
	tlsPort   = 443
)

var (
	plainEndpoint = slb.Endpoint{Protocol: slb.HTTP, Port: plainPort}
	tlsEndpoint   = slb.Endpoint{Protocol: slb.HTTPS, Port: tlsPort}
)

// endpoint is the listener of a front at layer 7.
func (f Front) endpoint() slb.Endpoint {
	if f == Plain {
		return plainEndpoint
	}
	return tlsEndpoint
}

// relayKey is the vServer group with the relay's replicas for a front. All
// that is relayed shares it, since one server can be attached only 50 times
// (https://alibabacloud.com/help/en/slb/classic-load-balancer/user-guide/quotas).
func relayKey(f Front) string { return "relay." + string(f) }
