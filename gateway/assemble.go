package gateway

import (
	"time"

	"github.com/ebb-node/ebb/gateway/ingress"
	"github.com/ebb-node/ebb/gateway/relay"
	"github.com/ebb-node/ebb/slb"
)

// Mode is what load balancers do.
type Mode string

// The modes.
const (
	// ModeDirect terminates HTTP and TLS at the load balancer, which sends
	// requests to pods.
	ModeDirect Mode = "direct"
	// ModeRelay passes TCP through to the relay, which does everything.
	ModeRelay Mode = "relay"
)

// establishedTimeout in seconds is the longest that a TCP listener has
// (https://www.alibabacloud.com/help/en/slb/classic-load-balancer/developer-reference/api-slb-2014-05-15-createloadbalancertcplistener):
// the relay decides when a connection has been idle for too long.
const establishedTimeout = 900

// layout is what makes load balancers of routes.
type layout struct {
	mode      Mode
	relay     []target     // replicas of the relay; their ports are those of entries
	relayPort int          // of its first entry
	standard  *certificate // configured default certificate; nil: none
	limits    slb.Limits
	request   time.Duration
	idle      time.Duration
	cipher    string
	lingering lingering
}

// assemble makes the wish for a load balancer of the routes on it, which come
// in order of age.
func (b *balancer) assemble(routes []*route, l layout) slb.Desired {
	if l.mode == ModeRelay {
		return b.assembleRelay(l)
	}
	tls := b.serveTLS(routes, l.standard)
	fronts := []relay.Front{relay.Plain}
	if tls != nil {
		fronts = append(fronts, relay.Terminated)
	}
	d := slb.Desired{Groups: b.assembleGroups(routes, fronts, l)}
	for _, f := range fronts {
		listener := slb.Listener{
			Protocol: endpointOf(f).Protocol, Port: endpointOf(f).Port, Group: relayKey(f),
			IdleTimeout: int(l.idle.Seconds()), RequestTimeout: int(l.request.Seconds()),
			Rules: rulesOf(routes, b.key.visibility, f),
		}
		if f == relay.Terminated {
			listener.Certificate, listener.Extensions, listener.TLSCipherPolicy = tls.standard, tls.extensions, l.cipher
			d.Certificates = tls.certificates
		}
		d.Listeners = append(d.Listeners, listener)
	}
	return d
}

func rulesOf(routes []*route, v ingress.Visibility, f relay.Front) []slb.Rule {
	var out []slb.Rule
	for _, r := range routes {
		out = r.appendRules(out, v, f)
	}
	return mergeRules(out, f)
}

// assembleRelay passes both ports through to the relay.
func (b *balancer) assembleRelay(l layout) slb.Desired {
	fronts := []relay.Front{relay.Plain, relay.TLS}
	d := slb.Desired{Groups: b.assembleGroups(nil, fronts, l)}
	for i, port := range []int{plainPort, tlsPort} {
		d.Listeners = append(d.Listeners, slb.Listener{
			Protocol: slb.TCP, Port: port, Group: relayKey(fronts[i]), EstablishedTimeout: establishedTimeout,
		})
	}
	return d
}
