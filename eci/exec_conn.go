package eci

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// Kubernetes' framing of exec streams
// (https://kubernetes.io/docs/reference/using-api/websockets and the constants
// of k8s.io/apimachinery/pkg/util/remotecommand). They are offered; the service
// is free to ignore them.
const (
	channelV5 = "v5.channel.k8s.io" // can say that a stream has ended
	channelV4 = "v4.channel.k8s.io"
)

const (
	// handshakeTimeout: the session of a WebSocketUri lives 30 s unused.
	handshakeTimeout = 30 * time.Second
	// closeTimeout is how long a farewell may take.
	closeTimeout = time.Second
	// maxExecMessage bounds one message of the far end.
	maxExecMessage = 16 << 20
)

// execConn is an exec session's connection. Its address is a credential and
// is not kept.
type execConn struct {
	ws      *websocket.Conn
	codec   codec
	dialect dialect
	write   sync.Mutex // the library allows one writer
}

func dialExec(ctx context.Context, address string) (*execConn, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || (u.Scheme != "wss" && u.Scheme != "ws") {
		return nil, errors.New("the service's WebSocketUri is not a websocket address")
	}
	dialer := websocket.Dialer{
		Proxy:            http.ProxyFromEnvironment,
		HandshakeTimeout: handshakeTimeout,
		Subprotocols:     []string{channelV5, channelV4},
	}
	ws, resp, err := dialer.DialContext(ctx, address, nil)
	if err != nil {
		return nil, dialError(ctx, u.Host, resp, err)
	}
	ws.SetReadLimit(maxExecMessage)
	switch protocol := ws.Subprotocol(); protocol {
	case channelV5, channelV4:
		return &execConn{ws: ws, codec: channelCodec{closes: protocol == channelV5}, dialect: dialectChannel}, nil
	}
	return &execConn{ws: ws, codec: plainCodec{}, dialect: dialectPlain}, nil
}

// dialError keeps the address out of the error, but for its host.
func dialError(ctx context.Context, host string, resp *http.Response, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if resp != nil {
		return fmt.Errorf("connect to %s: it answers HTTP %d to the websocket handshake", host, resp.StatusCode)
	}
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
	}
	return fmt.Errorf("connect to %s: %w", host, err)
}

func (c *execConn) send(m message) error {
	c.write.Lock()
	defer c.write.Unlock()
	return c.ws.WriteMessage(m.kind, m.data)
}

func (c *execConn) ping() error {
	return c.ws.WriteControl(websocket.PingMessage, nil, time.Now().Add(closeTimeout))
}

// close says goodbye and hangs up.
func (c *execConn) close() {
	bye := websocket.FormatCloseMessage(websocket.CloseNormalClosure, "")
	_ = c.ws.WriteControl(websocket.CloseMessage, bye, time.Now().Add(closeTimeout))
	_ = c.ws.Close()
}
