package gateway

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"knative.dev/networking/pkg/apis/networking/v1alpha1"
)

// again starts another gateway where the one before has ended.
func (s *scene) again() {
	s.Helper()
	s.stop()
	s.cloud.ResetCalls()
	s.start()
}

// settled waits until a load balancer has been wished for and read back.
func (s *scene) settled(names ...string) {
	s.Helper()
	for _, name := range names {
		s.eventually("load balancer "+name+" is settled", func() (string, string) {
			s.mu.Lock()
			defer s.mu.Unlock()
			for key, b := range s.directory.balancers {
				if key.String() == name && b.state != nil && b.state.Done && b.wishes.stated == b.wishes.version {
					return "yes", "yes"
				}
			}
			return "no", "yes"
		})
	}
}

// stated waits until a load balancer has been wished for and something has
// come of it, problems or not.
func (s *scene) stated(name string) {
	s.Helper()
	s.eventually("a look at load balancer "+name, func() (string, string) {
		s.mu.Lock()
		defer s.mu.Unlock()
		for key, b := range s.directory.balancers {
			if key.String() == name && b.state != nil && b.wishes.stated == b.wishes.version {
				return "yes", "yes"
			}
		}
		return "no", "yes"
	})
}

func TestARestartWritesNothing(t *testing.T) {
	s := newScene(t).start()
	s.revision("a-1", 0, 3)
	s.revision("a-2", 10, 12)
	s.revision("b-1", 20, 20)
	s.apply(knative("a", "a-1=90 a-2=10"), knative("b", "b-1=100"))
	s.ready("a", "b")
	s.revision("a-1", 0, 2) // one leaves, and weights are not what they would be
	idle := []string{"http b.default.example.com -> eni-relay1:9000=100"}
	s.looks("internet", append(a(enis(0, 2, 96), enis(2, 3, 0), enis(10, 12, 11)), idle...)...)
	s.settled("internet", "intranet")
	before := picture(s.actual("internet"))
	version := s.get("a").ResourceVersion

	s.again()
	s.settled("internet", "intranet")
	if n, by := s.writes(); n != 0 {
		t.Errorf("%d writes: %v", n, by)
	}
	if after := picture(s.actual("internet")); after != before {
		t.Errorf("before\n%s\nafter\n%s", before, after)
	}
	if s.get("a").ResourceVersion != version {
		t.Error("the status was written again")
	}
}

func TestReadBacksWriteNothing(t *testing.T) {
	s := newScene(t, func(s *scene) { s.config.Interval = 20 * time.Millisecond }).start()
	s.revision("a-1", 0, 3)
	s.apply(knative("a", "a-1=100"))
	s.ready("a")
	s.settled("internet", "intranet")
	s.cloud.ResetCalls()
	s.eventually("five read-backs", func() (string, string) {
		if s.cloud.Counts()["DescribeLoadBalancerAttribute"][""] >= 10 {
			return "yes", "yes"
		}
		return "no", "yes"
	})
	if n, by := s.writes(); n != 0 {
		t.Errorf("%d writes: %v", n, by)
	}
}

// What was deleted while nobody looked goes; what leaves goes on leaving.
func TestChangesWhileNobodyLooked(t *testing.T) {
	s := newScene(t, func(s *scene) { s.config.goneSettle = time.Millisecond }).start()
	s.revision("a-1", 0, 3)
	s.revision("b-1", 10, 11)
	s.apply(onlyOutside(knative("a", "a-1=100")), onlyOutside(knative("b", "b-1=100")))
	s.ready("a", "b")
	s.looks("internet", append(a(enis(0, 3, 100)), "http b.default.example.com -> "+enis(10, 11, 100))...)
	s.stop()
	s.remove(s.get("b"))
	s.revision("a-1", 1, 3)
	s.again()
	s.looks("internet", a(enis(0, 1, 0), enis(1, 3, 100))...)
	if groups := len(s.actual("internet").Groups); groups != 3 {
		t.Errorf("%d groups, want the relay's, that of a, and that of b until its requests have ended", groups)
	}
	s.removePods(0, 1)
	s.removePods(10, 11)
	s.looks("internet", a(enis(1, 3, 100))...)
	s.eventually("the group of b is gone", func() (string, string) {
		if len(s.actual("internet").Groups) == 2 {
			return "yes", "yes"
		}
		return "no", "yes"
	})
}

// Pods whose network interface has to be asked for are waited for at the
// start: without them rules would lead elsewhere for a moment.
func TestTheStartWaitsForInterfaces(t *testing.T) {
	s := newScene(t).start()
	s.revision("a-1", 1, 2) // an odd one
	s.apply(onlyOutside(knative("a", "a-1=100")))
	s.ready("a")
	s.looks("internet", a(enis(1, 2, 100))...)
	s.settled("internet", "intranet")
	s.again()
	s.settled("internet", "intranet")
	if n, by := s.writes(); n != 0 {
		t.Errorf("%d writes: %v", n, by)
	}
	if calls := s.cloud.Counts()["DescribeNetworkInterfaces"][""]; calls == 0 || calls > 2 {
		t.Errorf("%d calls for the interfaces of a pod and the relay", calls)
	}
}

// At the start no Ingress gets the place of one that is served, whichever is
// older and in whatever order they come.
func TestARestartGivesNobodyElsesPlaceAway(t *testing.T) {
	s := newScene(t, tight(3, 1)).start()
	s.revision("a-1", 0, 1)
	// Those that come last are the oldest, and the first by name.
	for i, name := range []string{"z", "y", "x"} {
		s.apply(aged(name, 9-i))
		s.ready(name)
	}
	s.apply(aged("a", 0), aged("b", 1), aged("c", 2))
	for _, name := range []string{"a", "b", "c"} {
		s.condition(name, v1alpha1.IngressConditionLoadBalancerReady, "False "+ReasonNoRoom)
	}
	s.settled("internet", "intranet")
	for range 3 {
		s.again()
		s.settled("internet", "intranet")
		for _, name := range []string{"a", "b", "c"} {
			s.condition(name, v1alpha1.IngressConditionLoadBalancerReady, "False "+ReasonNoRoom)
		}
		s.hosts("internet", "x y z")
		if n, by := s.writes(); n != 0 {
			t.Fatalf("%d writes: %v", n, by)
		}
	}
}

// One that has outgrown its load balancer, and found no other, keeps what it
// has there.
func TestARestartLeavesThoseThatAreTooLarge(t *testing.T) {
	s := newScene(t, tight(3, 1)).start()
	s.revision("a-1", 0, 1)
	s.apply(aged("a", 0), aged("b", 1))
	s.ready("a", "b")
	s.change("a", func(ing *v1alpha1.Ingress) {
		for i := range 4 {
			ing.Spec.Rules[0].Hosts = append(ing.Spec.Rules[0].Hosts, fmt.Sprint(i, ".com"))
		}
	})
	s.condition("a", v1alpha1.IngressConditionLoadBalancerReady, "False "+ReasonRefused)
	before := s.hostsOf("internet")
	s.again()
	s.stated("internet")
	if after := s.hostsOf("internet"); after != before || !strings.Contains(after, "a") {
		t.Errorf("hosts were %s and are %s", before, after)
	}
	s.condition("a", v1alpha1.IngressConditionLoadBalancerReady, "False "+ReasonRefused)
	if n, by := s.writes(); n != 0 {
		t.Errorf("%d writes: %v", n, by)
	}
}
