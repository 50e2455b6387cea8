package reserve

import (
	"sync"

	"github.com/prometheus/client_golang/prometheus"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/utils/clock"

	"github.com/ebb-node/ebb/reserve/cost"
	"github.com/ebb-node/ebb/reserve/decide"
	"github.com/ebb-node/ebb/reserve/record"
)

var (
	revisionLabels = []string{"namespace", "revision"}
	moneyLabels    = []string{"namespace", "revision", "currency", "source"}

	stateDesc = prometheus.NewDesc("ebb_reserve_state",
		"The state of a revision's reserve: 1 for the one that it is in.", []string{"namespace", "revision", "state"}, nil)
	sinceDesc = prometheus.NewDesc("ebb_reserve_state_since_timestamp_seconds",
		"When the state of a revision's reserve began.", revisionLabels, nil)
	spentDesc = prometheus.NewDesc("ebb_reserve_cost_total",
		"What the reserve has cost so far. The source is that of the worst price in it: api, list or estimate.", moneyLabels, nil)
	avoidedDesc = prometheus.NewDesc("ebb_reserve_cost_avoided_total",
		"What a standard pod would have cost while there was none (min-scale 1).", moneyLabels, nil)
	priceDesc = prometheus.NewDesc("ebb_reserve_hourly_price",
		"What an hour of the reserve costs now.", moneyLabels, nil)
	unpricedDesc = prometheus.NewDesc("ebb_reserve_unpriced_seconds_total",
		"How long reserve pods ran whose price is not known.", revisionLabels, nil)
	uncomparedDesc = prometheus.NewDesc("ebb_reserve_uncompared_seconds_total",
		"How long no standard pod was there, and what one would have cost is not known.", revisionLabels, nil)
)

// metrics is what scrapes see.
type metrics struct {
	clock      clock.Clock
	switches   *prometheus.CounterVec
	arming     prometheus.Histogram
	activating prometheus.Histogram
	wake       prometheus.Histogram
	first      prometheus.Histogram

	mu      sync.Mutex
	records map[types.NamespacedName]record.Record
}

func newMetrics(c clock.Clock) *metrics {
	histogram := func(name, help string, buckets []float64) prometheus.Histogram {
		return prometheus.NewHistogram(prometheus.HistogramOpts{Name: name, Help: help, Buckets: buckets})
	}
	// A pod of ECI is said to take up to 30 s, an image may take minutes.
	starts := []float64{1, 2, 5, 10, 15, 20, 30, 45, 60, 120, 300}
	return &metrics{
		clock: c,
		switches: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "ebb_reserve_switches_total", Help: "Changes of the state of reserves, by the state that began.",
		}, []string{"state"}),
		arming:     histogram("ebb_reserve_arming_seconds", "From the end of the traffic to a reserve that stands ready alone.", starts),
		activating: histogram("ebb_reserve_activating_seconds", "From the wish for standard pods to the first that serves; until then the reserve answers.", starts),
		wake: histogram("ebb_reserve_wake_seconds", "From the first request seen on a reserve that stands ready to the wish for standard pods.",
			[]float64{0.05, 0.1, 0.25, 0.5, 1, 1.5, 2, 3, 5}),
		first: histogram("ebb_reserve_first_request_seconds", "What the first requests after a calm took in the reserve's pod, on average over the one or two seconds in which they came.",
			[]float64{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2}),
		records: map[types.NamespacedName]record.Record{},
	}
}

// set takes note of what is remembered of a revision.
func (m *metrics) set(key types.NamespacedName, r record.Record) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.records[key] = r
}

// turned takes note of a change of state, and of what woke the reserve.
func (m *metrics) turned(o *decide.Observation, to decide.State, by waking) {
	m.switches.WithLabelValues(to.String()).Inc()
	lasted := o.Now.Sub(o.Memory.Since).Seconds()
	switch from := o.Memory.State; {
	case from == decide.Arming && to == decide.Reserved:
		m.arming.Observe(lasted)
	case from == decide.Activating && to == decide.Handover:
		m.activating.Observe(lasted)
		if by.first.Requests > 0 {
			m.first.Observe(by.first.Seconds / by.first.Requests)
		}
	case from == decide.Reserved && to == decide.Activating && !by.since.IsZero():
		m.wake.Observe(o.Now.Sub(by.since).Seconds())
	}
}

func (m *metrics) forget(key types.NamespacedName) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.records, key)
}

var _ prometheus.Collector = (*metrics)(nil)

// Describe implements prometheus.Collector.
func (m *metrics) Describe(out chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{stateDesc, sinceDesc, spentDesc, avoidedDesc, priceDesc, unpricedDesc, uncomparedDesc} {
		out <- d
	}
	for _, c := range m.counted() {
		c.Describe(out)
	}
}

func (m *metrics) counted() []prometheus.Collector {
	return []prometheus.Collector{m.switches, m.arming, m.activating, m.wake, m.first}
}

// Collect implements prometheus.Collector.
func (m *metrics) Collect(out chan<- prometheus.Metric) {
	for _, c := range m.counted() {
		c.Collect(out)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for key, r := range m.records {
		gauge := func(d *prometheus.Desc, v float64, more ...string) {
			out <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, append([]string{key.Namespace, key.Name}, more...)...)
		}
		gauge(stateDesc, 1, r.Memory.State.String())
		gauge(sinceDesc, float64(r.Memory.Since.Unix()))
		m.collectMoney(out, key, r.Account)
	}
}

func (m *metrics) collectMoney(out chan<- prometheus.Metric, key types.NamespacedName, a cost.Account) {
	a = a.Until(m.clock.Now())
	labels := []string{key.Namespace, key.Name, a.Currency, a.Kind.String()}
	out <- prometheus.MustNewConstMetric(spentDesc, prometheus.CounterValue, a.Spent, labels...)
	out <- prometheus.MustNewConstMetric(avoidedDesc, prometheus.CounterValue, a.Avoided, labels...)
	out <- prometheus.MustNewConstMetric(priceDesc, prometheus.GaugeValue, a.Rate.Spent, labels...)
	out <- prometheus.MustNewConstMetric(unpricedDesc, prometheus.CounterValue, a.Unpriced.Seconds(), key.Namespace, key.Name)
	out <- prometheus.MustNewConstMetric(uncomparedDesc, prometheus.CounterValue, a.Uncompared.Seconds(), key.Namespace, key.Name)
}
