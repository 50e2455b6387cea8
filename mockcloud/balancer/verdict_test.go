package balancer

import "testing"

func TestThresholdsDecideAVerdict(t *testing.T) {
	check := HealthCheck{HealthyThreshold: 2, UnhealthyThreshold: 3}
	for _, c := range []struct {
		results string // + passed, - failed
		want    Status
	}{
		{"", StatusUnavailable},
		{"+", StatusNormal},
		{"-", StatusAbnormal},
		{"+--", StatusNormal},
		{"+---", StatusAbnormal},
		{"+--+--", StatusNormal},
		{"-+", StatusAbnormal},
		{"-++", StatusNormal},
		{"-+-+", StatusAbnormal},
		{"+---++", StatusNormal},
	} {
		v := verdict{status: StatusUnavailable}
		for _, result := range c.results {
			v = v.after(result == '+', check)
		}
		if v.status != c.want {
			t.Errorf("after %q the member is %s, want %s", c.results, v.status, c.want)
		}
	}
}

func TestAFallIsReportedOnce(t *testing.T) {
	m := &monitor{check: HealthCheck{HealthyThreshold: 2, UnhealthyThreshold: 2}, verdict: verdict{status: StatusUnavailable}}
	falls := 0
	for _, passed := range []bool{true, false, false, false, false, true, false, true, true, false, false} {
		if m.observe(passed) {
			falls++
		}
	}
	if falls != 2 {
		t.Errorf("%d falls were reported, want 2", falls)
	}
}
