package simulate

import (
	"strings"
	"testing"
)

func TestIdleHour(t *testing.T) {
	bySize, dear := Defaults(), Defaults()
	bySize.StandardSpec = "2-4Gi"
	dear.StandardSpec = "0.25-0.5Gi"
	for name, c := range map[string]struct {
		a    Assumptions
		want []string
	}{
		"as the feature was conceived": {Defaults(), []string{
			"An idle hour on ecs.c5.large costs 0.6200 CNY, on ecs.t5-lc1m2.large 0.3330: 46 % less with the reserve.",
			"An idle hour on 2-4Gi costs 0.4412 CNY, on ecs.t5-lc1m2.large 0.3330: 25 % less with the reserve.",
		}},
		"bought by size": {bySize, []string{"An idle hour on 2-4Gi costs 0.4412 CNY, on ecs.t5-lc1m2.large 0.3330: 25 % less with the reserve."}},
		"a small pod":    {dear, []string{"An idle hour on 0.25-0.5Gi costs 0.0552 CNY, on ecs.t5-lc1m2.large 0.3330: 504 % more with the reserve."}},
	} {
		var b strings.Builder
		if err := IdleHour(&b, c.a, market(t)); err != nil || b.String() != strings.Join(c.want, "\n")+"\n" {
			t.Errorf("%s: %v\n%s", name, err, b.String())
		}
	}
	unknown := Defaults()
	unknown.StandardSpec = "ecs.t6-c1m1.large"
	if err := IdleHour(&strings.Builder{}, unknown, market(t)); err == nil || !strings.Contains(err.Error(), unknown.StandardSpec) {
		t.Errorf("error %v; want one that names the spec", err)
	}
}
