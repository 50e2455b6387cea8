package slb

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	testclock "k8s.io/utils/clock/testing"
)

// refuseParam fails calls of an action while one of its parameters holds text.
func refuseParam(action, param, text, code string) func(string, map[string]string) (error, bool) {
	return func(a string, p map[string]string) (error, bool) {
		if a == action && strings.Contains(p[param], text) {
			return refusal(code), false
		}
		return nil, false
	}
}

func TestOneRefusedRuleKeepsNoOtherOutAndIsNotSentAgain(t *testing.T) {
	b := newBench(t)
	d := web("a.com", pods(0, 1, 100))
	for i := range 9 {
		d.Listeners[0].Rules = append(d.Listeners[0].Rules, Rule{Domain: fmt.Sprintf("h%d.com", i), Group: "app"})
	}
	b.cloud.fail = refuseParam("CreateRules", "RuleList", "h3.com", "DomainMalformed")
	_, state := b.apply(d)
	if len(state.Problems) != 1 || state.Problems[0].Object != RuleObject(port80, "h3.com", "") {
		t.Errorf("problems: %v", state.Problems)
	}
	if n := len(state.Actual.listener(port80).Rules); n != 9 {
		t.Errorf("%d rules, want 9", n)
	}
	if state.Rule(port80, "h3.com", "") == nil || state.Rule(port80, "h4.com", "") != nil {
		t.Errorf("h3: %v, h4: %v", state.Rule(port80, "h3.com", ""), state.Rule(port80, "h4.com", ""))
	}
	_, state = b.apply(d)
	if writes, calls := b.cloud.took(); writes != 0 || len(state.Problems) != 1 {
		t.Errorf("%d writes (%v) and problems %v at the second try", writes, calls, state.Problems)
	}
	// Changed, it is worth another try.
	d.Groups = append(d.Groups, Group{Key: "next", Members: pods(1, 2, 100)})
	d.Listeners[0].Rules[4].Group = "next"
	b.cloud.fail = nil
	if _, state = b.apply(d); !state.Done {
		t.Errorf("problems: %v", state.Problems)
	}
}

// TestNothingIsTakenAwayWhatHasNoReplacement fails what shall replace
// something, and checks that hosts stay served.
func TestNothingIsTakenAwayWhatHasNoReplacement(t *testing.T) {
	group := func(members []Member) Desired { return web("a.com", members) }
	moved := web("a.com", pods(0, 1, 0))
	moved.Groups = append(moved.Groups, Group{Key: "next", Members: pods(5, 6, 100)})
	moved.Listeners[0].Rules[0].Group = "next"
	wild := web("*.com", pods(0, 1, 100))
	secure := web("a.com", pods(0, 1, 100))
	secure.Certificates = testCertificates()[:1]
	secure.Listeners = []Listener{{Protocol: HTTPS, Port: 80, Group: "app", Certificate: secure.Certificates[0].Fingerprint()}}
	for name, c := range map[string]struct {
		before, after Desired
		fail          func(string, map[string]string) (error, bool)
	}{
		"all pods are replaced":   {group(pods(0, 3, 100)), group(pods(5, 8, 100)), refuseParam("AddVServerGroupBackendServers", "BackendServers", "eni", "ObtainIpFail")},
		"old pods drain":          {group(pods(0, 1, 100)), group(append(pods(0, 1, 0), pods(5, 8, 100)...)), refuseParam("AddVServerGroupBackendServers", "BackendServers", "eni", "ObtainIpFail")},
		"a rule moves to a group": {group(pods(0, 1, 100)), moved, refuseParam("CreateVServerGroup", "VServerGroupName", "next", "OverQuota")},
		"that has no members yet": {group(pods(0, 1, 100)), moved, func(a string, p map[string]string) (error, bool) {
			if strings.Contains(p["BackendServers"], "eni-5") {
				return refusal("ObtainIpFail"), false
			}
			return nil, false
		}},
		"a rule is not pointed":      {group(pods(0, 1, 100)), moved, refuseParam("SetRule", "RuleId", "", "RuleNotSupport")},
		"a rule is replaced":         {wild, group(pods(0, 1, 100)), refuseParam("CreateRules", "RuleList", "a.com", "TooManyRules")},
		"a listener becomes another": {group(pods(0, 1, 100)), secure, refuseParam("UploadServerCertificate", "ServerCertificateName", "", "OverQuota")},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			b.settle(c.before)
			q := request{80, "a.com", "/"}
			if !b.cloud.serves(q) {
				t.Fatal("not served before")
			}
			b.cloud.fail = c.fail
			b.cloud.after = func(action string) {
				if !b.cloud.serves(q) {
					t.Errorf("not served after %s", action)
				}
			}
			for range 2 { // what was refused for good is not tried the second time
				if _, state := b.apply(c.after); state.Done || len(state.Problems) == 0 {
					t.Errorf("nothing failed: %v", state.Problems)
				}
			}
			b.cloud.fail, b.parked = nil, newParking(testclock.NewFakeClock(time.Now()), 0)
			b.cloud.after = nil
			if state := b.settle(c.after); !state.Done {
				t.Errorf("not done when it can be: %v", state.Problems)
			}
		})
	}
}

