package gateway

import (
	"context"
	"errors"
	"io"
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/sirupsen/logrus"
	clocktesting "k8s.io/utils/clock/testing"

	"github.com/ebb-node/ebb/ecs"
	"github.com/ebb-node/ebb/gateway/ingress"
	mockecs "github.com/ebb-node/ebb/mockcloud/ecs"
)

// machineRoom answers for addresses.
type machineRoom struct {
	ids   map[string]string
	err   error
	calls [][]string
	vpc   string            // of the last call
	other map[string]string // interfaces of another VPC
}

func (m *machineRoom) NetworkInterfacesByAddress(_ context.Context, vpc string, addresses []string) (out []ecs.NetworkInterface, err error) {
	asked := slices.Sorted(slices.Values(addresses))
	m.calls, m.vpc = append(m.calls, asked), vpc
	for _, a := range asked {
		if id, ok := m.ids[a]; ok {
			out = append(out, ecs.NetworkInterface{ID: id, PrivateIPs: []string{a}})
		}
		if id, ok := m.other[a]; ok && vpc == "" {
			out = append(out, ecs.NetworkInterface{ID: id, PrivateIPs: []string{a}})
		}
	}
	return out, m.err
}

func quiet() logrus.FieldLogger {
	log := logrus.New()
	log.SetOutput(io.Discard)
	return log
}

func TestInterfacesOverTime(t *testing.T) {
	clock := clocktesting.NewFakeClock(today)
	room := &machineRoom{ids: map[string]string{"10.0.0.1": "eni-1"}}
	var woken []waiter
	n := newInterfaces(room, "vpc", clock, quiet(), func(w waiter) { woken = append(woken, w) })
	look := func(address string, want answer) {
		t.Helper()
		got := n.lookup(address, "who asked for "+address)
		if got.id != want.id || got.waiting != want.waiting || (got.err != nil) != (want.err != nil) {
			t.Errorf("%s: %+v, want %+v", address, got, want)
		}
	}
	round := func(calls int, wake ...waiter) {
		t.Helper()
		woken = nil
		n.round(context.Background())
		slices.SortFunc(woken, func(a, b waiter) int { return cmp2(a, b) })
		if diff := cmp.Diff(wake, woken); diff != "" || len(room.calls) != calls {
			t.Errorf("%d calls, want %d; woken: -want +got\n%s", len(room.calls), calls, diff)
		}
	}
	failure := errors.New("no")

	look("10.0.0.1", answer{waiting: true})
	look("10.0.0.2", answer{waiting: true})
	look("10.0.0.1", answer{waiting: true})
	round(1, "who asked for 10.0.0.1", "who asked for 10.0.0.2")
	look("10.0.0.1", answer{id: "eni-1"})
	look("10.0.0.2", answer{})
	round(1) // nothing to ask

	clock.Step(missingAge)
	look("10.0.0.1", answer{id: "eni-1"})
	look("10.0.0.2", answer{})
	room.ids["10.0.0.2"] = "eni-2"
	round(2, "who asked for 10.0.0.2")
	look("10.0.0.2", answer{id: "eni-2"})

	clock.Step(interfaceAge)
	room.err = failure
	look("10.0.0.1", answer{id: "eni-1"})
	look("10.0.0.3", answer{waiting: true})
	round(3, "who asked for 10.0.0.1", "who asked for 10.0.0.3")
	look("10.0.0.1", answer{id: "eni-1", err: failure})
	look("10.0.0.3", answer{err: failure})

	room.err = nil
	room.ids["10.0.0.1"] = "eni-9"
	clock.Step(interfaceAge)
	look("10.0.0.1", answer{id: "eni-1", err: failure})
	round(4, "who asked for 10.0.0.1")
	look("10.0.0.1", answer{id: "eni-9"})

	clock.Step(3 * interfaceAge)
	look("10.0.0.1", answer{id: "eni-9"})
	round(5)
	if len(n.known) != 1 {
		t.Errorf("%d addresses are remembered for nobody", len(n.known)-1)
	}
	if diff := cmp.Diff([]string{"10.0.0.1", "10.0.0.2"}, room.calls[0]); diff != "" {
		t.Errorf("the first call: -want +got\n%s", diff)
	}
}

