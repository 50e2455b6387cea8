package relay

import (
	"context"
	"net"
	"net/http"
	"time"
)

// What connections to backends may do.
const (
	// dialTimeout: pods answer within a millisecond; this is for those whose
	// machine is gone. Long enough for two lost SYNs (RFC 6298: 1 s, then 2 s).
	dialTimeout = 3100 * time.Millisecond
	// idleTimeout is shorter than the 30 s for which a leaving queue-proxy
	// still takes requests (knative.dev/pkg/network.DefaultDrainTimeout), so
	// that no request meets a connection that the other side is closing.
	idleTimeout = 20 * time.Second
	// maxIdle for each backend: an activator takes most of a burst alone, and
	// connections that are not kept are made anew for every request.
	maxIdle = 1000
	// unacknowledged is how long a backend may leave data without acknowledgement.
	// A machine that vanishes sends nothing, not even a reset, and without this the
	// system tries again for a quarter of an hour (tcp(7), tcp_retries2). It is no
	// limit for answers: a backend that lives acknowledges at once. As long as the
	// suspicion that follows.
	unacknowledged = suspicion
	// h2cPing finds connections whose other end vanished.
	h2cPing = 15 * time.Second
)

// dialError means that no connection was made, so that nothing was sent.
type dialError struct{ error }

func (e dialError) Unwrap() error { return e.error }

// transports carry requests to backends. Knative's own
// (knative.dev/pkg/network) choose the protocol by what the client spoke, not
// by what the backend asks for, obey HTTP_PROXY, and repeat a failed dial to
// the same address for half a minute.
type transports struct{ http1, h2c *http.Transport }

func newTransports() *transports {
	dialer := &net.Dialer{Timeout: dialTimeout, Control: abandonAfter(unacknowledged)}
	dial := func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dialer.DialContext(ctx, network, address)
		if err != nil {
			return nil, dialError{err}
		}
		return conn, nil
	}
	http1 := &http.Transport{
		DialContext: dial, DisableCompression: true, Protocols: new(http.Protocols),
		IdleConnTimeout: idleTimeout, MaxIdleConnsPerHost: maxIdle,
		ExpectContinueTimeout: time.Second, // as http.DefaultTransport
	}
	http1.Protocols.SetHTTP1(true)
	h2c := http1.Clone()
	h2c.Protocols = new(http.Protocols)
	h2c.Protocols.SetUnencryptedHTTP2(true)
	h2c.HTTP2 = &http.HTTP2Config{SendPingTimeout: h2cPing}
	return &transports{http1, h2c}
}

// pick is the one for a request to an address. A request that switches protocols cannot be
// HTTP/2; servers of cleartext HTTP/2 in Knative speak HTTP/1.1 as well.
func (t *transports) pick(a *address, r *http.Request) *http.Transport {
	if a.h2c && r.Header.Get("Upgrade") == "" {
		return t.h2c
	}
	return t.http1
}

func (t *transports) close() {
	t.http1.CloseIdleConnections()
	t.h2c.CloseIdleConnections()
}
