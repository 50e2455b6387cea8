package balancer

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"sync"
	"time"
)

// tcpServer serves a TCP listener.
type tcpServer struct {
	config   *Config
	table    func() *table
	sessions *sessions
	dialer   *dialer
}

// acceptPause is what net/http's server begins with, too.
const acceptPause = 5 * time.Millisecond

// serve accepts until the listener closes.
func (s *tcpServer) serve(l net.Listener) error {
	for {
		client, err := l.Accept()
		switch {
		case err == nil:
			go s.forward(client)
		case errors.Is(err, net.ErrClosed):
			return err
		default: // out of file descriptors, for one
			s.config.Log.WithError(err).Debug("connection not accepted")
			s.config.Clock.Sleep(acceptPause)
		}
	}
}

// finish ends what is open: a connection has no end to wait for.
func (s *tcpServer) finish() { s.sessions.cutAll() }

func (s *tcpServer) cut() { s.sessions.cutAll() }

// forward connects a client to the member whose turn it is. A connection that
// can't be made is reset, as the member itself would do.
func (s *tcpServer) forward(client net.Conn) {
	t := s.table()
	backend, member, err := s.connect(t)
	if err != nil {
		s.config.Log.WithFields(map[string]any{"loadBalancer": t.loadBalancer, "port": t.listener.Port}).
			WithError(err).Debug("connection reset")
		reset(client)
		return
	}
	p := &pipe{client: client, backend: backend}
	one := &session{group: t.router.other.key.group, member: keyOf(member), cut: p.cut}
	p.watch = newWatchdog(s.config.Clock, t.listener.TCPTimers.Established, p.cut)
	p.watch.start()
	s.sessions.add(one)
	if now := s.table(); s.config.CutOnRemoval && !now.drains() && !one.in(now.groups) {
		p.cut() // it was removed while it was connected to
	}
	p.run()
	p.watch.stop()
	s.sessions.remove(one)
}

func (s *tcpServer) connect(t *table) (net.Conn, Member, error) {
	if t.router.other == nil {
		return nil, Member{}, errNoMember
	}
	member, err := t.router.other.next(rand.IntN(s.config.Nodes), "", nil)
	if err != nil {
		return nil, Member{}, err
	}
	backend, err := s.dialer.dial(context.Background(), member)
	return backend, member, err
}

// reset closes a connection so that the other side learns of the failure.
func reset(conn net.Conn) {
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}

// pipe is two connections, each of which gets what the other one sends.
type pipe struct {
	client, backend net.Conn
	watch           *watchdog
}

// run returns when both directions have ended, and closes both connections.
func (p *pipe) run() {
	var both sync.WaitGroup
	both.Go(func() { p.copy(p.backend, p.client) })
	both.Go(func() { p.copy(p.client, p.backend) })
	both.Wait()
	_ = p.client.Close()
	_ = p.backend.Close()
}

// cut ends both directions at once.
func (p *pipe) cut() {
	reset(p.client)
	reset(p.backend)
}

// copy moves one direction until its end and passes the end on, so that the
// other direction may go on. A failure ends both.
func (p *pipe) copy(to, from net.Conn) {
	_, err := io.CopyBuffer(struct{ io.Writer }{to}, touching{from, p.watch}, make([]byte, copyBuffer))
	half, ok := to.(interface{ CloseWrite() error })
	if err != nil || !ok || half.CloseWrite() != nil {
		p.cut()
	}
}

// touching touches the watchdog with all that is read.
type touching struct {
	io.Reader
	watch *watchdog
}

func (t touching) Read(p []byte) (int, error) {
	n, err := t.Reader.Read(p)
	t.watch.touch()
	return n, err
}
