package balancer

import (
	"context"
	"crypto/tls"
	"log"
	"net"
	"net/http"
	"net/http/httputil"
	"strings"
	"sync"
	"time"

	"github.com/sirupsen/logrus"
	kclock "k8s.io/utils/clock"
)

// webServer serves an HTTP or HTTPS listener.
type webServer struct {
	config    *Config
	table     func() *table
	sessions  *sessions
	exchanges *sessions // see front
	server    *http.Server
	proxy     *httputil.ReverseProxy
}

func newWebServer(config *Config, table func() *table, sessions *sessions, dialer *dialer) *webServer {
	s := &webServer{config: config, table: table, sessions: sessions}
	logger := log.New(debugLog{config.Log}, "", 0)
	s.proxy = &httputil.ReverseProxy{
		Rewrite:        rewrite,
		Transport:      newTransport(dialer),
		FlushInterval:  -1, // at once: a stream stays one
		BufferPool:     new(bufferPool),
		ModifyResponse: s.respond,
		ErrorHandler:   s.refuse,
		ErrorLog:       logger,
	}
	conns := &clientConns{clock: config.Clock, idle: map[net.Conn]kclock.Timer{},
		limit: func(http2 bool) time.Duration { return s.table().idleLimit(http2, config.Limits) }}
	s.server = &http.Server{
		Handler:           s,
		ReadHeaderTimeout: config.Limits.HeaderTimeout,
		ConnState:         conns.changed,
		ConnContext:       withClientConn(config.Nodes),
		ErrorLog:          logger,
		HTTP2:             &http.HTTP2Config{MaxConcurrentStreams: config.Limits.HTTP2Streams},
		TLSConfig: &tls.Config{GetConfigForClient: func(*tls.ClientHelloInfo) (*tls.Config, error) {
			return s.table().tls, nil
		}},
	}
	return s
}

// bufferPool keeps the buffers that bodies are copied with.
type bufferPool struct{ pool sync.Pool }

// copyBuffer is what is copied at once, in bytes.
const copyBuffer = 32 << 10

func (p *bufferPool) Get() []byte {
	if buffer, ok := p.pool.Get().(*[]byte); ok {
		return *buffer
	}
	return make([]byte, copyBuffer)
}

func (p *bufferPool) Put(buffer []byte) { p.pool.Put(&buffer) }

// debugLog takes what net/http has to say.
type debugLog struct{ entry *logrus.Entry }

func (d debugLog) Write(p []byte) (int, error) {
	d.entry.Debug(strings.TrimSpace(string(p)))
	return len(p), nil
}

// serve accepts until the listener closes.
func (s *webServer) serve(l net.Listener) error {
	if s.table().listener.Protocol == HTTPS {
		return s.server.ServeTLS(l, "", "")
	}
	return s.server.Serve(l)
}

// finish lets requests under way end within the request timeout.
func (s *webServer) finish() {
	ctx, cancel := context.WithTimeout(context.Background(), s.table().listener.RequestTimeout)
	defer cancel()
	if s.server.Shutdown(ctx) != nil {
		s.cut()
	}
}

func (s *webServer) cut() { _ = s.server.Close() }

// ServeHTTP takes one request of a client.
func (s *webServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	t, limits := s.table(), s.config.Limits
	node, last := arrive(r, limits.KeepAliveRequests)
	target, found := t.router.route(canonicalHost(r.Host), requestURI(r))
	switch {
	case tooLarge(r, limits.HeaderBytes):
		answer(w, http.StatusBadGateway, last)
	case r.Method == http.MethodConnect:
		answer(w, http.StatusMethodNotAllowed, last)
	case t.listener.Redirect.Port != 0:
		redirect(w, r, t.listener.Redirect, last)
	case !found:
		answer(w, http.StatusNotFound, last)
	case target == nil:
		answer(w, http.StatusServiceUnavailable, last)
	default:
		s.forward(w, r, &exchange{table: t, pool: target, last: last, node: node})
	}
}

// requestURI is the path and query in percent-encoded form.
func requestURI(r *http.Request) string {
	if r.URL.RawQuery == "" {
		return r.URL.EscapedPath()
	}
	return r.URL.EscapedPath() + "?" + r.URL.RawQuery
}

func (s *webServer) forward(w http.ResponseWriter, r *http.Request, x *exchange) {
	ctx, cancel := context.WithCancelCause(r.Context())
	if s.config.CutOnRemoval {
		defer s.endWithMember(x, cancel)()
	}
	defer cancel(nil)
	x.ctx = ctx
	x.ticket = presentedTicket(r, x.pool.key.policy.Sticky)
	x.http10 = r.ProtoMajor == 1 && r.ProtoMinor == 0
	x.client = r.RemoteAddr
	x.watch = newWatchdog(s.config.Clock, x.table.listener.RequestTimeout, func() { cancel(errBackendSilent) })
	x.watch.start()
	defer x.watch.stop()
	s.proxy.ServeHTTP(w, r.WithContext(context.WithValue(ctx, exchangeKey{}, x)))
}

// endWithMember has an exchange cut when its member is removed. Its end must
// call what it answers, after it has cancelled the context.
func (s *webServer) endWithMember(x *exchange, cancel context.CancelCauseFunc) (forget func()) {
	one := &session{group: x.pool.key.group, cut: func() { cancel(errMemberRemoved) }}
	x.enlist = func(m Member) {
		one.member = keyOf(m)
		s.exchanges.add(one)
		if !one.in(s.table().groups) {
			one.cut() // it was removed while it was connected to
		}
		if x.ctx.Err() != nil {
			s.exchanges.remove(one) // the end may have come before
		}
	}
	return func() { s.exchanges.remove(one) }
}

// newTransport speaks to backends, over one connection a request.
func newTransport(d *dialer) *http.Transport {
	return &http.Transport{
		DialContext:        d.dialExchange,
		DisableKeepAlives:  true,
		DisableCompression: true,
	}
}
