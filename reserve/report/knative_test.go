package report

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"k8s.io/apimachinery/pkg/util/sets"
	netstats "knative.dev/networking/pkg/http/stats"
	asmetrics "knative.dev/serving/pkg/autoscaler/metrics"
)

// span is when a request came and when it was answered, from the start.
type span struct{ from, to time.Duration }

// TestFirstRequestsByKnativesOwnStatistics has queue-proxy's own code count requests.
func TestFirstRequestsByKnativesOwnStatistics(t *testing.T) {
	const ms = time.Millisecond
	for _, c := range []struct {
		name  string
		spans []span
		want  Load
	}{
		{"one", []span{{300 * ms, 305 * ms}}, Load{1, 0.005}},
		{"one over the end of a statistic", []span{{998 * ms, 1004 * ms}}, Load{1, 0.006}},
		{"two at a time", []span{{100 * ms, 140 * ms}, {120 * ms, 180 * ms}}, Load{2, 0.1}},
		{"one that takes longer than is looked", []span{{500 * ms, 5 * time.Second}}, Load{1, 1.5}},
		{"a later one", []span{{10 * ms, 20 * ms}, {2500 * ms, 2900 * ms}}, Load{1, 0.01}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var v View
			stats := netstats.NewRequestStats(start)
			for i := range 5 {
				begin := time.Duration(i) * statPeriod
				happen(stats, c.spans, begin, begin+statPeriod)
				v.add(told(stats.Report(start.Add(begin+statPeriod))), start.Add(begin+statPeriod))
			}
			if diff := cmp.Diff(c.want, v.First, cmpopts.EquateApprox(0, 1e-9)); diff != "" {
				t.Errorf("wrong load (-want +got):\n%s", diff)
			}
		})
	}
}

// told is a report as queue-proxy answers with it (serving
// pkg/queue/protobuf_stats_reporter.go, Report).
func told(r netstats.RequestStatsReport) asmetrics.Stat {
	return asmetrics.Stat{RequestCount: r.RequestCount / statPeriod.Seconds(), AverageConcurrentRequests: r.AverageConcurrency}
}

// happen tells of what requests did in a time, in its order.
func happen(stats *netstats.RequestStats, spans []span, from, to time.Duration) {
	events := map[time.Duration]netstats.ReqEventType{}
	for _, s := range spans {
		events[s.from], events[s.to] = netstats.ReqIn, netstats.ReqOut
	}
	for _, at := range sets.List(sets.KeySet(events)) {
		if at >= from && at < to {
			stats.HandleEvent(netstats.ReqEvent{Time: start.Add(at), Type: events[at]})
		}
	}
}
