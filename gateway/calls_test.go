package gateway

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"knative.dev/networking/pkg/apis/networking/v1alpha1"
)

// TestChangesCostFewWrites counts calls of a Service on one load balancer. A
// Route's is on two, see below.
func TestChangesCostFewWrites(t *testing.T) {
	s := newScene(t, func(s *scene) { s.config.goneSettle = 200 * time.Millisecond }).start()
	s.revision("a-1", 0, 2)
	s.revision("b-1", 50, 51)
	s.revision("b-2", 52, 53)
	inside := knative("b", "b-1=50 b-2=50")
	inside.Spec.Rules = inside.Spec.Rules[1:]
	s.apply(onlyOutside(knative("a", "a-1=100")), inside)
	s.ready("a", "b")
	for _, step := range []struct {
		name   string
		change func()
		on     string
		want   []string
		most   int
	}{
		{"a pod more", func() { s.revision("a-1", 0, 3) }, "internet", a(enis(0, 3, 100)), 1},
		{"a pod less", func() { s.revision("a-1", 0, 2) }, "internet", a(enis(0, 2, 100), enis(2, 3, 0)), 1},
		{"the pod is gone", func() { s.remove(podOfNumber(2)) }, "internet", a(enis(0, 2, 100)), 1},
		{"30 pods at once", func() { s.revision("a-1", 0, 32) }, "internet", a(enis(0, 32, 100)), 2},
		{"30 pods leave at once", func() { s.revision("a-1", 0, 2) }, "internet", a(enis(0, 2, 100), enis(2, 32, 0)), 2},
		{"30 pods are gone", func() { s.removePods(2, 32) }, "internet", a(enis(0, 2, 100)), 2},
		{"a pod more in a split", func() { s.revision("b-1", 50, 52) }, "intranet", b(enis(50, 52, 50), enis(52, 53, 100)), 2},
		{"to zero", func() { s.pods("a-1") }, "internet", a("eni-relay1:9000=100"), 1},
		{"from zero", func() { s.pods("a-1", 60) }, "internet", a(enis(0, 2, 0), enis(60, 61, 100)), 3},
	} {
		s.cloud.ResetCalls()
		step.change()
		s.looks(step.on, step.want...)
		if n, by := s.writes(); n > step.most {
			t.Errorf("%s: %d writes, want at most %d: %v", step.name, n, step.most, by)
		} else {
			t.Logf("%s: %d writes", step.name, n)
		}
	}
}

// TestChangesOfARouteCostFewWrites counts calls of an Ingress as a Route makes
// it, with a host on the internet and three in the cluster. It is on two load
// balancers, each with a vServer group of its own, so that a change of pods
// costs the same twice; a change of rules costs as much as there are hosts.
func TestChangesOfARouteCostFewWrites(t *testing.T) {
	for name, c := range map[string]struct {
		splits string
		steps  []routeStep
	}{
		"one revision": {"a-1=100", []routeStep{
			{"a pod more", func(s *scene) { s.revision("a-1", 0, 3) }, []string{enis(0, 3, 100)}, both(1)},
			{"a pod less", func(s *scene) { s.revision("a-1", 0, 2) }, []string{enis(0, 2, 100), enis(2, 3, 0)}, both(1)},
			{"the pod is gone", func(s *scene) { s.remove(podOfNumber(2)) }, []string{enis(0, 2, 100)}, both(1)},
			{"30 pods at once", func(s *scene) { s.revision("a-1", 0, 32) }, []string{enis(0, 32, 100)}, both(2)},
			{"30 pods leave at once", func(s *scene) { s.revision("a-1", 0, 2) }, []string{enis(0, 2, 100), enis(2, 32, 0)}, both(2)},
			{"30 pods are gone", func(s *scene) { s.removePods(2, 32) }, []string{enis(0, 2, 100)}, both(2)},
			{"to zero", func(s *scene) { s.pods("a-1") }, []string{"relay"}, writesOn{"internet": 1, "intranet": 3}},
			{"from zero", func(s *scene) { s.pods("a-1", 60) }, []string{enis(0, 2, 0), enis(60, 61, 100)}, writesOn{"internet": 3, "intranet": 5}},
		}},
		// Weights of those who stay change as well.
		"a split": {"a-1=50 a-2=50", []routeStep{
			{"two pods more", func(s *scene) { s.revision("a-1", 0, 4) }, []string{enis(0, 4, 25), enis(50, 51, 100)}, both(2)},
			{"two pods less", func(s *scene) { s.revision("a-1", 0, 2) }, []string{enis(0, 2, 25), enis(2, 4, 0), enis(50, 51, 50)}, both(1)},
			{"they are gone", func(s *scene) { s.removePods(2, 4) }, []string{enis(0, 2, 25), enis(50, 51, 50)}, both(1)},
			{"18 pods at once", func(s *scene) { s.known(0, 20); s.revision("a-1", 0, 20) }, []string{enis(0, 20, 5), enis(50, 51, 100)}, both(2)},
			{"18 pods leave at once", func(s *scene) { s.revision("a-1", 0, 2) }, []string{enis(0, 2, 5), enis(2, 20, 0), enis(50, 51, 10)}, both(1)},
			{"other percents", func(s *scene) {
				s.change("a", func(ing *v1alpha1.Ingress) {
					for i := range ing.Spec.Rules {
						ing.Spec.Rules[i].HTTP.Paths[0].Splits = backendsOf("a-1=100")
					}
				})
			}, []string{enis(0, 2, 5), enis(2, 20, 0), enis(50, 51, 0)}, both(1)},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			s := newScene(t, func(s *scene) { s.config.goneSettle = time.Second }).start()
			s.known(0, 61)
			s.revision("a-1", 0, 2)
			s.revision("a-2", 50, 51)
			s.apply(knative("a", c.splits))
			s.ready("a")
			for _, step := range c.steps {
				step.take(s)
			}
		})
	}
}

