package relay

import (
	"bufio"
	"fmt"
	"net"
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
)

// metrics count what goes through the entries.
type metrics struct {
	requests *prometheus.CounterVec
	inFlight *prometheus.GaugeVec
}

func newMetrics(reg prometheus.Registerer) (*metrics, error) {
	m := &metrics{
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "ebb_relay_requests_total",
			Help: "Requests that the relay has dealt with, by the class of the answer's status; aborted: broken off by the client or the backend.",
		}, []string{"entry", "code"}),
		inFlight: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "ebb_relay_requests_in_flight",
			Help: "Requests and WebSocket connections that the relay is dealing with.",
		}, []string{"entry"}),
	}
	for _, collector := range []prometheus.Collector{m.requests, m.inFlight} {
		if err := reg.Register(collector); err != nil {
			return nil, fmt.Errorf("relay: register metrics: %w", err)
		}
	}
	return m, nil
}

// observe decorates an entry's handler.
func (m *metrics) observe(e Entry, next http.Handler) http.Handler {
	inFlight := m.inFlight.WithLabelValues(e.String())
	requests := m.requests.MustCurryWith(prometheus.Labels{"entry": e.String()})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		inFlight.Inc()
		watched := &statusWriter{ResponseWriter: w}
		code := "aborted"
		defer func() {
			inFlight.Dec()
			requests.WithLabelValues(code).Inc()
		}()
		next.ServeHTTP(watched, r)
		code = watched.class()
	})
}

// statusWriter remembers the status of an answer.
type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	if w.status < http.StatusOK { // it may be informational so far
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

// Hijack is how protocols are switched.
func (w *statusWriter) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, rw, err := http.NewResponseController(w.ResponseWriter).Hijack()
	if err == nil {
		w.status = http.StatusSwitchingProtocols
	}
	return conn, rw, err
}

// Unwrap is for http.ResponseController.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// class is like 2xx. A handler that writes nothing answers with 200.
func (w *statusWriter) class() string {
	if w.status == 0 {
		return "2xx"
	}
	return fmt.Sprintf("%dxx", w.status/100)
}
