package alicloud

import (
	"context"
	"errors"
	"fmt"

	"github.com/prometheus/client_golang/prometheus"
	"k8s.io/utils/clock"
)

// metrics counts attempts as they go over the wire, repeats included.
type metrics struct {
	clock     clock.PassiveClock
	requests  *prometheus.CounterVec
	throttles *prometheus.CounterVec
	seconds   *prometheus.HistogramVec
}

func newMetrics(reg prometheus.Registerer, c clock.PassiveClock) (*metrics, error) {
	call := []string{"product", "action"}
	m := &metrics{
		clock: c,
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "ebb_cloud_requests_total",
			Help: "Requests sent to the cloud, repeats included, by the code that came back.",
		}, append(call, "code")),
		throttles: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "ebb_cloud_throttles_total",
			Help: "Requests that the cloud refused because a quota was used up.",
		}, call),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "ebb_cloud_request_duration_seconds",
			Help: "Time from sending a request to the whole answer.",
			// From a loopback test to an attempt's time-out.
			Buckets: []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 15},
		}, call),
	}
	for _, collector := range []prometheus.Collector{m.requests, m.throttles, m.seconds} {
		if err := reg.Register(collector); err != nil {
			return nil, fmt.Errorf("alicloud: register metrics: %w", err)
		}
	}
	return m, nil
}

// observe decorates a sender.
func (m *metrics) observe(next sender) sender {
	return func(ctx context.Context, r *Request) ([]byte, error) {
		start := m.clock.Now()
		body, err := next(ctx, r)
		m.seconds.WithLabelValues(r.Product.Name, r.Action).Observe(m.clock.Since(start).Seconds())
		m.requests.WithLabelValues(r.Product.Name, r.Action, codeOf(err)).Inc()
		if IsThrottled(err) {
			m.throttles.WithLabelValues(r.Product.Name, r.Action).Inc()
		}
		return body, err
	}
}

// codeOf names the end of an attempt in a metric or a log line.
func codeOf(err error) string {
	var e *Error
	switch {
	case err == nil:
		return "OK"
	case errors.As(err, &e):
		return e.Code
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return "Client.Canceled"
	}
	return "Client.Error"
}
