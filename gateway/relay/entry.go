package relay

import (
	"fmt"

	"github.com/ebb-node/ebb/gateway/ingress"
)

// Front is how requests reach an Entry.
type Front string

// The fronts.
const (
	// Plain is HTTP/1.1, or HTTP/2 with prior knowledge.
	Plain Front = "plain"
	// Terminated is the same behind a load balancer that ended TLS: what comes
	// in was https for the client.
	Terminated Front = "terminated"
	// TLS ends here: HTTP/1.1 or HTTP/2 behind a load balancer's TCP listener.
	TLS Front = "tls"
)

// Entry is a door of the relay. Only hosts of its visibility are behind it.
type Entry struct {
	Visibility ingress.Visibility
	Front      Front
	// Podless means that requests come in from a group in which the load balancer
	// has the pods of some splits, and the relay for those without pods: they are
	// the latter's. By other entries all requests of a path come in.
	Podless bool
}

// Entries in the order of their ports, from the base port on:
//
//	+0 internet plain   +1 internet terminated   +2 internet tls
//	+3 intranet plain   +4 intranet terminated   +5 intranet tls
//
// and for splits without pods, where the load balancer ends TLS:
//
//	+6 internet plain   +7 internet terminated
//	+8 intranet plain   +9 intranet terminated
func Entries() []Entry {
	var whole, podless []Entry
	for _, v := range []ingress.Visibility{ingress.Internet, ingress.Intranet} {
		for _, f := range []Front{Plain, Terminated, TLS} {
			whole = append(whole, Entry{Visibility: v, Front: f})
			if f != TLS {
				podless = append(podless, Entry{Visibility: v, Front: f, Podless: true})
			}
		}
	}
	return append(whole, podless...)
}

// Port of the entry when the first one has the base port.
func (e Entry) Port(base int) int {
	for i, other := range Entries() {
		if e == other {
			return base + i
		}
	}
	panic(fmt.Sprintf("no entry %v", e)) // not one of Entries
}

// String names the entry in metrics, such as internet-plain or
// internet-plain-podless.
func (e Entry) String() string {
	name := e.Visibility.String() + "-" + string(e.Front)
	if e.Podless {
		name += "-podless"
	}
	return name
}

// scheme is what the client used. A group of members may serve plain requests
// and those whose TLS the load balancer ended alike, and has the relay's entry
// for the latter; then the load balancer's own header, which no client can
// forge, tells them apart.
func (e Entry) scheme(forwarded string) string {
	if e.Front == Plain || e.Front == Terminated && forwarded == "http" {
		return "http"
	}
	return "https"
}
