package slb_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ebb-node/ebb/alicloud"
	"github.com/ebb-node/ebb/mockcloud/clock"
	"github.com/ebb-node/ebb/mockcloud/rpc"
	mock "github.com/ebb-node/ebb/mockcloud/slb"
	"github.com/ebb-node/ebb/slb"
	"github.com/sirupsen/logrus"
)

// patience bounds how long a test waits for what must come.
const patience = 20 * time.Second

var owner = slb.Owner{Prefix: "ebb", Cluster: "cluster-1", LoadBalancer: "public"}

// scenario is a client of a mock cloud over HTTP.
type scenario struct {
	*testing.T
	*slb.Client
	cloud *alicloud.Client // that of Client
	front *rpc.Server
	log   *lockedBuffer // everything that client and writer log
	down  map[string]bool
}

type lockedBuffer struct {
	mu sync.Mutex
	b  strings.Builder
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func newScenario(t *testing.T, latencies mock.Latencies, quotas ...func(*mock.Quotas)) *scenario {
	t.Helper()
	k := clock.New(nil, 1)
	t.Cleanup(k.Close)
	s := &scenario{T: t, log: &lockedBuffer{}, down: map[string]bool{}}
	limits := mock.DocumentedQuotas("cn-hangzhou")
	for _, change := range quotas {
		change(&limits)
	}
	product, err := mock.New(mock.Config{
		RegionID: "cn-hangzhou", VSwitches: []mock.VSwitch{{ID: "vsw-a", VPCID: "vpc-a", Zone: "cn-hangzhou-i"}},
		Intranet: netip.MustParsePrefix("10.9.0.0/24"), Internet: netip.MustParsePrefix("203.0.113.0/24"),
		Servers: mock.Servers{LookupENI: func(id string, ip netip.Addr) bool { return id == "eni-"+ip.String() && !s.down[id] }},
		Quotas:  limits, Latencies: latencies, Clock: k,
	})
	if err != nil {
		t.Fatal(err)
	}
	s.front = rpc.NewServer(rpc.Config{
		RegionID: "cn-hangzhou", Products: []rpc.Product{product.Product()}, QuotasLifted: true,
		Credentials: []rpc.Credential{{AccessKeyID: "id", AccessKeySecret: "secret"}},
	})
	server := httptest.NewServer(s.front)
	t.Cleanup(server.Close)
	s.cloud = s.client(server.URL)
	s.Client = slb.New(s.cloud)
	return s
}

func (s *scenario) client(url string) *alicloud.Client {
	s.Helper()
	credentials, err := alicloud.StaticKey("id", "secret", "")
	if err != nil {
		s.Fatal(err)
	}
	c, err := alicloud.New(alicloud.Config{
		Region: "cn-hangzhou", Credentials: credentials, Logger: s.logger(), Unlimited: true,
		Endpoints: map[string]string{"slb": url},
		Retry:     &alicloud.RetryPolicy{Attempts: 10, Base: time.Millisecond, ThrottleBase: time.Millisecond, Cap: 20 * time.Millisecond},
	})
	if err != nil {
		s.Fatal(err)
	}
	return c
}

func (s *scenario) logger() logrus.FieldLogger {
	log := logrus.New()
	log.SetOutput(s.log)
	log.SetLevel(logrus.TraceLevel)
	return log
}

// instance makes the load balancer.
func (s *scenario) instance(o slb.Owner) slb.Instance {
	s.Helper()
	i, err := s.EnsureInstance(context.Background(), o, slb.InstanceSpec{Name: "ebb-" + o.LoadBalancer, AddressType: slb.Internet})
	if err != nil {
		s.Fatal(err)
	}
	return i
}

// remove deletes a load balancer, as its user may.
func (s *scenario) remove(id string) {
	s.Helper()
	product := &alicloud.Product{Name: "Slb", Version: "2014-05-15"}
	r := alicloud.Request{Product: product, Action: "DeleteLoadBalancer", Params: map[string]string{"RegionId": "cn-hangzhou", "LoadBalancerId": id}}
	if err := s.cloud.Call(context.Background(), r, nil); err != nil {
		s.Fatal(err)
	}
}

// fault makes something go wrong in the cloud.
func (s *scenario) fault(f rpc.Fault) {
	s.Helper()
	if _, err := s.front.AddFault(f); err != nil {
		s.Fatal(err)
	}
}

// writes counts the successful and refused writes since the last reset.
func (s *scenario) writes() (n int) {
	for action, codes := range s.front.Counts() {
		if strings.HasPrefix(action, "Describe") {
			continue
		}
		for _, count := range codes {
			n += count
		}
	}
	return n
}

// kept is a running Writer whose states a test can wait for.
type kept struct {
	*slb.Writer
	s      *scenario
	states chan slb.State
	stop   func()
}

func (s *scenario) keep(o slb.Owner, id string, change ...func(*slb.WriterConfig)) *kept {
	k := &kept{s: s, states: make(chan slb.State, 1000)}
	cfg := slb.WriterConfig{
		Client: s.Client, Planner: slb.Planner{Owner: o, Limits: slb.DefaultLimits()}, ID: id, Logger: s.logger(),
		Gather: time.Millisecond, OnState: func(state slb.State) { k.states <- state },
	}
	for _, f := range change {
		f(&cfg)
	}
	k.Writer = slb.NewWriter(cfg)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { _ = k.Run(ctx); close(done) }()
	k.stop = func() { cancel(); <-done }
	s.Cleanup(k.stop)
	return k
}

// until waits for a state.
func (k *kept) until(what string, wanted func(slb.State) bool) slb.State {
	k.s.Helper()
	deadline := time.After(patience)
	var last slb.State
	for {
		select {
		case last = <-k.states:
			if wanted(last) {
				return last
			}
		case <-deadline:
			k.s.Fatalf("%s never comes; problems: %v, error: %v\n%s", what, last.Problems, last.Err, k.s.log)
		}
	}
}

// reach wants something and waits until it is there.
func (k *kept) reach(d slb.Desired) slb.State {
	k.s.Helper()
	k.Want(d)
	return k.until("the wish", func(s slb.State) bool {
		return s.Done && len(s.Desired.Groups) == len(d.Groups) && sameMembers(s.Desired, d)
	})
}

func sameMembers(x, y slb.Desired) bool { return fmt.Sprint(x.Groups) == fmt.Sprint(y.Groups) }

// pods are n members from the first address on.
func pods(first, n, weight int) []slb.Member {
	var out []slb.Member
	for i := first; i < first+n; i++ {
		ip := fmt.Sprintf("10.0.%d.%d", i/250, i%250+1)
		out = append(out, slb.Member{ServerID: "eni-" + ip, IP: ip, Port: 8012, Weight: weight})
	}
	return out
}

func web(host string, members []slb.Member) slb.Desired {
	return slb.Desired{
		Groups: []slb.Group{{Key: "default"}, {Key: "app", Members: members}},
		Listeners: []slb.Listener{{
			Protocol: slb.HTTP, Port: 80, Group: "default", RequestTimeout: 180, IdleTimeout: 60,
			Rules: []slb.Rule{{Domain: host, Group: "app"}},
		}},
	}
}
