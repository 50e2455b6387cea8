package gateway

import (
	"fmt"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"
	"knative.dev/networking/pkg/apis/networking/v1alpha1"

	"github.com/ebb-node/ebb/gateway/ingress"
	"github.com/ebb-node/ebb/slb"
)

// programmed counts the changes whose time was taken.
func (s *scene) programmed() uint64 {
	s.Helper()
	var m dto.Metric
	if err := s.metrics.programmed.(prometheus.Metric).Write(&m); err != nil {
		s.Fatal(err)
	}
	return m.GetHistogram().GetSampleCount()
}

// What a load balancer refuses for good keeps nothing else from being timed.
func TestProgrammingIsTimedBesidesALastingProblem(t *testing.T) {
	s := newScene(t, tight(2, 1)).start()
	s.revision("a-1", 0, 1)
	s.apply(aged("a", 0))
	s.ready("a")
	s.change("a", func(ing *v1alpha1.Ingress) {
		ing.Spec.Rules[0].Hosts = append(ing.Spec.Rules[0].Hosts, "1.com", "2.com")
	})
	s.condition("a", v1alpha1.IngressConditionLoadBalancerReady, "False "+ReasonRefused)
	before := s.programmed()
	s.revision("a-1", 0, 2)
	s.eventually("the change is timed", func() (string, string) { return fmt.Sprint(s.programmed() > before), "true" })
}

func TestUndoneChangesAreBounded(t *testing.T) {
	s := newScene(t)
	s.start()
	b := newBalancer(balancerKey{ingress.Internet, 9})
	for range 3 * maxUndone {
		d := slb.Desired{Listeners: []slb.Listener{{Port: 80}}}
		b.wishes.add(d, today)
		s.observe(b, slb.State{Desired: d})
	}
	if n := len(b.undone); n != maxUndone {
		t.Errorf("%d changes are remembered", n)
	}
}
