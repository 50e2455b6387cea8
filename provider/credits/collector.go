package credits

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/ebb-node/ebb/eci"
	"github.com/ebb-node/ebb/instancespecs"
)

var (
	podLabels = []string{"namespace", "pod", "instance_type"}

	balanceDesc = prometheus.NewDesc("ebb_cpu_credit_balance",
		"CPU credits that a burstable pod can use: initial and accrued ones.", podLabels, nil)
	earnedDesc = prometheus.NewDesc("ebb_cpu_credit_earned_total",
		"CPU credits that a burstable pod has earned, without those lost while its balance was full.", podLabels, nil)
	spentDesc = prometheus.NewDesc("ebb_cpu_credit_spent_total",
		"CPU credits that a burstable pod has spent.", podLabels, nil)
	throttledDesc = prometheus.NewDesc("ebb_cpu_credit_throttled",
		"Whether a burstable pod is held at its baseline (1) or not (0).", podLabels, nil)
	priceDesc = prometheus.NewDesc("ebb_instance_hourly_price",
		"What an hour of the pod's container group costs. The source is api (asked of the cloud), list (published) or estimate.",
		append(podLabels[:len(podLabels):len(podLabels)], "currency", "source"), nil)
)

var _ prometheus.Collector = (*Sampler)(nil)

// Describe implements prometheus.Collector.
func (s *Sampler) Describe(out chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{balanceDesc, earnedDesc, spentDesc, throttledDesc, priceDesc} {
		out <- d
	}
}

// Collect implements prometheus.Collector.
func (s *Sampler) Collect(out chan<- prometheus.Metric) {
	s.collectCredits(out)
	s.collectPrices(out)
}

func (s *Sampler) collectCredits(out chan<- prometheus.Metric) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, a := range s.accounts {
		labels := []string{a.pod.Namespace, a.pod.Name, a.ledger.Type().ID}
		totals, throttled := a.ledger.Totals(), 0.0
		if a.ledger.Throttled() {
			throttled = 1
		}
		out <- prometheus.MustNewConstMetric(balanceDesc, prometheus.GaugeValue, a.ledger.Balance().Total(), labels...)
		out <- prometheus.MustNewConstMetric(earnedDesc, prometheus.CounterValue, totals.Earned, labels...)
		out <- prometheus.MustNewConstMetric(spentDesc, prometheus.CounterValue, totals.Spent, labels...)
		out <- prometheus.MustNewConstMetric(throttledDesc, prometheus.GaugeValue, throttled, labels...)
	}
}

func (s *Sampler) collectPrices(out chan<- prometheus.Metric) {
	prices := s.Market().Prices()
	for pod, group := range s.Instances() {
		if group.Status.Final() {
			continue // costs nothing any more
		}
		if spec, price, ok := priceOf(group, prices); ok {
			out <- prometheus.MustNewConstMetric(priceDesc, prometheus.GaugeValue, price.Hourly,
				pod.Namespace, pod.Name, spec, price.Currency, price.Kind.String())
		}
	}
}

// priceOf is the spec that a group is billed as, and its price if one is known.
// The price of a spot group is the market's, which no price book has.
func priceOf(g *eci.Group, prices *instancespecs.PriceBook) (string, instancespecs.Price, bool) {
	if g.SpotStrategy != "" && g.SpotStrategy != noSpot {
		return "", instancespecs.Price{}, false
	}
	if g.InstanceType != "" {
		p, ok := prices.Lookup(g.InstanceType)
		return g.InstanceType, p, ok
	}
	size := instancespecs.Size{VCPU: g.CPU, MemoryGiB: g.Memory}
	if size.VCPU <= 0 || size.MemoryGiB <= 0 {
		return "", instancespecs.Price{}, false // not told yet
	}
	p, ok := prices.Size(size)
	return size.String(), p, ok
}

// noSpot is how the API says that a group is no spot group
// (https://help.aliyun.com/zh/eci/developer-reference/api-eci-2018-08-08-createcontainergroup).
const noSpot = "NoSpot"
