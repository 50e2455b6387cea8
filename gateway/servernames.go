package gateway

import (
	"cmp"
	"slices"
	"strings"

	"github.com/ebb-node/ebb/gateway/ingress"
	"github.com/ebb-node/ebb/slb"
)

// serverName is a host with the certificate that clients shall see.
type serverName struct {
	host        string
	certificate string   // fingerprint
	covers      []string // the names of the certificate
}

// extensions are the server names that a listener needs so that every host
// shows its certificate, the default one being shown without any. A listener
// has place for 3 to 10, so a wildcard stands in for several hosts where a
// certificate has one. Hosts come in order of precedence: of two that ask for
// different certificates for one name the first gets its own.
func extensions(hosts []serverName, standard string) []slb.Extension {
	hosts = firstOfEach(hosts)
	shown := map[string]string{} // by domain
	var out []slb.Extension
	add := func(domain, certificate string) {
		shown[domain] = certificate
		out = append(out, slb.Extension{Domain: domain, Certificate: certificate})
	}
	for _, w := range wildcards(hosts, standard) {
		add(w.host, w.certificate)
	}
	// Wildcard hosts first: what they show, other hosts below them see too.
	slices.SortStableFunc(hosts, func(a, b serverName) int { return cmp.Compare(b.wild(), a.wild()) })
	for _, h := range hosts {
		if cmp.Or(shown[h.host], shown[ingress.WildcardOf(h.host)], standard) != h.certificate {
			add(h.host, h.certificate)
		}
	}
	return out
}

// wild is 1 for a wildcard, else 0.
func (n serverName) wild() int {
	if strings.HasPrefix(n.host, "*.") {
		return 1
	}
	return 0
}

func firstOfEach(hosts []serverName) []serverName {
	seen := map[string]bool{}
	var out []serverName
	for _, h := range hosts {
		if !seen[h.host] {
			out = append(out, h)
		}
		seen[h.host] = true
	}
	return out
}

// wildcards are those that save places: more hosts do with one than hosts of
// other certificates below it need a place of their own because of it.
func wildcards(hosts []serverName, standard string) []serverName {
	var out []serverName
	for _, h := range hosts {
		w := serverName{host: ingress.WildcardOf(h.host), certificate: h.certificate}
		named := func(o serverName) bool { return o.host == w.host }
		taken := slices.ContainsFunc(out, named) || slices.ContainsFunc(hosts, named) // whose own certificate it gets
		if h.certificate == standard || taken || !slices.Contains(h.covers, w.host) {
			continue
		}
		if w.saves(hosts, standard) {
			out = append(out, w)
		}
	}
	return out
}

// saves reports whether a wildcard needs fewer places than its hosts.
func (w serverName) saves(hosts []serverName, standard string) bool {
	with, without := 1, 0
	for _, h := range hosts {
		switch {
		case ingress.WildcardOf(h.host) != w.host:
		case h.certificate == w.certificate:
			without++
		case h.certificate == standard:
			with++
		}
	}
	return with < without
}
