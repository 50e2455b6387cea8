package report

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/websocket"
	"github.com/sirupsen/logrus"
	"k8s.io/utils/clock"
	asmetrics "knative.dev/serving/pkg/autoscaler/metrics"
)

// Times of the connection, those of knative.dev/pkg/websocket.
const (
	handshakeTimeout = 3 * time.Second
	pongTimeout      = 10 * time.Second
	pingInterval     = pongTimeout / 3
	writeTimeout     = 2 * time.Second
	// redial is the wait after no address could be reached.
	redial = time.Second
	// backlog is how many messages wait to be written: one for each pod of more
	// services than a cluster has. When it is full the oldest is of least use.
	backlog = 4096
)

// link is a connection to the autoscaler that is made again when it breaks.
type link struct {
	// addresses are host:port of the autoscaler's WebSocket, any of which will
	// do: they pass on what is another one's.
	addresses func(context.Context) ([]string, error)
	clock     clock.WithTicker
	log       logrus.FieldLogger
	// changed is called when the connection comes or goes.
	changed func()

	outbox chan []byte

	mu        sync.Mutex
	down      bool
	downSince time.Time
}

func newLink(c Config, changed func()) *link {
	return &link{
		addresses: c.Addresses, clock: c.Clock, log: c.Log, changed: changed,
		outbox: make(chan []byte, backlog), down: true, downSince: c.Clock.Now(),
	}
}

// send passes messages on, when and if it can.
func (l *link) send(messages asmetrics.WireStatMessages) error {
	text, err := messages.Marshal()
	if err != nil {
		return fmt.Errorf("statistics for the autoscaler: %w", err)
	}
	for {
		select {
		case l.outbox <- text:
			return nil
		default:
		}
		select {
		case <-l.outbox: // the oldest
		default:
		}
	}
}

// unreachable is for how long there has been no connection; 0 if there is one.
func (l *link) unreachable() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.down {
		return 0
	}
	return max(l.clock.Since(l.downSince), 1)
}

// set takes note of the connection's state; it reports whether that is another one.
func (l *link) set(down bool) (turned bool) {
	l.mu.Lock()
	turned = l.down != down
	if l.down = down; turned && down {
		l.downSince = l.clock.Now()
	}
	l.mu.Unlock()
	if turned {
		l.changed()
	}
	return turned
}

// run keeps a connection until ctx ends.
func (l *link) run(ctx context.Context) {
	told := false
	for ctx.Err() == nil {
		conn, err := l.dial(ctx)
		if err == nil {
			l.forget()
			l.set(false)
			err = l.serve(ctx, conn)
		}
		if ctx.Err() != nil {
			return
		}
		if l.set(true) || !told {
			l.log.WithError(err).Warn("no connection to Knative's autoscaler, will try again")
			told = true
		}
		select {
		case <-ctx.Done():
		case <-l.clock.After(redial):
		}
	}
}

// forget drops what waited for a connection. The autoscaler books a statistic when
// it comes, so several seconds' worth at once would look like that many times the
// load.
func (l *link) forget() {
	for {
		select {
		case <-l.outbox:
		default:
			return
		}
	}
}

// dial tries all addresses.
func (l *link) dial(ctx context.Context) (*websocket.Conn, error) {
	addresses, err := l.addresses(ctx)
	if err != nil {
		return nil, err
	}
	err = fmt.Errorf("the autoscaler has no address that is ready")
	dialer := websocket.Dialer{HandshakeTimeout: handshakeTimeout}
	for _, address := range addresses {
		var conn *websocket.Conn
		var answer *http.Response
		conn, answer, err = dialer.DialContext(ctx, "ws://"+address, nil)
		if err == nil {
			return conn, nil
		}
		if answer != nil {
			err = fmt.Errorf("autoscaler at %s answers with status %d: %w", address, answer.StatusCode, err)
		}
	}
	return nil, err
}

// serve writes to a connection until it breaks or ctx ends.
func (l *link) serve(ctx context.Context, conn *websocket.Conn) error {
	broken := make(chan error, 1)
	go func() { broken <- listen(conn) }()
	defer conn.Close()
	ping := l.clock.NewTicker(pingInterval)
	defer ping.Stop()
	for {
		var err error
		select {
		case <-ctx.Done():
			return ctx.Err()
		case err := <-broken:
			return err
		case text := <-l.outbox:
			err = write(conn, websocket.BinaryMessage, text)
		case <-ping.C():
			err = write(conn, websocket.PingMessage, nil)
		}
		if err != nil {
			return err
		}
	}
}

func write(conn *websocket.Conn, kind int, text []byte) error {
	if err := conn.SetWriteDeadline(time.Now().Add(writeTimeout)); err != nil {
		return err
	}
	return conn.WriteMessage(kind, text)
}

// listen reads until the connection breaks: an autoscaler that ends says so, and
// one that is gone does not answer to a ping.
func listen(conn *websocket.Conn) error {
	alive := func(string) error { return conn.SetReadDeadline(time.Now().Add(pongTimeout)) }
	conn.SetPongHandler(alive)
	if err := alive(""); err != nil {
		return err
	}
	for {
		if _, _, err := conn.NextReader(); err != nil {
			return err
		}
	}
}
