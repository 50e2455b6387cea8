package kubelet

import (
	"context"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/gorilla/mux"
	"github.com/virtual-kubelet/virtual-kubelet/node/api"
)

const (
	// streamIdle and streamCreation are a kubelet's defaults
	// (streamingConnectionIdleTimeout in
	// https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/).
	streamIdle     = 4 * time.Hour
	streamCreation = 30 * time.Second
)

// routes are the paths of a kubelet that this node has.
func (s *Server) routes() http.Handler {
	r := mux.NewRouter()
	r.StrictSlash(true)
	r.Handle("/healthz", http.HandlerFunc(healthz)).Methods(http.MethodGet)
	r.Handle("/pods", handler(s.pods)).Methods(http.MethodGet)
	r.Handle("/runningpods/", handler(s.runningPods)).Methods(http.MethodGet)
	r.Handle("/containerLogs/{namespace}/{pod}/{container}", handler(s.logs)).Methods(http.MethodGet)
	r.Handle("/exec/{namespace}/{pod}/{container}", s.execHandler()).Methods(http.MethodPost, http.MethodGet)
	r.Handle("/attach/{namespace}/{pod}/{container}", s.attachHandler()).Methods(http.MethodPost, http.MethodGet)
	r.Handle("/portForward/{namespace}/{pod}", s.portForwardHandler()).Methods(http.MethodPost, http.MethodGet)
	r.Handle("/stats/summary", handler(s.summary)).Methods(http.MethodGet, http.MethodPost)
	r.Handle("/metrics/resource", handler(s.resourceMetrics)).Methods(http.MethodGet)
	return r
}

func healthz(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "ok") }

// attach cannot be served: ECI has no call that joins a running process. The
// streams are opened all the same, because kubectl shows an error only when it
// comes by one of them.
func attach(context.Context, string, string, string, api.AttachIO) error {
	return errors.New("attach is not possible: ECI has no way to join a running container's streams; use kubectl exec or kubectl logs -f")
}

func (s *Server) attachHandler() http.Handler {
	return api.HandleContainerAttach(attach,
		api.WithExecStreamIdleTimeout(streamIdle), api.WithExecStreamCreationTimeout(streamCreation))
}

func (s *Server) execHandler() http.Handler {
	return api.HandleContainerExec(s.exec,
		api.WithExecStreamIdleTimeout(streamIdle), api.WithExecStreamCreationTimeout(streamCreation))
}

func (s *Server) portForwardHandler() http.Handler {
	return api.HandlePortForward(s.portForward,
		api.WithPortForwardStreamIdleTimeout(streamIdle), api.WithPortForwardCreationTimeout(streamCreation))
}
