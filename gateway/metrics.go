package gateway

import (
	"fmt"

	"github.com/prometheus/client_golang/prometheus"
)

// metrics tell how Ingresses and load balancers fare.
type metrics struct {
	gateway    *gateway
	programmed prometheus.Histogram
}

var (
	ingressesDesc = prometheus.NewDesc("ebb_gateway_ingresses",
		"Ingresses of the gateway, by whether they are ready.", []string{"ready"}, nil)
	rulesDesc = prometheus.NewDesc("ebb_gateway_rules",
		"Rules that are wanted of a load balancer's listener.", []string{"load_balancer", "listener"}, nil)
	membersDesc = prometheus.NewDesc("ebb_gateway_members",
		"Members that are wanted of a load balancer's vServer groups.", []string{"load_balancer"}, nil)
	problemsDesc = prometheus.NewDesc("ebb_gateway_problems",
		"Objects on a load balancer that are not as wanted.", []string{"load_balancer"}, nil)
)

func newMetrics(g *gateway, registry prometheus.Registerer) (*metrics, error) {
	m := &metrics{gateway: g, programmed: prometheus.NewHistogram(prometheus.HistogramOpts{
		Name: "ebb_gateway_programming_seconds",
		Help: "Time from a change in the cluster until the load balancer is read back as it should be, but for what it refuses.",
		// Around the second that it may take, and up to what a throttled API does.
		Buckets: []float64{0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10, 30, 60, 300},
	})}
	for _, c := range []prometheus.Collector{m, m.programmed} {
		if err := registry.Register(c); err != nil {
			return nil, fmt.Errorf("gateway: register metrics: %w", err)
		}
	}
	return m, nil
}

// Describe implements prometheus.Collector.
func (m *metrics) Describe(out chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{ingressesDesc, rulesDesc, membersDesc, problemsDesc} {
		out <- d
	}
}

// Collect implements prometheus.Collector.
func (m *metrics) Collect(out chan<- prometheus.Metric) {
	g := m.gateway
	g.mu.Lock()
	defer g.mu.Unlock()
	gauge := func(d *prometheus.Desc, value int, labels ...string) {
		out <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, float64(value), labels...)
	}
	ready := map[bool]int{}
	for _, r := range g.directory.order {
		ready[r.ready]++
	}
	gauge(ingressesDesc, ready[true], "true")
	gauge(ingressesDesc, ready[false], "false")
	for key, b := range g.directory.balancers {
		if b.wishes.last == nil {
			continue
		}
		for _, l := range b.wishes.last.Listeners {
			gauge(rulesDesc, len(l.Rules), key.String(), string(l.Protocol))
		}
		members := 0
		for _, group := range b.wishes.last.Groups {
			members += len(group.Members)
		}
		gauge(membersDesc, members, key.String())
		if b.state != nil {
			gauge(problemsDesc, len(b.state.Problems), key.String())
		}
	}
}
