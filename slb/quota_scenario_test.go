package slb

import (
	"context"
	"fmt"
	"net/http/httptest"
	"net/netip"
	"runtime"
	"sync"
	"testing"
	"time"

	testclock "k8s.io/utils/clock/testing"

	"github.com/ebb-node/ebb/alicloud"
	mockclock "github.com/ebb-node/ebb/mockcloud/clock"
	"github.com/ebb-node/ebb/mockcloud/rpc"
	mock "github.com/ebb-node/ebb/mockcloud/slb"
)

// setWeights is the write that a crowded account runs out of first.
const setWeights = "SetVServerGroupAttribute"

// metered is a mock cloud that keeps the documented quotas, in a time that
// passes while somebody waits for it.
type metered struct {
	*testing.T
	clock *testclock.FakeClock
	front *rpc.Server
	url   string
}

func newMetered(t *testing.T) *metered {
	t.Helper()
	m := &metered{T: t, clock: testclock.NewFakeClock(time.Now())}
	k := mockclock.New(m.clock, 1)
	t.Cleanup(k.Close)
	product, err := mock.New(mock.Config{
		RegionID: "cn-hangzhou", VSwitches: []mock.VSwitch{{ID: "vsw-a", VPCID: "vpc-a", Zone: "cn-hangzhou-i"}},
		Intranet: netip.MustParsePrefix("10.9.0.0/24"), Internet: netip.MustParsePrefix("203.0.113.0/24"),
		Servers: mock.Servers{LookupENI: func(string, netip.Addr) bool { return true }},
		Quotas:  mock.DocumentedQuotas("cn-hangzhou"), Clock: k,
	})
	if err != nil {
		t.Fatal(err)
	}
	m.front = rpc.NewServer(rpc.Config{
		RegionID: "cn-hangzhou", Products: []rpc.Product{product.Product()}, Clock: m.clock,
		Credentials: []rpc.Credential{{AccessKeyID: "id", AccessKeySecret: "secret"}},
	})
	server := httptest.NewServer(m.front)
	t.Cleanup(server.Close)
	m.url = server.URL
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() { defer close(stopped); m.pass(stop) }()
	t.Cleanup(sync.OnceFunc(func() { close(stop); <-stopped }))
	return m
}

// pass moves the clock on whenever somebody waits for it.
func (m *metered) pass(stop <-chan struct{}) {
	for {
		select {
		case <-stop:
			return
		default:
		}
		if m.clock.HasWaiters() {
			m.clock.Step(50 * time.Millisecond)
		}
		runtime.Gosched()
	}
}

// client has buckets of its own, all full, as after a start. An unlimited one
// has none, and takes no for an answer.
func (m *metered) client(unlimited bool) *Client {
	m.Helper()
	key, err := alicloud.StaticKey("id", "secret", "")
	if err != nil {
		m.Fatal(err)
	}
	retry := alicloud.DefaultRetry()
	if unlimited {
		retry.Attempts = 1
	}
	c, err := alicloud.New(alicloud.Config{
		Region: "cn-hangzhou", Credentials: key, Clock: m.clock, Unlimited: unlimited, Retry: &retry,
		Endpoints: map[string]string{"slb": m.url},
	})
	if err != nil {
		m.Fatal(err)
	}
	return New(c)
}

// throttled is how often an action was refused so far.
func (m *metered) throttled(action string) int { return m.front.Counts()[action]["Throttling.User"] }

// fleet has groups of one pod each, with a weight.
func fleet(groups, weight int) Desired {
	d := Desired{Groups: []Group{{Key: "default"}}}
	l := Listener{Protocol: HTTP, Port: 80, Group: "default", RequestTimeout: 180, IdleTimeout: 60}
	for i := range groups {
		key := fmt.Sprint("app-", i)
		d.Groups = append(d.Groups, Group{Key: key, Members: pods(i, i+1, weight)})
		l.Rules = append(l.Rules, Rule{Domain: key + ".example.com", Group: key})
	}
	d.Listeners = []Listener{l}
	return d
}

