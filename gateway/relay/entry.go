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
}

// Entries in the order of their ports, from the base port on:
//
//	+0 internet plain   +1 internet terminated   +2 internet tls
//	+3 intranet plain   +4 intranet terminated   +5 intranet tls
func Entries() []Entry {
	var entries []Entry
	for _, v := range []ingress.Visibility{ingress.Internet, ingress.Intranet} {
		for _, f := range []Front{Plain, Terminated, TLS} {
			entries = append(entries, Entry{v, f})
		}
	}
	return entries
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

// String names the entry in metrics, such as internet-plain.
func (e Entry) String() string { return e.Visibility.String() + "-" + string(e.Front) }

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
