package slb_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/ebb-node/ebb/mockcloud/rpc"
	mock "github.com/ebb-node/ebb/mockcloud/slb"
	"github.com/ebb-node/ebb/slb"
)

func TestChangesCostFewCalls(t *testing.T) {
	s := newScenario(t, mock.Latencies{})
	w := s.keep(owner, s.instance(owner).ID)
	w.reach(web("a.example.com", pods(0, 2, 100)))
	for _, c := range []struct {
		name    string
		members []slb.Member
		most    int
	}{
		{"nothing", pods(0, 2, 100), 0},
		{"a pod more", pods(0, 3, 100), 1},
		{"a pod leaves", append(pods(0, 2, 100), pods(2, 1, 0)...), 1},
		{"a pod has left", pods(0, 2, 100), 1},
		{"30 pods at once", pods(0, 32, 100), 2},
		{"all weights", pods(0, 32, 50), 2},
		{"30 pods leave", append(pods(0, 2, 50), pods(2, 30, 0)...), 2},
		{"30 pods have left", pods(0, 2, 50), 2},
		{"all pods are others", pods(100, 2, 50), 2},
	} {
		s.front.ResetCalls()
		w.reach(web("a.example.com", c.members))
		if n := s.writes(); n > c.most {
			t.Errorf("%s: %d writes, want at most %d: %v", c.name, n, c.most, s.front.Counts())
		}
	}
}

func TestLifeOfALoadBalancer(t *testing.T) {
	s := newScenario(t, mock.Latencies{})
	instance := s.instance(owner)
	w := s.keep(owner, instance.ID)
	certs := certificates()
	first, second := certs[0].Fingerprint(), certs[1].Fingerprint()
	d := web("a.example.com", pods(0, 25, 100))
	d.Certificates = certs[:2]
	d.Listeners = append(d.Listeners, slb.Listener{
		Protocol: slb.HTTPS, Port: 443, Group: "default", Certificate: first, RequestTimeout: 180,
		Extensions: []slb.Extension{{Domain: "b.example.com", Certificate: second}},
		Rules:      []slb.Rule{{Domain: "a.example.com", Group: "app"}, {Domain: "a.example.com", URL: "/api", Group: "default"}},
	})
	state := w.reach(d)
	for _, err := range []error{
		state.Rule(slb.Endpoint{Protocol: slb.HTTP, Port: 80}, "a.example.com", ""),
		state.Rule(slb.Endpoint{Protocol: slb.HTTPS, Port: 443}, "a.example.com", "/api"),
		state.Extension(443, "b.example.com"),
	} {
		if err != nil {
			t.Error(err)
		}
	}
	if state.Actual.Instance.Address != instance.Address || instance.Address == "" {
		t.Errorf("address %q, want %q", state.Actual.Instance.Address, instance.Address)
	}

	// A renewed certificate, and TLS only.
	d.Certificates = certs[2:3]
	d.Listeners = slices.Clone(d.Listeners[1:])
	d.Listeners[0].Certificate, d.Listeners[0].Extensions = certs[2].Fingerprint(), nil
	w.Want(d)
	state = w.until("the end of port 80", func(s slb.State) bool { return s.Done && len(s.Desired.Listeners) == 1 })
	if n := len(state.Actual.Certificates); n != 1 {
		t.Errorf("%d certificates, want the renewed one", n)
	}

	// Nothing of it stays.
	w.Want(slb.Desired{})
	state = w.until("the end", func(s slb.State) bool { return s.Done && len(s.Desired.Groups) == 0 })
	if len(state.Actual.Groups)+len(state.Actual.Listeners)+len(state.Actual.Certificates) != 0 {
		t.Errorf("left: %+v", state.Actual)
	}
}

func TestHealthChecksOfATCPListener(t *testing.T) {
	s := newScenario(t, mock.Latencies{})
	w := s.keep(owner, s.instance(owner).ID)
	d := slb.Desired{
		Groups:    []slb.Group{{Key: "relay", Members: pods(0, 1, 100)}},
		Listeners: []slb.Listener{{Protocol: slb.TCP, Port: 80, Group: "relay", Checked: true}},
	}
	state := w.reach(d)
	want := slb.ActualCheck{Type: "tcp", Interval: 2, Timeout: 2, Healthy: 3, Unhealthy: 3}
	if l := state.Actual.Listeners[0]; !l.HealthCheck || l.Check != want {
		t.Errorf("checks %v %+v, want %+v", l.HealthCheck, l.Check, want)
	}
	d.Listeners = []slb.Listener{{Protocol: slb.TCP, Port: 80, Group: "relay"}}
	w.Want(d)
	w.until("no checks", func(s slb.State) bool { return s.Done && !s.Actual.Listeners[0].HealthCheck })
	d.Listeners = []slb.Listener{{Protocol: slb.TCP, Port: 80, Group: "relay", Checked: true}}
	w.Want(d)
	w.until("checks again", func(s slb.State) bool { return s.Done && s.Actual.Listeners[0].HealthCheck })
}

