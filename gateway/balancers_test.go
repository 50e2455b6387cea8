package gateway

import (
	"fmt"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"knative.dev/networking/pkg/apis/networking/v1alpha1"

	"github.com/ebb-node/ebb/alicloud"
	"github.com/ebb-node/ebb/gateway/ingress"
	"github.com/ebb-node/ebb/slb"
)

// tight has place for a few rules on each load balancer.
func tight(rules, most int) func(*scene) {
	return func(s *scene) {
		limits := slb.DefaultLimits()
		limits.RulesPerListener = rules
		s.config.Limits, s.config.MaxLoadBalancers = &limits, most
	}
}

// aged is an Ingress with hosts on the internet, older than those with a
// larger number.
func aged(name string, age int, hosts ...string) *v1alpha1.Ingress {
	ing := onlyOutside(knative(name, "a-1=100"))
	ing.CreationTimestamp = metav1.Time{Time: today.Add(time.Duration(age) * time.Minute)}
	if len(hosts) > 0 {
		ing.Spec.Rules[0].Hosts = hosts
	}
	return ing
}

// hostsOf are the hosts with rules on a load balancer.
func (s *scene) hostsOf(name string) string {
	s.Helper()
	var hosts []string
	for _, line := range strings.Split(picture(s.actual(name)), "\n") {
		if words := strings.Fields(line); len(words) > 1 {
			hosts = append(hosts, strings.TrimSuffix(words[1], ".default.example.com"))
		}
	}
	return strings.Join(hosts, " ")
}

func (s *scene) hosts(name, want string) {
	s.Helper()
	s.eventually("hosts of "+name, func() (string, string) { return s.hostsOf(name), want })
}

func TestWhenALoadBalancerIsFull(t *testing.T) {
	s := newScene(t, tight(2, 2)).start()
	s.revision("a-1", 0, 1)
	for i := range 5 {
		s.apply(aged(fmt.Sprint("i", i), i))
		if i < 4 {
			s.ready(fmt.Sprint("i", i))
		}
	}
	s.hosts("internet", "i0 i1")
	s.hosts("internet-2", "i2 i3")
	s.condition("i4", v1alpha1.IngressConditionLoadBalancerReady, "False "+ReasonNoRoom)
	s.toldOf(ReasonNoRoom, "i4")
	if ip := s.get("i2").Status.PublicLoadBalancer.Ingress[0].IP; ip != s.actual("internet-2").Instance.Address {
		t.Errorf("the status shows %s", ip)
	}
	if host := s.get("i2").Status.PublicLoadBalancer.Ingress[0].DomainInternal; !strings.HasPrefix(host, "ingress-gateway-2.") {
		t.Errorf("the status shows %s", host)
	}

	// After a restart each is where it was, though there is room elsewhere.
	s.stop()
	s.remove(s.get("i0"))
	s.again()
	s.ready("i4")
	s.hosts("internet", "i1 i4")
	s.hosts("internet-2", "i2 i3")
	if n := s.cloud.Counts()["CreateLoadBalancer"][""]; n != 0 {
		t.Errorf("%d load balancers were made anew", n)
	}
}

func TestAnIngressThatOutgrowsItsLoadBalancerMoves(t *testing.T) {
	s := newScene(t, tight(3, 2)).start()
	s.revision("a-1", 0, 1)
	s.apply(aged("old", 0), aged("young", 1, "y.default.example.com", "z.default.example.com"))
	s.ready("old", "young")
	s.hosts("internet", "old y z")
	first := s.actual("internet").Instance.Address
	s.change("old", func(ing *v1alpha1.Ingress) {
		ing.Spec.Rules[0].Hosts = []string{"old.default.example.com", "new.default.example.com"}
	})
	s.ready("old")
	s.hosts("internet-2", "new old")
	s.toldOf(ReasonMoved, "old")
	s.eventually("the address", func() (string, string) {
		return s.get("old").Status.PublicLoadBalancer.Ingress[0].IP, s.actual("internet-2").Instance.Address
	})
	s.hosts("internet", "old y z")
	s.again() // also after a restart both addresses work
	s.settled("internet", "internet-2")
	s.hosts("internet", "old y z")
	s.stop()
	s.config.MoveGrace = time.Millisecond
	s.start()
	if ip := s.get("young").Status.PublicLoadBalancer.Ingress[0].IP; ip != first {
		t.Errorf("the other one moved to %s", ip)
	}
	s.hosts("internet", "y z") // after the grace
}

