package relay

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/sirupsen/logrus"
	"golang.org/x/sync/errgroup"
	"k8s.io/utils/clock"
)

// What clients may do.
const (
	// maxHeader is Envoy's default, which Knative's other ingresses have
	// (https://www.envoyproxy.io/docs/envoy/latest/api-v3/extensions/filters/network/http_connection_manager/v3/http_connection_manager.proto).
	maxHeader = 60 << 10
	// readHeaderTimeout is that of Knative's own servers
	// (knative.dev/pkg/network.NewServer).
	readHeaderTimeout = time.Minute
	// clientIdle is longer than a load balancer keeps an idle connection (60 s
	// at most), so that it is not ours that closes under a request.
	clientIdle = 2 * time.Minute
)

// servers are the entries' listeners.
type servers struct {
	handler     func(Entry) http.Handler
	listen      func(Entry) (net.Listener, error)
	opened      func()                                                      // called once the entries are open
	certificate func(Entry, *tls.ClientHelloInfo) (*tls.Certificate, error) // nil: no TLS
	leave       time.Duration
	drain       time.Duration
	clock       clock.Clock
	log         logrus.FieldLogger
	leaving     *atomic.Bool

	busy sync.WaitGroup // requests, WebSocket connections too
}

// run serves until ctx ends, then leaves: for a while requests are still taken
// and their connections closed, then no new ones, and what is in flight may
// end.
func (s *servers) run(ctx context.Context) error {
	base, abort := context.WithCancel(context.WithoutCancel(ctx))
	defer abort() // ends connections that switched protocols
	running, failed := errgroup.WithContext(ctx)
	var all []*http.Server
	for _, e := range Entries() {
		if e.Front == TLS && s.certificate == nil {
			continue
		}
		listener, err := s.listen(e)
		if err != nil {
			closeAll(all)
			return fmt.Errorf("relay: listen for entry %s: %w", e, err)
		}
		server := s.server(base, e)
		all = append(all, server)
		running.Go(func() error { return serve(server, listener, e) })
	}
	s.opened()
	<-failed.Done()
	if ctx.Err() != nil {
		s.leaving.Store(true)
		<-s.clock.After(s.leave)
		s.shutdown(all)
	}
	closeAll(all)
	return running.Wait()
}

func (s *servers) server(base context.Context, e Entry) *http.Server {
	server := &http.Server{
		Handler:           s.tracked(s.handler(e)),
		BaseContext:       func(net.Listener) context.Context { return base },
		MaxHeaderBytes:    maxHeader,
		ReadHeaderTimeout: readHeaderTimeout,
		IdleTimeout:       clientIdle,
		ErrorLog:          log.New(debugWriter{s.log.WithField("entry", e.String())}, "", 0),
		Protocols:         new(http.Protocols),
	}
	server.Protocols.SetHTTP1(true)
	if e.Front != TLS {
		server.Protocols.SetUnencryptedHTTP2(true)
		return server
	}
	server.Protocols.SetHTTP2(true)
	server.TLSConfig = &tls.Config{
		MinVersion: tls.VersionTLS12,
		GetCertificate: func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
			return s.certificate(e, hello)
		},
	}
	return server
}

func serve(server *http.Server, listener net.Listener, e Entry) error {
	var err error
	if e.Front == TLS {
		err = server.ServeTLS(listener, "", "")
	} else {
		err = server.Serve(listener)
	}
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return fmt.Errorf("relay: entry %s: %w", e, err)
}

// tracked counts what http.Server.Shutdown does not wait for: connections that
// switched protocols.
func (s *servers) tracked(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.busy.Add(1)
		defer s.busy.Done()
		next.ServeHTTP(w, r)
	})
}

// shutdown returns when nothing is in flight, or after the drain time.
func (s *servers) shutdown(all []*http.Server) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	done := make(chan struct{})
	go func() {
		defer close(done)
		var closing errgroup.Group
		for _, server := range all {
			closing.Go(func() error { return server.Shutdown(ctx) })
		}
		if closing.Wait() == nil { // else the drain time is over
			s.busy.Wait()
		}
	}()
	select {
	case <-done:
	case <-s.clock.After(s.drain):
		s.log.Warn("requests are still in flight; they are broken off")
	}
}

func closeAll(all []*http.Server) {
	for _, server := range all {
		_ = server.Close()
	}
}

// debugWriter takes what net/http has to say about its clients.
type debugWriter struct{ log logrus.FieldLogger }

func (w debugWriter) Write(line []byte) (int, error) {
	w.log.Debug(string(line))
	return len(line), nil
}
