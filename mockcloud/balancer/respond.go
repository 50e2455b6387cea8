package balancer

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
)

// respond makes the client's response of the backend's.
func (s *webServer) respond(response *http.Response) error {
	x := exchangeOf(response.Request.Context())
	disguise(response.Header)
	stick(response.Header, x.pool.key.policy.Sticky, x.ticket, x.taker())
	if response.StatusCode == http.StatusSwitchingProtocols {
		return s.switchProtocols(x, response)
	}
	dropTrailers(response)
	response.Body = watchedDownload{response.Body, x.watch}
	if x.last {
		response.Header.Set("Connection", "close")
	}
	if x.table.listener.Gzip {
		compress(response)
	}
	return nil
}

// switchProtocols watches what is no longer HTTP: the request timeout does
// not apply, the silence of both sides does.
func (s *webServer) switchProtocols(x *exchange, response *http.Response) error {
	x.watch.stop()
	backend, ok := response.Body.(io.ReadWriteCloser)
	if !ok {
		return errors.New("the backend's connection can't be written to")
	}
	t := &tunnel{ReadWriteCloser: backend, sessions: s.sessions}
	t.session = &session{group: x.pool.key.group, member: keyOf(x.taker()), cut: func() { t.Close() }}
	t.watch = newWatchdog(s.config.Clock, s.config.Limits.WebSocketIdle, t.session.cut)
	t.watch.start()
	t.sessions.add(t.session)
	response.Body = t
	return nil
}

// tunnel is a backend's side of a connection that has switched protocols.
type tunnel struct {
	io.ReadWriteCloser
	watch    *watchdog
	session  *session
	sessions *sessions
}

func (t *tunnel) Read(p []byte) (int, error) {
	n, err := t.ReadWriteCloser.Read(p)
	t.watch.touch()
	return n, err
}

func (t *tunnel) Write(p []byte) (int, error) {
	t.watch.touch()
	return t.ReadWriteCloser.Write(p)
}

// CloseWrite passes on that the client has said all.
func (t *tunnel) CloseWrite() error {
	if half, ok := t.ReadWriteCloser.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return t.Close()
}

func (t *tunnel) Close() error {
	t.watch.stop()
	t.sessions.remove(t.session)
	return t.ReadWriteCloser.Close()
}

// refuse answers for a backend that did not.
func (s *webServer) refuse(w http.ResponseWriter, r *http.Request, err error) {
	x := exchangeOf(r.Context())
	code := failureCode(r.Context(), err)
	s.config.Log.WithFields(map[string]any{
		"loadBalancer": x.table.loadBalancer, "port": x.table.listener.Port, "group": x.pool.key.group, "member": x.taker().endpoint(),
	}).WithError(err).Debugf("request answered with %d", code)
	if code == clientGone {
		panic(http.ErrAbortHandler)
	}
	answer(w, code, x.last)
}

// clientGone is what Tengine logs for a client that did not wait. What was cut
// ends in the same way: without an answer.
const clientGone = 499

// failureCode is the status for an exchange that failed.
func failureCode(ctx context.Context, err error) int {
	var network net.Error
	switch {
	case context.Cause(ctx) == errBackendSilent:
		return http.StatusGatewayTimeout
	case ctx.Err() != nil:
		return clientGone
	case errors.Is(err, errNoMember):
		return http.StatusServiceUnavailable
	case errors.As(err, &network) && network.Timeout():
		return http.StatusGatewayTimeout
	default:
		return http.StatusBadGateway
	}
}
