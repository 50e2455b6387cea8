package gateway

import (
	"slices"
	"time"

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
	relay     []target // replicas of the relay; their ports are those of entries
	relayPort int      // of its first entry
	standard  standard // configured default certificate
	limits    slb.Limits
	// attachments of the relay on this load balancer, and the keys of the pools
	// that find none.
	attachments int
	crowded     map[string]bool
	request     time.Duration
	idle        time.Duration
	cipher      string
	lingering   lingering
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
	l.crowded = b.crowdOut(routes, fronts, l)
	attached := b.attached()
	d := slb.Desired{Groups: b.assembleGroups(routes, fronts, l)}
	b.freed = len(l.crowded) > 0 && b.attached() < attached
	for _, f := range fronts {
		listener := slb.Listener{
			Protocol: endpointOf(f).Protocol, Port: endpointOf(f).Port, Group: relayKey(f),
			IdleTimeout: int(l.idle.Seconds()), RequestTimeout: int(l.request.Seconds()),
			Rules: mergeRules(lead(b.rulesOf(routes, f), f, l.crowded), f),
		}
		if f == relay.Terminated {
			listener.Certificate, listener.Extensions, listener.TLSCipherPolicy = tls.standard, tls.extensions, l.cipher
			d.Certificates = tls.certificates
		}
		d.Listeners = append(d.Listeners, listener)
	}
	return d
}

// rulesOf the routes for a front. Those that have moved away keep what they
// have here: there was no place for more.
func (b *balancer) rulesOf(routes []*route, f relay.Front) []slb.Rule {
	var out []slb.Rule
	var had map[slb.Rule]bool
	for _, r := range routes {
		before := len(out)
		out = r.appendRules(out, b.key.visibility, f)
		if r.home(b.key.visibility).at == b.key.ordinal {
			continue
		}
		if had == nil {
			had = b.had(f)
		}
		kept := slices.DeleteFunc(out[before:], func(rule slb.Rule) bool {
			rule.Group = ""
			return !had[rule]
		})
		out = out[:before+len(kept)]
	}
	return out
}

// had are the rules of a front as last wished for, or found; their groups are
// left out.
func (b *balancer) had(f relay.Front) map[slb.Rule]bool {
	had := map[slb.Rule]bool{}
	if b.wishes.last == nil {
		for _, r := range b.found.rules[f] {
			had[r] = true
		}
		return had
	}
	for _, l := range b.wishes.last.Listeners {
		if l.Endpoint() != endpointOf(f) {
			continue
		}
		for _, r := range l.Rules {
			r.Group = ""
			had[r] = true
		}
	}
	return had
}

// assembleRelay passes both ports through to the relay.
func (b *balancer) assembleRelay(l layout) slb.Desired {
	fronts := []relay.Front{relay.Plain, relay.TLS}
	d := slb.Desired{Groups: b.assembleGroups(nil, fronts, l)}
	for i, port := range []int{plainPort, tlsPort} {
		d.Listeners = append(d.Listeners, slb.Listener{
			Protocol: slb.TCP, Port: port, Group: relayKey(fronts[i]), EstablishedTimeout: establishedTimeout, Checked: true,
		})
	}
	return d
}
