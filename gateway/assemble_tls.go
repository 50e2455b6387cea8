package gateway

import (
	"cmp"

	"github.com/ebb-node/ebb/gateway/ingress"
	"github.com/ebb-node/ebb/slb"
)

// tlsListener is what an HTTPS listener shows.
type tlsListener struct {
	standard     string // fingerprint; empty: what the listener shows now
	extensions   []slb.Extension
	certificates []slb.Certificate
}

// serveTLS chooses the certificates of a load balancer: for clients without a
// known server name the configured one or, if none is, that of the oldest
// Ingress with TLS. Nil means that there is no certificate to listen with.
//
// A certificate that is not known because its Secret is bad stays as it is:
// the listener keeps the one that it has, and so do server names.
func (b *balancer) serveTLS(routes []*route, standard standard) *tlsListener {
	var names []serverName
	var held []slb.Extension
	used := map[string]*certificate{}
	if c := standard.certificate; c != nil {
		used[c.fingerprint] = c
	}
	first, unknown := "", standard.configured && standard.certificate == nil
	for _, r := range routes {
		for i := range r.sites {
			s := &r.sites[i]
			switch {
			case s.visibility != b.key.visibility || s.secret.Name == "":
			case s.certificate == nil:
				unknown = unknown || first == ""
				held = append(held, b.holdNames(s.host)...)
			default:
				first = cmp.Or(first, s.certificate.fingerprint)
				used[s.certificate.fingerprint] = s.certificate
				names = append(names, serverName{s.host, s.certificate.fingerprint, s.certificate.leaf.DNSNames})
			}
		}
	}
	t := &tlsListener{}
	shown, listens := b.shownDefault(used)
	switch {
	case standard.certificate != nil:
		t.standard = standard.certificate.fingerprint
	case unknown && listens:
		t.standard = shown
	case first != "":
		t.standard = first
	default:
		return nil
	}
	t.extensions = withHeld(extensions(names, t.standard), held)
	t.certificates = inOrder(used, t)
	return t
}

// shownDefault is the default certificate that the HTTPS listener shows now, by
// its fingerprint; empty: one that is not known. False means that there is no
// listener, or that nobody has the certificate any more.
func (b *balancer) shownDefault(known map[string]*certificate) (fingerprint string, listens bool) {
	if b.wishes.last == nil {
		return "", b.found.tls
	}
	for _, l := range b.wishes.last.Listeners {
		if l.Endpoint() == tlsEndpoint {
			return l.Certificate, l.Certificate == "" || known[l.Certificate] != nil
		}
	}
	return "", false
}

// holdNames are wishes for server names without saying which certificate: what
// cannot be fulfilled leaves alone what is there.
func (b *balancer) holdNames(host string) []slb.Extension {
	var out []slb.Extension
	for _, domain := range []string{host, ingress.WildcardOf(host)} {
		if b.found.names[domain] {
			out = append(out, slb.Extension{Domain: domain})
		}
	}
	return out
}

// withHeld adds the held server names that nobody else wants.
func withHeld(list, held []slb.Extension) []slb.Extension {
	wanted := map[string]bool{}
	for _, e := range list {
		wanted[e.Domain] = true
	}
	for _, e := range held {
		if !wanted[e.Domain] {
			wanted[e.Domain] = true
			list = append(list, e)
		}
	}
	return list
}

// inOrder lists the certificates that a listener shows, each once.
func inOrder(known map[string]*certificate, t *tlsListener) []slb.Certificate {
	var out []slb.Certificate
	add := func(fingerprint string) {
		if c := known[fingerprint]; c != nil {
			out = append(out, c.Certificate)
			delete(known, fingerprint)
		}
	}
	add(t.standard)
	for _, e := range t.extensions {
		add(e.Certificate)
	}
	return out
}
