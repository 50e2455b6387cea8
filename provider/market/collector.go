package market

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/ebb-node/ebb/instancespecs"
)

var (
	refreshedDesc = prometheus.NewDesc("ebb_market_refreshed_timestamp_seconds",
		"When instance types, stock or prices were last read from the cloud; 0: what ebb started with.", []string{"part"}, nil)
	failedDesc = prometheus.NewDesc("ebb_market_refresh_failed",
		"Whether the last try to read instance types, stock or prices failed (1), so that older ones are kept.", []string{"part"}, nil)
)

var _ prometheus.Collector = (*Refresher)(nil)

// Describe implements prometheus.Collector.
func (r *Refresher) Describe(out chan<- *prometheus.Desc) {
	out <- refreshedDesc
	out <- failedDesc
}

// Collect implements prometheus.Collector.
func (r *Refresher) Collect(out chan<- prometheus.Metric) {
	for _, part := range []instancespecs.Part{instancespecs.PartTypes, instancespecs.PartStock, instancespecs.PartPrices} {
		f := r.Store.Freshness(part)
		at, failed := 0.0, 0.0
		if !f.LastGood.IsZero() {
			at = float64(f.LastGood.Unix())
		}
		if f.LastErr != nil {
			failed = 1
		}
		out <- prometheus.MustNewConstMetric(refreshedDesc, prometheus.GaugeValue, at, part.String())
		out <- prometheus.MustNewConstMetric(failedDesc, prometheus.GaugeValue, failed, part.String())
	}
}
