package kubelet

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log"
	"net"
	"net/http"
	"strings"
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
	// Address is where to listen: ":10250".
	Address string
	TLS     *tls.Config
	Gate    *Gate
	Pods    Pods
	Cloud   Cloud
	Log     logrus.FieldLogger
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
	listener, err := net.Listen("tcp", s.Address)
	if err != nil {
		return fmt.Errorf("kubelet API: %w", err)
	}
	return s.serve(ctx, listener)
}

func (s *Server) serve(ctx context.Context, listener net.Listener) error {
	server := &http.Server{
		Handler:           s.Gate.guard(s.routes()),
		TLSConfig:         s.TLS,
		ReadHeaderTimeout: readHeaderTimeout,
		BaseContext:       func(net.Listener) context.Context { return ctx },
		ErrorLog:          log.New(debugLog{s.Log}, "", 0),
	}
	stop := context.AfterFunc(ctx, func() {
		late, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTimeout)
		defer cancel()
		if server.Shutdown(late) != nil {
			_ = server.Close()
		}
	})
	defer stop()
	err := server.ServeTLS(listener, "", "")
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return fmt.Errorf("kubelet API on %s: %w", listener.Addr(), err)
}

// debugLog takes net/http's own messages, which are about single connections.
type debugLog struct{ log logrus.FieldLogger }

func (d debugLog) Write(b []byte) (int, error) {
	d.log.Debug("kubelet API: " + strings.TrimSpace(string(b)))
	return len(b), nil
}