func TestBusyInstanceIsWaitedFor(t *testing.T) {
	s := newScenario(t, mock.Latencies{Write: 3 * time.Millisecond, Configuring: 5 * time.Millisecond})
	w := s.keep(owner, s.instance(owner).ID)
	w.reach(web("a.example.com", pods(0, 45, 100)))
	refused := 0
	for _, codes := range s.front.Counts() {
		for code, n := range codes {
			if code != "" {
				refused += n
			}
		}
	}
	if refused == 0 {
		t.Error("the instance was never busy; the test shows nothing")
	}
}

// TestLostAnswers loses the answer of every kind of write once.
func TestLostAnswers(t *testing.T) {
	for _, action := range []string{
		"CreateVServerGroup", "AddVServerGroupBackendServers", "CreateLoadBalancerHTTPSListener", "StartLoadBalancerListener",
		"CreateRules", "UploadServerCertificate", "CreateDomainExtension", "DeleteVServerGroup", "DeleteRules", "DeleteServerCertificate",
		"DeleteLoadBalancerListener", "SetRule", "SetVServerGroupAttribute", "RemoveVServerGroupBackendServers",
	} {
		t.Run(action, func(t *testing.T) {
			t.Parallel()
			s := newScenario(t, mock.Latencies{})
			w := s.keep(owner, s.instance(owner).ID)
			s.fault(rpc.Fault{Action: action, Times: 1, Drop: true})
			certs := certificates()
			d := web("a.example.com", pods(0, 25, 100))
			d.Certificates = certs[:1]
			d.Listeners[0].Rules = append(d.Listeners[0].Rules, slb.Rule{Domain: "c.example.com", Group: "app"})
			d.Listeners = append(d.Listeners, slb.Listener{
				Protocol: slb.HTTPS, Port: 443, Group: "default", Certificate: certs[0].Fingerprint(),
				Extensions: []slb.Extension{{Domain: "b.example.com", Certificate: certs[0].Fingerprint()}},
				Rules:      []slb.Rule{{Domain: "a.example.com", Group: "app"}},
			})
			w.reach(d)
			d = web("b.example.com", pods(5, 5, 50))
			d.Groups = append(d.Groups, slb.Group{Key: "other", Members: pods(40, 2, 100)})
			d.Listeners[0].Rules = []slb.Rule{{Domain: "a.example.com", Group: "other"}}
			w.reach(d)
			w.Want(slb.Desired{})
			state := w.until("the end", func(s slb.State) bool { return s.Done && len(s.Desired.Groups) == 0 })
			if n := len(state.Actual.Groups) + len(state.Actual.Certificates); n != 0 {
				t.Errorf("%d groups and certificates are left", n)
			}
			if hits := s.front.Counts()[action]; len(hits) == 0 || len(s.front.Faults()) != 0 && s.front.Faults()[0].Hits == 0 {
				t.Errorf("no answer was lost: %v", hits)
			}
		})
	}
}

func TestOneBadPodKeepsNoOtherOut(t *testing.T) {
	s := newScenario(t, mock.Latencies{})
	s.down["eni-10.0.0.8"] = true
	w := s.keep(owner, s.instance(owner).ID)
	w.Want(web("a.example.com", pods(0, 20, 100)))
	state := w.until("19 pods", func(s slb.State) bool {
		return len(s.Problems) == 1 && s.Rule(slb.Endpoint{Protocol: slb.HTTP, Port: 80}, "a.example.com", "") == nil
	})
	if want := slb.MemberObject("app", pods(7, 1, 100)[0]); state.Problems[0].Object != want {
		t.Errorf("the problem is with %v, want %v", state.Problems[0].Object, want)
	}
}

func TestDriftIsRepairedAndForeignObjectsStay(t *testing.T) {
	s := newScenario(t, mock.Latencies{})
	instance := s.instance(owner)
	shared := slb.Owner{Prefix: "ebb", Cluster: "cluster-2", LoadBalancer: "public"}
	theirs := s.keep(shared, instance.ID)
	foreign := slb.Desired{
		Groups:    []slb.Group{{Key: "theirs", Members: pods(200, 2, 100)}},
		Listeners: []slb.Listener{{Protocol: slb.HTTP, Port: 8080, Group: "theirs", Rules: []slb.Rule{{Domain: "t.example.com", Group: "theirs"}}}},
	}
	theirs.reach(foreign)
	theirs.stop()

	w := s.keep(owner, instance.ID, func(c *slb.WriterConfig) { c.Interval = 20 * time.Millisecond })
	d := web("a.example.com", pods(0, 3, 100))
	w.reach(d)
	// The owner's other half deletes everything.
	meddler := s.keep(owner, instance.ID, func(c *slb.WriterConfig) { c.Interval = time.Hour })
	meddler.Want(slb.Desired{})
	meddler.until("the drift", func(s slb.State) bool { return len(s.Desired.Groups) == 0 })
	meddler.stop()
	for len(w.states) > 0 {
		<-w.states
	}
	state := w.until("the repair", func(s slb.State) bool {
		return s.Done && s.Rule(slb.Endpoint{Protocol: slb.HTTP, Port: 80}, "a.example.com", "") == nil
	})
	s.front.ResetCalls()
	for range 5 {
		w.until("a resync", func(s slb.State) bool { return s.Done })
	}
	if n := s.writes(); n != 0 {
		t.Errorf("%d writes for nothing", n)
	}
	planner := slb.Planner{Owner: shared, Limits: slb.DefaultLimits()}
	their, err := s.Read(context.Background(), shared, instance.ID)
	if err != nil {
		t.Fatal(err)
	}
	if plan := planner.Plan(foreign, their); len(plan.Steps) != 0 {
		t.Errorf("foreign objects changed: %v", plan.Steps)
	}
	for _, l := range state.Actual.Listeners {
		if l.Owned != (l.Port == 80) {
			t.Errorf("listener %d: owned %v", l.Port, l.Owned)
		}
	}
}