// Who found no room gets it whenever there is some.
func TestRoomIsTakenWhenOthersMakeIt(t *testing.T) {
	s := newScene(t, tight(3, 1)).start()
	s.revision("a-1", 0, 1)
	s.apply(aged("a", 0, "a.com", "b.com", "c.com"))
	s.ready("a")
	s.apply(aged("late", 1))
	s.condition("late", v1alpha1.IngressConditionLoadBalancerReady, "False "+ReasonNoRoom)
	s.change("a", func(ing *v1alpha1.Ingress) { ing.Spec.Rules[0].Hosts = []string{"a.com", "b.com"} })
	s.ready("a", "late")
	s.hosts("internet", "a.com b.com late")
	// One that keeps what it has though it is too large gets the rest.
	s.change("late", func(ing *v1alpha1.Ingress) { ing.Spec.Rules[0].Hosts = append(ing.Spec.Rules[0].Hosts, "d.com") })
	s.condition("late", v1alpha1.IngressConditionLoadBalancerReady, "False "+ReasonRefused)
	s.change("a", func(ing *v1alpha1.Ingress) { ing.Spec.Rules[0].Hosts = []string{"a.com"} })
	s.ready("a", "late")
}

// One that its load balancer has not all of moves to where room appears.
func TestRoomOnAnotherLoadBalancerIsTaken(t *testing.T) {
	s := newScene(t, tight(3, 2), func(s *scene) { s.config.MoveGrace = time.Millisecond }).start()
	s.revision("a-1", 0, 1)
	s.apply(aged("a", 0, "a.com", "a.org"))
	s.ready("a")
	s.apply(aged("b", 1, "b.com"))
	s.ready("b")
	s.apply(aged("c", 2, "c.com", "c.net", "c.org"))
	s.ready("c")
	s.change("b", func(ing *v1alpha1.Ingress) { ing.Spec.Rules[0].Hosts = []string{"b.com", "b.org"} })
	s.condition("b", v1alpha1.IngressConditionLoadBalancerReady, "False "+ReasonRefused)
	s.hosts("internet-2", "c.com c.net c.org")
	s.change("c", func(ing *v1alpha1.Ingress) { ing.Spec.Rules[0].Hosts = []string{"c.com"} })
	s.ready("b", "c")
	s.hosts("internet-2", "b.com b.org c.com")
	s.hosts("internet", "a.com a.org")
}

// The end of a stay at a former address is room as well.
func TestRoomIsTakenWhenOthersHaveMoved(t *testing.T) {
	s := newScene(t, tight(3, 2), func(s *scene) { s.config.MoveGrace = 2 * time.Second }).start()
	s.revision("a-1", 0, 1)
	s.apply(aged("stays", 0), aged("moves", 1))
	s.ready("stays", "moves")
	s.change("moves", func(ing *v1alpha1.Ingress) {
		ing.Spec.Rules[0].Hosts = []string{"moves.default.example.com", "1.com", "2.com"}
	})
	s.ready("moves")
	s.hosts("internet-2", "1.com 2.com moves")
	s.hosts("internet", "moves stays")
	s.apply(aged("late", 2, "3.com", "4.com"))
	s.condition("late", v1alpha1.IngressConditionLoadBalancerReady, "False "+ReasonNoRoom)
	s.ready("late") // after the grace
	s.hosts("internet", "3.com 4.com stays")
}

func TestTooManyHostsForAnyLoadBalancer(t *testing.T) {
	s := newScene(t, tight(3, 2)).start()
	s.revision("a-1", 0, 1)
	s.apply(aged("big", 0, "1.com", "2.com", "3.com", "4.com"), aged("a", 1))
	s.ready("a")
	s.condition("big", v1alpha1.IngressConditionLoadBalancerReady, "False "+ReasonNoRoom)
	s.hosts("internet", "a")
	// One that grows too big keeps what it has.
	s.change("a", func(ing *v1alpha1.Ingress) {
		ing.Spec.Rules[0].Hosts = append(ing.Spec.Rules[0].Hosts, "5.com", "6.com", "7.com")
	})
	if m := s.condition("a", v1alpha1.IngressConditionLoadBalancerReady, "False "+ReasonRefused); !strings.Contains(m, "the limit of rules of a listener is 3") {
		t.Errorf("%q does not name the limit", m)
	}
	if hosts := s.hostsOf("internet"); !strings.Contains(hosts, "a") {
		t.Errorf("hosts: %s", hosts)
	}
}

func TestIngressesThatShareAHostAreTogether(t *testing.T) {
	s := newScene(t, tight(4, 3), func(s *scene) { s.config.MoveGrace = time.Millisecond }).start()
	s.revision("a-1", 0, 1)
	coffee, tea := aged("coffee", 0), aged("tea", 2)
	coffee.Annotations[ingress.ServingIngress] = "shop.example.com/coffee"
	tea.Annotations[ingress.ServingIngress] = "shop.example.com/tea"
	s.apply(coffee)
	s.ready("coffee")
	s.apply(aged("between", 1))
	s.ready("between")
	s.hosts("internet", "between coffee shop.example.com/coffee")
	s.apply(tea)
	s.ready("tea", "coffee", "between")
	s.hosts("internet", "between")
	s.hosts("internet-2", "coffee shop.example.com/coffee shop.example.com/tea tea")
}