func TestFullInstanceReplacesItsPods(t *testing.T) {
	b := newBench(t)
	b.settle(web("a.com", pods(0, 200, 100)))
	b.cloud.after = func(action string) {
		if !b.cloud.serves(request{80, "a.com", "/"}) {
			t.Errorf("not served after %s", action)
		}
	}
	b.settle(web("a.com", pods(200, 400, 100)))
	if len(b.cloud.refusals) > 0 {
		t.Error(b.cloud.refusals)
	}
}

// TestWritesPerChange are the bars of a gateway: nothing, a pod, 30 pods.
func TestWritesPerChange(t *testing.T) {
	split := func(a, b []Member) Desired { return web("a.com", append(a, b...)) }
	for name, c := range map[string]struct {
		before, after Desired
		most          int
	}{
		"nothing":                  {web("a.com", pods(0, 30, 100)), web("a.com", pods(0, 30, 100)), 0},
		"a pod more":               {web("a.com", pods(0, 30, 100)), web("a.com", pods(0, 31, 100)), 1},
		"a pod less":               {web("a.com", pods(0, 30, 100)), web("a.com", pods(1, 30, 100)), 1},
		"a pod more, weights move": {split(pods(0, 10, 50), pods(20, 30, 100)), split(pods(0, 10, 49), pods(20, 31, 99)), 2},
		"30 pods more":             {web("a.com", pods(0, 1, 100)), web("a.com", pods(0, 31, 100)), 2},
		"30 others, weights move":  {web("a.com", pods(0, 10, 100)), web("a.com", append(pods(0, 10, 50), pods(20, 50, 10)...)), 3},
		"30 pods leave for good":   {web("a.com", pods(0, 31, 100)), web("a.com", pods(30, 31, 100)), 2},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			b.settle(c.before)
			b.apply(c.after)
			if writes, calls := b.cloud.took(); writes > c.most {
				t.Errorf("%d writes, want at most %d: %v", writes, c.most, calls)
			}
		})
	}
}

func TestReadsAreFew(t *testing.T) {
	b := newBench(t)
	d := web("a.com", pods(0, 3, 100))
	for i := range 20 {
		key := fmt.Sprint("g", i)
		d.Groups = append(d.Groups, Group{Key: key, Members: pods(i, i+1, 100)})
		d.Listeners[0].Rules = append(d.Listeners[0].Rules, Rule{Domain: key + ".com", Group: key})
	}
	b.settle(d)
	b.cloud.took()
	b.read()
	if _, calls := b.cloud.took(); calls["DescribeRules"] != 1 || calls["DescribeVServerGroupAttribute"] != 22 || len(calls) != 6 {
		t.Errorf("a full read-back calls %v", calls)
	}
	d.Groups[1].Members = pods(0, 4, 100)
	b.apply(d)
	if _, calls := b.cloud.took(); calls["DescribeVServerGroupAttribute"] != 1 || len(calls) != 2 {
		t.Errorf("a pod more calls %v", calls)
	}
}

