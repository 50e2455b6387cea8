package relay

import (
	"crypto/tls"
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/types"

	"github.com/ebb-node/ebb/gateway/ingress"
)

// certificates answers handshakes by what hosts name; nil: it cannot.
func (r *Relay) certificates() func(Entry, *tls.ClientHelloInfo) (*tls.Certificate, error) {
	if r.config.Certificate == nil {
		return nil
	}
	return func(e Entry, hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
		secret := r.table.secret(strings.ToLower(hello.ServerName), e.Visibility, r.config.DefaultCertificate)
		if secret.Name == "" {
			return nil, fmt.Errorf("no certificate for server name %q: no Ingress has TLS", hello.ServerName)
		}
		return r.config.Certificate(hello.Context(), secret)
	}
}

// secret with the certificate for a server name: that of its host, else the
// standard one, else that of the oldest Ingress with TLS. Empty: there is none.
func (t *Table) secret(serverName string, v ingress.Visibility, standard types.NamespacedName) types.NamespacedName {
	s := *t.snapshot.Load()
	if h := s.find(serverName, v); h != nil && h.secret.Name != "" {
		return h.secret
	}
	if standard.Name != "" {
		return standard
	}
	return s.oldestSecret(v)
}

// oldestSecret looks at all hosts: clients without a known server name are
// rare.
func (s snapshot) oldestSecret(v ingress.Visibility) types.NamespacedName {
	var oldest *host
	for key, h := range s {
		if key.Visibility == v && h.secret.Name != "" && (oldest == nil || h.before(oldest)) {
			oldest = h
		}
	}
	if oldest == nil {
		return types.NamespacedName{}
	}
	return oldest.secret
}

// before orders hosts by age, and equally old ones somehow, but always so.
func (h *host) before(other *host) bool {
	if c := h.created.Compare(other.created); c != 0 {
		return c < 0
	}
	return h.secret.String() < other.secret.String()
}
