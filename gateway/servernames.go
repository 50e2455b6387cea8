package gateway

import (
	"cmp"
	"slices"
	"strings"

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
	for _, h := range hosts {
		if cmp.Or(shown[h.host], shown[wildcardOf(h.host)], standard) != h.certificate {
			add(h.host, h.certificate)
		}
	}
	return out
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
		w := serverName{host: wildcardOf(h.host), certificate: h.certificate}
		taken := slices.ContainsFunc(out, func(o serverName) bool { return o.host == w.host })
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
		case wildcardOf(h.host) != w.host:
		case h.certificate == w.certificate:
			without++
		case h.certificate == standard:
			with++
		}
	}
	return with < without
}

// wildcardOf is the wildcard that covers a host: certificates know only those
// of one label (RFC 9525 section 6.3), and what more CLB's mean is not
// documented.
func wildcardOf(host string) string {
	_, rest, _ := strings.Cut(host, ".")
	return "*." + rest
}
