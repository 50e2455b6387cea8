package alicloud

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/sirupsen/logrus"
)

func TestMetricsCountAttempts(t *testing.T) {
	reg := prometheus.NewRegistry()
	s := newServer(t, fail(400, "Throttling.User", "slow"), ok("{}"), fail(400, "InvalidParameter", "x"))
	c := newTestClient(t, s, func(c *Config) { c.Metrics = reg })
	_ = call(t, c, "Do", nil)
	_ = call(t, c, "Do", nil)
	want := map[string]float64{
		"ebb_cloud_requests_total Do InvalidParameter Shop": 1,
		"ebb_cloud_requests_total Do OK Shop":               1,
		"ebb_cloud_requests_total Do Throttling.User Shop":  1,
		"ebb_cloud_throttles_total Do Shop":                 1,
		"ebb_cloud_request_duration_seconds Do Shop":        3,
	}
	if diff := cmp.Diff(want, gather(t, reg)); diff != "" {
		t.Errorf("(-want +got): %s", diff)
	}
}

// gather returns counters, and the counts of histograms, by name and labels.
func gather(t *testing.T, reg *prometheus.Registry) map[string]float64 {
	t.Helper()
	families, err := reg.Gather()
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]float64{}
	for _, f := range families {
		for _, m := range f.GetMetric() {
			name := f.GetName()
			for _, label := range m.GetLabel() {
				name += " " + label.GetValue()
			}
			got[name] = m.GetCounter().GetValue() + float64(m.GetHistogram().GetSampleCount())
		}
	}
	return got
}

func TestLogHoldsNoSecret(t *testing.T) {
	var out bytes.Buffer
	log := logrus.New()
	log.SetOutput(&out)
	log.SetLevel(logrus.TraceLevel)
	s := newServer(t, fail(400, "InvalidParameter", "bad value hunter22"), hangUp)
	c := newTestClient(t, s, func(c *Config) { c.Logger = log })
	for range 2 {
		_ = call(t, c, "Do", map[string]string{"Password": "hunter22"})
	}
	lines := strings.Count(out.String(), "\n")
	if lines != 5 { // one refusal, then four attempts without an answer
		t.Errorf("%d lines, want one per attempt: %s", lines, out.String())
	}
	checkClean(t, strings.ReplaceAll(out.String(), "\n", " "))
	if !strings.Contains(out.String(), "action=Do") {
		t.Errorf("no action in %s", out.String())
	}
}
