package balancer

import (
	"crypto/tls"
	"encoding/binary"
	"time"

	kclock "k8s.io/utils/clock"
)

// tlsConfig is how an HTTPS listener terminates TLS.
func tlsConfig(t TLS, tickets *tickets) *tls.Config {
	domains := newHosts[*tls.Certificate]()
	for domain, certificate := range t.Domains {
		domains.set(domain, certificate)
	}
	policy := cipherPolicies[t.Policy]
	protocols := []string{"http/1.1"}
	if t.HTTP2 {
		protocols = []string{"h2", "http/1.1"}
	}
	return &tls.Config{
		NextProtos:   protocols,
		MinVersion:   policy.min,
		MaxVersion:   policy.max,
		CipherSuites: policy.suites,
		GetCertificate: func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
			if certificate, ok := domains.find(canonicalHost(hello.ServerName)); ok {
				return certificate, nil
			}
			return t.Certificate, nil
		},
		WrapSession:   tickets.wrap,
		UnwrapSession: tickets.unwrap,
	}
}

// tickets issues TLS session tickets and takes them back for a while.
type tickets struct {
	clock    kclock.PassiveClock
	lifetime time.Duration
	keys     tls.Config // its session ticket keys, which Go makes and rotates
}

// ticketMoment is how many bytes of a ticket say when it was issued.
const ticketMoment = 8

func (t *tickets) wrap(state tls.ConnectionState, session *tls.SessionState) ([]byte, error) {
	moment := binary.BigEndian.AppendUint64(nil, uint64(t.clock.Now().UnixNano()))
	session.Extra = append(session.Extra, moment)
	return t.keys.EncryptTicket(state, session)
}

// unwrap answers no session for a ticket that is too old or not ours: the
// handshake is then a full one.
func (t *tickets) unwrap(identity []byte, state tls.ConnectionState) (*tls.SessionState, error) {
	session, err := t.keys.DecryptTicket(identity, state)
	if err != nil || session == nil || len(session.Extra) == 0 {
		return nil, err
	}
	moment := session.Extra[len(session.Extra)-1]
	if len(moment) != ticketMoment || t.clock.Since(time.Unix(0, int64(binary.BigEndian.Uint64(moment)))) > t.lifetime {
		return nil, nil
	}
	session.Extra = session.Extra[:len(session.Extra)-1]
	return session, nil
}
