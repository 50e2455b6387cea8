package kubelet

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/sirupsen/logrus"
	"k8s.io/utils/clock"
)

const (
	// readHeaderTimeout keeps half-open connections from piling up.
	readHeaderTimeout = 30 * time.Second
	// shutdownTimeout is how long answers may take after the end was asked
	// for. Followed logs and commands would last for ever.
	shutdownTimeout = 3 * time.Second
)

// Config is what a Server works with. All members are required.
type Config struct {
	NodeName string
	// Listener is where to serve; Serve closes it.
	Listener net.Listener
	TLS      *tls.Config
	Gate     *Gate
	Pods     Pods
	Cloud    Cloud
	Log      logrus.FieldLogger
	// Clock is the real one when it is nil.
	Clock clock.Clock
}

// Server is the kubelet API of a node.
type Server struct {
	Config
	usage   *usage
	started time.Time
}

// New builds a Server.
func New(cfg Config) *Server {
	if cfg.Clock == nil {
		cfg.Clock = clock.RealClock{}
	}
	return &Server{Config: cfg, usage: newUsage(cfg.Cloud, cfg.Clock, cfg.Log), started: cfg.Clock.Now()}
}

// Serve answers requests until ctx ends.
func (s *Server) Serve(ctx context.Context) error {
	server := &http.Server{
		Handler:           s.Gate.guard(s.routes()),
		TLSConfig:         s.TLS,
		ReadHeaderTimeout: readHeaderTimeout,
		BaseContext:       func(net.Listener) context.Context { return ctx },
		ErrorLog:          nil,
	}
	stop := context.AfterFunc(ctx, func() {
		late, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTimeout)
		defer cancel()
		if server.Shutdown(late) != nil {
			_ = server.Close()
		}
	})
	defer stop()
	err := server.ServeTLS(s.Listener, "", "")
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return fmt.Errorf("kubelet API on %s: %w", s.Listener.Addr(), err)
}