// writerBench is a Writer on a fakeCloud and a clock that stands still.
func writerBench(t *testing.T, cloud *fakeCloud) (*Writer, *testclock.FakeClock, chan State) {
	clock := testclock.NewFakeClock(time.Now())
	states := make(chan State, 100)
	w := NewWriter(WriterConfig{
		Client: &Client{cloud: cloud}, Planner: testPlanner(), ID: fakeID, Clock: clock, OnState: func(s State) { states <- s },
	})
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error)
	go func() { done <- w.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Errorf("Run: %v", err)
		}
	})
	return w, clock, states
}

// pass lets a Writer go on that waits for time to pass, until it tells a state.
func pass(t *testing.T, clock *testclock.FakeClock, d time.Duration, states chan State) State {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); runtime.Gosched() {
		select {
		case s := <-states:
			return s
		default:
		}
		if clock.HasWaiters() {
			clock.Step(d)
		}
	}
	t.Fatal("the writer tells nothing")
	return State{}
}

func TestNewestWishWins(t *testing.T) {
	cloud := newFakeCloud()
	first, second := web("a.com", pods(0, 60, 100)), web("b.com", pods(0, 1, 100))
	w, clock, states := writerBench(t, cloud)
	cloud.after = func(action string) {
		if action == "CreateVServerGroup" {
			w.Want(second)
		}
	}
	w.Want(first)
	var last State
	for last.Desired.Listeners == nil || last.Desired.Listeners[0].Rules[0].Domain != "b.com" || !last.Done {
		last = pass(t, clock, DefaultGather, states)
	}
	writes, calls := cloud.took()
	if calls["CreateRules"] != 1 || calls["AddVServerGroupBackendServers"] > 1 || writes > 7 {
		t.Errorf("the first wish was carried out too: %v", calls)
	}
}

func TestDeletesComeUnderSteadyChange(t *testing.T) {
	cloud := newFakeCloud()
	w, clock, states := writerBench(t, cloud)
	w.Want(web("a.com", pods(0, 1, 100)))
	for !pass(t, clock, DefaultGather, states).Done {
	}
	n := 0
	cloud.after = func(string) {
		n++
		w.Want(web("b.com", append(pods(0, 1, 100), pods(1, 2, n%100)...)))
	}
	w.Want(web("b.com", pods(0, 1, 100)))
	for i := 0; ; i++ {
		if s := pass(t, clock, DefaultGather, states); s.Actual.listener(port80).rule(match{"a.com", ""}) == nil {
			return
		}
		if i > 50 {
			t.Fatal("the old rule is never deleted")
		}
	}
}

func TestWriterWaitsLongerAfterEveryFailure(t *testing.T) {
	cloud := newFakeCloud()
	var tries atomic.Int32
	cloud.fail = func(action string, _ map[string]string) (error, bool) {
		if action != "CreateVServerGroup" {
			return nil, false
		}
		tries.Add(1)
		return refusal("ObtainIpFail"), false
	}
	w, clock, states := writerBench(t, cloud)
	w.Want(Desired{Groups: []Group{{Key: "app"}}})
	pass(t, clock, DefaultGather, states)
	const tick = time.Millisecond
	for i, pause := range []time.Duration{time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second, 16 * time.Second, 30 * time.Second} {
		for !clock.HasWaiters() {
			runtime.Gosched()
		}
		clock.Step(pause - 5*tick)
		if n := int(tries.Load()); n != i+1 {
			t.Fatalf("try %d came before %v", n, pause)
		}
		start := clock.Now()
		pass(t, clock, tick, states)
		if waited := clock.Since(start); waited > 10*tick {
			t.Errorf("try %d came %v late", i+2, waited-5*tick)
		}
	}
}

func TestGoneInstanceIsReported(t *testing.T) {
	cloud := newFakeCloud()
	w, clock, states := writerBench(t, cloud)
	w.Want(web("a.com", pods(0, 1, 100)))
	for !pass(t, clock, DefaultGather, states).Done {
	}
	cloud.mu.Lock()
	cloud.gone = true
	cloud.mu.Unlock()
	w.Want(web("a.com", pods(0, 2, 100)))
	s := pass(t, clock, DefaultGather, states)
	if !IsGone(s.Err) || !IsGone(s.Rule(port80, "a.com", "")) {
		t.Errorf("state: %v", s.Err)
	}
	if _, calls := cloud.took(); calls["CreateLoadBalancer"] != 0 {
		t.Error("it was replaced")
	}
}
