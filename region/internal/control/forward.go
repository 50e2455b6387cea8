package control

import (
	"context"
	"net"
)

// Forward listens on an address of the host and joins every connection with
// an address inside the region, until ctx is over. It answers the address it
// listens on, which matters when the port was left to the system.
func (c *Client) Forward(ctx context.Context, listen, target string) (net.Addr, error) {
	listener, err := net.Listen("tcp", listen)
	if err != nil {
		return nil, err
	}
	go func() {
		<-ctx.Done()
		listener.Close()
	}()
	go func() {
		for {
			outside, err := listener.Accept()
			if err != nil {
				return
			}
			go c.forward(ctx, outside, target)
		}
	}()
	return listener.Addr(), nil
}

func (c *Client) forward(ctx context.Context, outside net.Conn, target string) {
	defer outside.Close()
	inside, err := c.Dial(ctx, "tcp", target)
	if err != nil {
		return
	}
	defer inside.Close()
	Join(outside, outside, inside)
}
