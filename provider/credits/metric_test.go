package credits_test

import "github.com/prometheus/client_golang/prometheus"

// metric is the value of a pod's series, as a scrape would see it.
func (n *node) metric(name, pod string) (float64, bool) {
	n.Helper()
	registry := prometheus.NewPedanticRegistry()
	registry.MustRegister(n.Sampler)
	families, err := registry.Gather()
	if err != nil {
		n.Fatal(err)
	}
	for _, family := range families {
		if family.GetName() != name {
			continue
		}
		for _, m := range family.GetMetric() {
			for _, l := range m.GetLabel() {
				if l.GetName() == "pod" && l.GetValue() == pod {
					return m.GetGauge().GetValue() + m.GetCounter().GetValue(), true
				}
			}
		}
	}
	return 0, false
}