// TestSleepingInstanceIsWoken deletes the last listener, with which the load
// balancer itself stops.
func TestSleepingInstanceIsWoken(t *testing.T) {
	s := newScenario(t, mock.Latencies{})
	w := s.keep(owner, s.instance(owner).ID)
	w.reach(web("a.example.com", pods(0, 1, 100)))
	w.Want(slb.Desired{})
	asleep := w.until("no listener", func(s slb.State) bool { return s.Done && len(s.Actual.Listeners) == 0 })
	if status := asleep.Actual.Instance.Status; status != "inactive" {
		t.Fatalf("the load balancer is %s; the test shows nothing", status)
	}
	w.Want(web("a.example.com", pods(0, 1, 100)))
	awake := w.until("the rule", func(s slb.State) bool {
		return s.Rule(slb.Endpoint{Protocol: slb.HTTP, Port: 80}, "a.example.com", "") == nil
	})
	if status := awake.Actual.Instance.Status; status != "active" {
		t.Errorf("the rule is said to serve while the load balancer is %s", status)
	}
}

func TestInstanceIsAdoptedNeverReplaced(t *testing.T) {
	s := newScenario(t, mock.Latencies{})
	ctx := context.Background()
	first := s.instance(owner)
	if again := s.instance(owner); again.ID != first.ID {
		t.Fatalf("a second load balancer %s was made", again.ID)
	}
	if n := s.front.Counts()["CreateLoadBalancer"][""]; n != 1 {
		t.Errorf("%d creates, want 1", n)
	}
	other := s.instance(slb.Owner{Prefix: "ebb", Cluster: "cluster-1", LoadBalancer: "internal"})
	if other.ID == first.ID {
		t.Error("two load balancers share an instance")
	}
	w := s.keep(owner, first.ID, func(c *slb.WriterConfig) { c.Interval = 10 * time.Millisecond })
	w.reach(web("a.example.com", pods(0, 1, 100)))
	s.remove(first.ID)
	s.front.ResetCalls()
	state := w.until("the loss", func(s slb.State) bool { return slb.IsGone(s.Err) })
	if err := state.Rule(slb.Endpoint{Protocol: slb.HTTP, Port: 80}, "a.example.com", ""); !slb.IsGone(err) {
		t.Errorf("a rule of a load balancer that is gone: %v", err)
	}
	var gone *slb.GoneError
	_, err := s.EnsureInstance(ctx, owner, slb.InstanceSpec{Recorded: first.ID, Name: "ebb", AddressType: slb.Internet})
	if !errors.As(err, &gone) || gone.ID != first.ID {
		t.Errorf("a recorded load balancer that is gone: %v", err)
	}
	if n := s.writes(); n != 0 {
		t.Errorf("%d writes to a load balancer that is gone", n)
	}
}

func TestCreateIsNotRepeatedAfterALostAnswer(t *testing.T) {
	s := newScenario(t, mock.Latencies{})
	s.fault(rpc.Fault{Action: "CreateLoadBalancer", Times: 1, Drop: true})
	s.instance(owner)
	found, err := s.InstancesByTags(context.Background(), map[string]string{"ebb-load-balancer": "public"})
	if err != nil || len(found) != 1 {
		t.Errorf("%d load balancers, %v", len(found), err)
	}
}

func TestKeysAreNotLogged(t *testing.T) {
	s := newScenario(t, mock.Latencies{})
	w := s.keep(owner, s.instance(owner).ID)
	d := web("a.example.com", pods(0, 1, 100))
	d.Certificates = certificates()[:1]
	s.fault(rpc.Fault{Action: "UploadServerCertificate", Times: 1, Code: "KeyFormatError", Status: 400, Message: "bad key " + string(d.Certificates[0].Key)})
	d.Listeners[0].Protocol, d.Listeners[0].Port, d.Listeners[0].Certificate = slb.HTTPS, 443, d.Certificates[0].Fingerprint()
	w.Want(d)
	state := w.until("the refusal", func(s slb.State) bool { return len(s.Problems) > 0 })
	secret := string(d.Certificates[0].Key[40:80])
	for _, text := range []string{s.log.String(), state.Problems[0].Error()} {
		if contains(text, secret) {
			t.Error("the private key is told")
		}
	}
}