// known makes pods that all tell their network interfaces: to ask for one may
// take longer than the Writer waits for others.
func (s *scene) known(from, to int) {
	s.Helper()
	for i := from; i < to; i++ {
		pod := podOfNumber(i)
		pod.Annotations = map[string]string{annotationENI: fmt.Sprint("eni-", i)}
		s.apply(pod)
	}
}

// routeStep is a change of the Ingress a, which is on two load balancers.
type routeStep struct {
	name   string
	change func(*scene)
	want   []string // members on each of them; relay is the relay's port for it
	most   writesOn
}

// writesOn are writes by load balancer.
type writesOn map[string]int

func both(n int) writesOn { return writesOn{"internet": n, "intranet": n} }

func (step routeStep) take(s *scene) {
	s.Helper()
	s.cloud.ResetCalls()
	step.change(s)
	members := strings.Join(step.want, " ")
	s.looks("internet", a(strings.ReplaceAll(members, "relay", "eni-relay1:9000=100"))...)
	s.looks("intranet", inCluster("a", strings.ReplaceAll(members, "relay", "eni-relay1:9003=100"))...)
	total, by := s.writes()
	for name, most := range step.most {
		n := s.writesTo(name)
		total -= n
		if n > most {
			s.Errorf("%s: %d writes on %s, want at most %d: %v", step.name, n, name, most, by)
		}
		s.Logf("%s: %d writes on %s", step.name, n, name)
	}
	if total != 0 {
		s.Errorf("%s: %d writes to nothing that is there: %v", step.name, total, by)
	}
}

// writesTo are the calls since the last reset that change what is on a load
// balancer.
func (s *scene) writesTo(balancer string) (n int) {
	s.Helper()
	is := s.actual(balancer)
	ids := map[string]bool{"": false, is.Instance.ID: true}
	for _, g := range is.Groups {
		ids[g.ID] = true
	}
	for _, l := range is.Listeners {
		for _, r := range l.Rules {
			ids[r.ID] = true
		}
	}
	for _, call := range s.cloud.Calls("") {
		p := call.Parameters
		if !strings.HasPrefix(call.Action, "Describe") && (ids[p["VServerGroupId"]] || ids[p["RuleId"]] || ids[p["LoadBalancerId"]]) {
			n++
		}
	}
	return n
}

// enis are members with a weight.
func enis(from, to, weight int) string {
	var out []string
	for i := from; i < to; i++ {
		out = append(out, fmt.Sprintf("eni-%d:8012=%d", i, weight))
	}
	return strings.Join(out, " ")
}

// a is the picture of the Ingress a on the internet.
func a(members ...string) []string {
	list := strings.Fields(strings.Join(members, " "))
	slices.Sort(list)
	return []string{"http a.default.example.com -> " + strings.Join(list, " ")}
}

// b is the picture of the Ingress b in the cluster.
func b(members ...string) []string { return inCluster("b", members...) }

// inCluster is the picture of an Ingress in the cluster.
func inCluster(name string, members ...string) (out []string) {
	list := strings.Fields(strings.Join(members, " "))
	slices.Sort(list)
	for _, suffix := range []string{"", ".svc", ".svc.cluster.local"} {
		out = append(out, "http "+name+".default"+suffix+" -> "+strings.Join(list, " "))
	}
	return out
}

func (s *scene) removePods(from, to int) {
	s.Helper()
	for i := from; i < to; i++ {
		s.remove(podOfNumber(i))
	}
}

func onlyOutside(ing *v1alpha1.Ingress) *v1alpha1.Ingress {
	ing.Spec.Rules = ing.Spec.Rules[:1]
	return ing
}