// removeBalancer deletes a load balancer, as its user may.
func (s *scene) removeBalancer(id string) {
	s.Helper()
	product := &alicloud.Product{Name: "Slb", Version: "2014-05-15"}
	for _, r := range []alicloud.Request{
		{Product: product, Action: "SetLoadBalancerDeleteProtection", Params: map[string]string{"LoadBalancerId": id, "DeleteProtection": "off"}},
		{Product: product, Action: "DeleteLoadBalancer", Params: map[string]string{"LoadBalancerId": id}},
	} {
		r.Params["RegionId"] = s.cloud.RegionID
		if err := s.shared.Call(s.ctx, r, nil); err != nil {
			s.Fatal(err)
		}
	}
}

func TestALoadBalancerThatIsGoneIsNotReplaced(t *testing.T) {
	s := newScene(t, func(s *scene) { s.config.Interval = 50 * time.Millisecond }).start()
	s.revision("a-1", 0, 1)
	s.apply(onlyOutside(knative("a", "a-1=100")))
	s.ready("a")
	instance := s.actual("internet").Instance
	s.removeBalancer(instance.ID)
	if m := s.condition("a", v1alpha1.IngressConditionLoadBalancerReady, "False "+ReasonLoadBalancerGone); !strings.Contains(m, instance.ID) {
		t.Errorf("%q does not name it", m)
	}
	s.toldOf(ReasonLoadBalancerGone, "ingress-gateway")
	s.again()
	s.condition("a", v1alpha1.IngressConditionLoadBalancerReady, "False "+ReasonLoadBalancerGone)
	if n, by := s.writes(); n != 0 {
		t.Errorf("%d writes: %v", n, by)
	}
	// A user wants another one.
	release := func() {
		var is corev1.Service
		if err := s.cluster.Get(s.ctx, types.NamespacedName{Namespace: "knative-serving", Name: "ingress-gateway"}, &is); err != nil {
			t.Fatal(err)
		}
		delete(is.Annotations, AnnotationLoadBalancer)
		if err := s.cluster.Update(s.ctx, &is); err != nil {
			t.Fatal(err)
		}
	}
	release()
	s.ready("a")
	second := s.actual("internet").Instance
	s.looks("internet", a(enis(0, 1, 100))...)
	s.eventually("the new address", func() (string, string) {
		return s.get("a").Status.PublicLoadBalancer.Ingress[0].IP, second.Address
	})
	// The same while the gateway runs.
	s.removeBalancer(second.ID)
	s.condition("a", v1alpha1.IngressConditionLoadBalancerReady, "False "+ReasonLoadBalancerGone)
	release()
	s.ready("a")
	s.looks("internet", a(enis(0, 1, 100))...)
	// An annotation that is removed by mistake comes back.
	third := s.actual("internet").Instance.ID
	release()
	s.eventually("the annotation", func() (string, string) {
		var is corev1.Service
		if err := s.cluster.Get(s.ctx, types.NamespacedName{Namespace: "knative-serving", Name: "ingress-gateway"}, &is); err != nil {
			t.Fatal(err)
		}
		return is.Annotations[AnnotationLoadBalancer], third
	})
}

func TestLoadBalancersOfUsers(t *testing.T) {
	s := newScene(t)
	theirs, err := s.slb.EnsureInstance(s.ctx, slb.Owner{Prefix: "x", LoadBalancer: "x"}, slb.InstanceSpec{Name: "theirs", AddressType: slb.Internet})
	if err != nil {
		t.Fatal(err)
	}
	s.config.LoadBalancers = map[ingress.Visibility][]string{ingress.Internet: {theirs.ID}}
	s.start()
	s.revision("a-1", 0, 1)
	s.apply(onlyOutside(knative("a", "a-1=100")))
	s.ready("a")
	if ip := s.get("a").Status.PublicLoadBalancer.Ingress[0].IP; ip != theirs.Address {
		t.Errorf("the address is %s", ip)
	}
	s.stop()
	s.config.LoadBalancers = map[ingress.Visibility][]string{ingress.Intranet: {theirs.ID}}
	s.start()
	s.apply(knative("b", "a-1=100"))
	if m := s.condition("b", v1alpha1.IngressConditionLoadBalancerReady, "Unknown "+ReasonLoadBalancerUnavailable); !strings.Contains(m, "is for the internet") {
		t.Errorf("%q does not say why", m)
	}
}

func TestAServiceOfSomebodyElse(t *testing.T) {
	s := newScene(t)
	taken := &corev1.Service{ObjectMeta: metav1.ObjectMeta{Namespace: "knative-serving", Name: "ingress-gateway"}}
	s.apply(taken)
	s.start()
	s.revision("a-1", 0, 1)
	s.apply(onlyOutside(knative("a", "a-1=100")))
	s.toldOf(ReasonServiceTaken, "ingress-gateway")
	s.condition("a", v1alpha1.IngressConditionLoadBalancerReady, "Unknown "+ReasonLoadBalancerUnavailable)
	s.remove(taken)
	s.ready("a")
}
