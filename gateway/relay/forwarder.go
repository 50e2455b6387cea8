package relay

import (
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httputil"
	"strings"
	"sync/atomic"

	"github.com/sirupsen/logrus"
	"k8s.io/utils/clock"
	"knative.dev/networking/pkg/http/proxy"
)

// forwarder serves the requests of one entry.
type forwarder struct {
	entry      Entry
	table      *Table
	transports *transports
	buffers    httputil.BufferPool
	clock      clock.Clock
	log        logrus.FieldLogger
	leaving    *atomic.Bool
}

func newForwarder(e Entry, table *Table, t *transports, c clock.Clock, l logrus.FieldLogger, leaving *atomic.Bool) *forwarder {
	return &forwarder{e, table, t, proxy.NewBufferPool(), c, l.WithField("entry", e.String()), leaving}
}

func (f *forwarder) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodConnect {
		http.Error(w, "this is not a forward proxy", http.StatusMethodNotAllowed)
		return
	}
	prepare(w, r, f.leaving.Load())
	plan, err := f.table.snapshot.Load().plan(f.entry, r)
	switch {
	case err != nil:
		http.Error(w, err.Error(), http.StatusNotFound)
	case plan.redirect:
		redirect(w, r)
	default:
		f.forward(w, r, plan)
	}
}

// prepare makes the connection fit for relaying.
func prepare(w http.ResponseWriter, r *http.Request, leaving bool) {
	// A backend may answer while it is still being sent to. HTTP/2 always
	// allows it and has no such switch.
	_ = http.NewResponseController(w).EnableFullDuplex()
	// Other protocols, above all h2c, would let the client talk past the
	// routes to a backend of its choice.
	if upgrade := r.Header.Get("Upgrade"); upgrade != "" && !strings.EqualFold(upgrade, "websocket") {
		r.Header.Del("Upgrade")
	}
	if leaving && r.Header.Get("Upgrade") == "" {
		w.Header().Set("Connection", "close")
	}
}

func (f *forwarder) forward(w http.ResponseWriter, r *http.Request, p plan) {
	x := &exchange{pool: p.pool, transports: f.transports, clock: f.clock}
	defer x.end()
	(&httputil.ReverseProxy{
		Rewrite:       func(pr *httputil.ProxyRequest) { rewrite(pr, f.entry, p) },
		Transport:     x,
		FlushInterval: -1, // what a backend sends must not wait for more
		BufferPool:    f.buffers,
		ErrorHandler:  f.fail,
		ErrorLog:      discard,
	}).ServeHTTP(w, r)
}

// discard is for what the ErrorHandler does not get: copies cut short by
// clients.
var discard = log.New(io.Discard, "", 0)

// fail answers a request that got no answer.
func (f *forwarder) fail(w http.ResponseWriter, r *http.Request, err error) {
	switch {
	case r.Context().Err() != nil:
		panic(http.ErrAbortHandler) // nobody listens; an answer would be counted
	case errors.Is(err, errNoBackend):
		http.Error(w, "no backend", http.StatusServiceUnavailable)
	default:
		http.Error(w, "the backend broke off", http.StatusBadGateway)
	}
	f.log.WithError(err).WithField("host", r.Host).Debug("request not relayed")
}