// keep runs a Writer until the wish that it is given is done, and tells the
// state and how long that took.
func (m *metered) keep(c *Client, id string, d Desired) (State, time.Duration) {
	m.Helper()
	done := make(chan State, 1)
	w := NewWriter(WriterConfig{Client: c, Planner: testPlanner(), ID: id, Clock: m.clock, OnState: func(s State) {
		if s.Done {
			select {
			case done <- s:
			default:
			}
		}
	}})
	began := m.clock.Now()
	w.Want(d)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { _ = w.Run(ctx); close(ended) }()
	defer func() { cancel(); <-ended }()
	select {
	case s := <-done:
		return s, m.clock.Since(began)
	case <-time.After(20 * time.Second):
		m.Fatalf("the wish never comes; calls: %v", m.front.Counts())
		return State{}, 0
	}
}

func (m *metered) instance(c *Client) string {
	m.Helper()
	i, err := c.EnsureInstance(context.Background(), testOwner, InstanceSpec{Name: "ebb-public", AddressType: Internet})
	if err != nil {
		m.Fatal(err)
	}
	return i.ID
}

// TestFullSpeedStaysWithinTheQuota writes as fast as the client lets it, for
// more than three of the quota's minutes.
func TestFullSpeedStaysWithinTheQuota(t *testing.T) {
	m := newMetered(t)
	c := m.client(false)
	id := m.instance(c)
	state, _ := m.keep(c, id, fleet(1, 100))
	group := state.Actual.group("app-0").ID
	began := m.clock.Now()
	const calls = 300
	for range calls {
		if err := c.call(t.Context(), setWeights, params{"VServerGroupId": group, "BackendServers": membersText(pods(0, 1, 50), true)}, nil); err != nil {
			t.Fatal(err)
		}
	}
	took := m.clock.Since(began)
	t.Logf("%d calls took %v", calls, took)
	if n := m.throttled(setWeights); n > 0 {
		t.Errorf("%d calls were refused", n)
	}
	if most := 4 * time.Minute; took > most {
		t.Errorf("%d calls took %v, want at most %v: the client wastes its quota", calls, took, most)
	}
}

// TestAFreshBucketMeetsAUsedWindow starts ebb anew when the account's quota of
// a minute is gone: its calls are refused, repeated with growing pauses, and
// all of them arrive in the end.
func TestAFreshBucketMeetsAUsedWindow(t *testing.T) {
	m := newMetered(t)
	const groups = 30
	first := m.client(false)
	id := m.instance(first)
	state, _ := m.keep(first, id, fleet(groups, 100))
	group, others := state.Actual.group("app-0").ID, m.client(true)
	for m.throttled(setWeights) == 0 { // others of the account, without a limit of their own
		_ = others.cloud.Call(t.Context(), alicloud.Request{Product: product, Action: setWeights, Params: params{
			"RegionId": "cn-hangzhou", "VServerGroupId": group, "BackendServers": membersText(pods(0, 1, 100), true)}}, nil)
	}
	m.front.ResetCalls()
	state, took := m.keep(m.client(false), id, fleet(groups, 50))
	t.Logf("%d groups took %v; answers: %v", groups, took, m.front.Counts()[setWeights])
	if n := m.throttled(setWeights); n == 0 || n > groups {
		t.Errorf("%d calls were refused, want some, but no more than %d", n, groups)
	}
	if n := m.front.Counts()[setWeights][""]; n != groups {
		t.Errorf("%d calls succeeded, want %d", n, groups)
	}
	for i := range groups {
		if got := state.Actual.group(fmt.Sprint("app-", i)).Members; len(got) != 1 || got[0].Weight != 50 {
			t.Errorf("group %d has %v", i, got)
		}
	}
	// A minute until the window is free, then 30 calls at the limiter's pace
	// of 1.35 a second and the writer's last pause.
	if most := 2 * time.Minute; took > most {
		t.Errorf("it took %v, want at most %v", took, most)
	}
}
