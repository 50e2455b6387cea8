package gateway

import (
	"testing"
	"time"

	"github.com/ebb-node/ebb/gateway/ingress"
)

// A route that has moved for both visibilities is looked at when the first of
// the two stays ends.
func TestTheFirstEndOfTwoStaysCounts(t *testing.T) {
	d := newDirectory(budget{}, ModeDirect, time.Hour)
	r := newRoute(coffee, []ingress.Host{on("a.com", "/", "v1=100"), with(on("a.default", "/", "v1=100"), local)})
	for i, v := range visibilities {
		for ordinal := range 2 {
			key := balancerKey{v, ordinal + 1}
			d.balancers[key] = newBalancer(key)
		}
		r.homes[i] = home{at: 2, proved: true, former: []former{{at: 1, until: today.Add(time.Duration(i+1) * time.Minute)}}}
	}
	// What is not known of a load balancer passes, and what was proved stays.
	if v := d.judge(r, today); v.again != time.Minute {
		t.Errorf("it is looked at after %s", v.again)
	}
}