func cmp2(a, b waiter) int {
	if a.(string) < b.(string) {
		return -1
	}
	return 1
}

func TestQuestionsAreGathered(t *testing.T) {
	clock := clocktesting.NewFakeClock(today)
	room := &machineRoom{ids: map[string]string{}}
	woken := make(chan waiter, 10)
	n := newInterfaces(room, "vpc", clock, quiet(), func(w waiter) { woken <- w })
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error)
	go func() { done <- n.Start(ctx) }()
	n.lookup("10.0.0.1", "a")
	for !clock.HasWaiters() {
		time.Sleep(time.Millisecond)
	}
	n.lookup("10.0.0.2", "b")
	clock.Step(interfaceGather)
	for range 2 {
		select {
		case <-woken:
		case <-time.After(10 * time.Second):
			t.Fatal("nobody is woken")
		}
	}
	cancel()
	if err := <-done; err != nil || len(room.calls) != 1 {
		t.Errorf("%v, %d calls", err, len(room.calls))
	}
}

func TestInterfacesOfTheVPC(t *testing.T) {
	room := &machineRoom{ids: map[string]string{"10.0.0.1": "eni-1", "10.0.0.2": "eni-2"}, other: map[string]string{"10.0.0.1": "eni-9"}}
	n := newInterfaces(room, "", clocktesting.NewFakeClock(today), quiet(), func(waiter) {})
	look := func(step string, want ...string) {
		t.Helper()
		n.round(context.Background())
		for i, address := range []string{"10.0.0.1", "10.0.0.2"} {
			if got := n.lookup(address, "me"); got.id != want[i] {
				t.Errorf("%s: %s is behind %q, want %q: %v", step, address, got.id, want[i], got.err)
			}
		}
	}
	look("the VPC is not known yet", "", "")
	if len(room.calls) != 0 {
		t.Errorf("asked %v", room.calls)
	}
	n.locate("")
	look("nobody knows it", "", "eni-2")
	if err := n.lookup("10.0.0.1", "me").err; err == nil {
		t.Error("no word of two interfaces")
	}
	n.locate("vpc-1")
	n.lookup("10.0.0.1", "me")
	n.lookup("10.0.0.2", "me")
	look("it is known", "eni-1", "eni-2")
	n.locate("")
	n.locate("vpc-2")
	if room.vpc != "vpc-1" || n.vpc != "vpc-1" {
		t.Errorf("asked in %s, will ask in %s", room.vpc, n.vpc)
	}
}

// Without --gateway-vpc the load balancer of the vSwitch says which VPC it is.
func TestTheVPCOfTheVSwitch(t *testing.T) {
	s := newScene(t, func(s *scene) {
		s.config.VPC = ""
		for _, ip := range []string{podIP(1), "10.240.9.1"} {
			s.elsewhere = append(s.elsewhere, mockecs.Instance{ID: "i-elsewhere-" + ip, IP: netip.MustParseAddr(ip), VPCID: "vpc-other"})
		}
	}).start()
	s.revision("a-1", 1, 2) // one that does not say where it is
	s.revision("b-1", 3, 3)
	other := onlyOutside(knative("b", "b-1=100"))
	s.apply(onlyOutside(knative("a", "a-1=100")), other)
	s.ready("a", "b")
	s.looks("internet", append(a(enis(1, 2, 100)), "http b.default.example.com -> eni-relay1:9000=100")...)
}

// A load balancer for the intranet that cannot be had stops only itself.
func TestTheInternetDoesNotWaitForTheIntranet(t *testing.T) {
	s := newScene(t, func(s *scene) {
		s.config.VPC = ""
		s.config.LoadBalancers = map[ingress.Visibility][]string{ingress.Intranet: {"lb-nobody"}}
	}).start()
	s.revision("a-1", 1, 2)
	s.apply(onlyOutside(knative("a", "a-1=100")))
	s.ready("a")
	s.looks("internet", a(enis(1, 2, 100))...)
}
