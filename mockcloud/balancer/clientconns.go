package balancer

import (
	"context"
	"crypto/tls"
	"math/rand/v2"
	"net"
	"net/http"
	"sync"
	"time"

	kclock "k8s.io/utils/clock"
)

// clientConns closes connections of clients that stay idle too long. The
// limit is asked for each time, so that it can change while they are open.
type clientConns struct {
	clock kclock.WithDelayedExecution
	limit func(http2 bool) time.Duration

	mu   sync.Mutex
	idle map[net.Conn]kclock.Timer
}

// changed follows http.Server's ConnState.
func (c *clientConns) changed(conn net.Conn, state http.ConnState) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if timer, ok := c.idle[conn]; ok {
		timer.Stop()
		delete(c.idle, conn)
	}
	if state == http.StateIdle {
		c.idle[conn] = c.expireLater(conn)
	}
}

// expireLater closes the connection if it is still in the same idle period
// when its time is up.
func (c *clientConns) expireLater(conn net.Conn) kclock.Timer {
	var timer kclock.Timer
	timer = c.clock.AfterFunc(c.limit(speaksHTTP2(conn)), func() {
		go func() {
			c.mu.Lock()
			due := c.idle[conn] == timer
			if due {
				delete(c.idle, conn)
			}
			c.mu.Unlock()
			if due {
				conn.Close()
			}
		}()
	})
	return timer
}

func speaksHTTP2(conn net.Conn) bool {
	secure, ok := conn.(*tls.Conn)
	return ok && secure.ConnectionState().NegotiatedProtocol == "h2"
}

// clientConn is what is known of a client connection.
type clientConn struct {
	node     int // that it is at, for all of its life
	requests int // that it has brought
}

type clientConnKey struct{}

// withClientConn sends each new connection to some node.
func withClientConn(nodes int) func(context.Context, net.Conn) context.Context {
	return func(ctx context.Context, _ net.Conn) context.Context {
		return context.WithValue(ctx, clientConnKey{}, &clientConn{node: rand.IntN(nodes)})
	}
}

// arrive counts an HTTP/1 request and reports at which node it is and whether
// its connection has to close after it. Requests of one HTTP/1 connection come
// one by one.
func arrive(r *http.Request, limit int) (node int, last bool) {
	conn, ok := r.Context().Value(clientConnKey{}).(*clientConn)
	if !ok {
		return 0, false
	}
	if r.ProtoMajor != 1 {
		return conn.node, false
	}
	conn.requests++
	return conn.node, conn.requests >= limit
}
