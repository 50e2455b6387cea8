package provider

import "github.com/prometheus/client_golang/prometheus"

var podsMetric = prometheus.NewDesc("ebb_pods", "Pods and container groups of the node by what they do: "+
	"waiting (for a group), starting, running, ending, ended, orphan (a group without a pod).", []string{"state"}, nil)

// states are all values of the label, so that a state which nobody is in shows
// as zero.
var states = []string{"waiting", "starting", "running", "ending", "ended", "orphan"}

// Describe implements prometheus.Collector.
func (p *Provider) Describe(to chan<- *prometheus.Desc) { to <- podsMetric }

// Collect implements prometheus.Collector: it counts the pods of the node.
func (p *Provider) Collect(to chan<- prometheus.Metric) {
	counts := map[string]int{}
	for _, r := range p.registry.all() {
		counts[r.state()]++
	}
	for _, state := range states {
		to <- prometheus.MustNewConstMetric(podsMetric, prometheus.GaugeValue, float64(counts[state]), state)
	}
}

// state is what a record's pod does.
func (r *record) state() string {
	switch {
	case r.pod == nil:
		return "orphan"
	case r.gone || r.deleting():
		return "ending"
	case r.finished() || r.vanished || r.group != nil && r.group.Status.Final():
		return "ended"
	case r.groupID == "":
		return "waiting"
	case r.ran():
		return "running"
	}
	return "starting"
}
