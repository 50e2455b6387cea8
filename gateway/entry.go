package gateway

import (
	"github.com/ebb-node/ebb/gateway/relay"
	"github.com/ebb-node/ebb/slb"
)

// The ports of listeners, which Knative's addresses imply.
const (
	plainPort = 80
	tlsPort   = 443
)

var (
	plainEndpoint = slb.Endpoint{Protocol: slb.HTTP, Port: plainPort}
	tlsEndpoint   = slb.Endpoint{Protocol: slb.HTTPS, Port: tlsPort}
)

// endpointOf a front at layer 7.
func endpointOf(f relay.Front) slb.Endpoint {
	if f == relay.Plain {
		return plainEndpoint
	}
	return tlsEndpoint
}

// relayKey is the vServer group with the relay's replicas for a front. All
// that is relayed shares it, since one server can be attached only 50 times
// (https://alibabacloud.com/help/en/slb/classic-load-balancer/user-guide/quotas).
func relayKey(f relay.Front) string { return "relay." + string(f) }
