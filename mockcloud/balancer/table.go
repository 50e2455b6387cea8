package balancer

import (
	"crypto/tls"
	"time"
)

// table is all that a listener goes by. A change makes a new one; requests
// under way keep the one that they began with.
type table struct {
	loadBalancer string
	address      string
	listener     Listener
	router       router[*pool]
	groups       map[string]Group // all of the load balancer's, by id
	tls          *tls.Config      // HTTPS only
}

// idleLimit is how long a client connection may wait for its next request.
// The listener's setting does not apply to HTTP/2.
func (t *table) idleLimit(http2 bool, limits Limits) time.Duration {
	if http2 {
		return limits.HTTP2Idle
	}
	return t.listener.IdleTimeout
}

// drains reports whether connections outlive their member for a time that the
// listener says.
func (t *table) drains() bool { return t.listener.TCPTimers.Drain > 0 }
