package balancer

import (
	"bytes"
	"context"
	"net"
	"time"
)

// dialer connects to backends.
type dialer struct {
	dialer  net.Dialer
	timeout time.Duration // of one attempt
}

func (d *dialer) dial(ctx context.Context, m Member) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, d.timeout)
	defer cancel()
	return d.dialer.DialContext(ctx, "tcp", m.endpoint())
}

// dialExchange connects an exchange to the member whose turn it is, or to the
// next ones when that can't be reached. It is the transport's DialContext:
// connections are not shared between requests.
func (d *dialer) dialExchange(ctx context.Context, _, _ string) (net.Conn, error) {
	x := exchangeOf(ctx)
	var failed error
	for {
		m, err := x.pool.next(x.node, x.ticket, x.tried)
		if err != nil {
			if failed != nil {
				err = failed
			}
			return nil, err
		}
		conn, err := d.dial(x.ctx, m)
		if err == nil {
			x.take(m)
			return x.dress(conn), nil
		}
		if x.ctx.Err() != nil {
			return nil, err
		}
		failed = err
		x.fail(m)
	}
}

// http10Conn turns the HTTP/1.1 request that Go writes into an HTTP/1.0 one.
// net/http writes the request line at once, whatever its length.
type http10Conn struct {
	net.Conn
	written bool
}

func (c *http10Conn) Write(p []byte) (int, error) {
	if c.written {
		return c.Conn.Write(p)
	}
	c.written = true
	return c.Conn.Write(bytes.Replace(p, []byte(" HTTP/1.1\r\n"), []byte(" HTTP/1.0\r\n"), 1))
}
