package gateway

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	"k8s.io/apimachinery/pkg/types"
	"knative.dev/networking/pkg/apis/networking/v1alpha1"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/ebb-node/ebb/gateway/backend"
	"github.com/ebb-node/ebb/gateway/relay"
	"github.com/ebb-node/ebb/slb"
)

// What the benchmarks demand.
const (
	// programmed is how long a change of pods may take, p99, beside what the
	// API itself does: the mock answers at once.
	programmed = time.Second
	// thousandReady is how long a thousand Ingresses may take from a cold start.
	thousandReady = 30 * time.Second
	// ingressKiB is the heap that each of them may hold.
	ingressKiB = 10
)

// changeEvery is the pace of changes. A change of a Route's pods is a write of
// the same action on two load balancers, which share the account's 90 a minute:
// 60 of them a minute leave a third to others. The fastest that the quota
// allows is one every 1.33 s, and with the limiter's evenness every 1.48 s.
const changeEvery = 2 * time.Second

// BenchmarkProgramming changes the pods of one of 40 Routes every two seconds,
// under the documented rate limits, and measures how long it takes from the
// EndpointSlice to both load balancers. Each Route has a host on the internet
// and three in the cluster, so that those are on four load balancers.
func BenchmarkProgramming(b *testing.B) {
	const routes, changes = 40, 100
	s := newScene(b, func(s *scene) { s.limited = true }).start()
	var names []string
	for i := range routes {
		name := fmt.Sprint("h", i)
		names = append(names, name)
		s.revision(name, 3*i, 3*i+2)
		s.apply(knative(name, name+"=100"))
	}
	for _, name := range names {
		s.readyWithin(name, cold)
	}
	s.settled("internet", "intranet", "intranet-2", "intranet-3", "intranet-4")
	for b.Loop() {
		var took []time.Duration
		tick := time.NewTicker(changeEvery)
		for n := range changes {
			<-tick.C
			i := n % routes
			size := 3 - n/routes%2 // a pod more, then a pod less
			start := time.Now()
			s.revision(names[i], 3*i, 3*i+size)
			s.eventually("it is programmed", func() (string, string) { return s.serving(names[i]), fmt.Sprint([]int{size, size}) })
			took = append(took, time.Since(start))
		}
		tick.Stop()
		slices.Sort(took)
		p99 := took[len(took)*99/100]
		b.ReportMetric(took[len(took)/2].Seconds(), "s/median")
		b.ReportMetric(p99.Seconds(), "s/p99")
		if p99 > programmed {
			b.Errorf("p99 of programming is %v, want at most %v", p99, programmed)
		}
	}
}

// cold is how long the Routes may take to be ready at first: a vServer group
// for each on two load balancers is 80 of the 90 creations a minute, at the
// limiter's pace.
const cold = 3 * time.Minute

// readyWithin waits longer than a test would.
func (s *scene) readyWithin(name string, d time.Duration) {
	s.Helper()
	for deadline := time.Now().Add(d); !s.get(name).IsReady(); {
		if time.Now().After(deadline) {
			s.Fatalf("%s is not ready within %v: %v\n%s", name, d, s.get(name).Status.Conditions, tail(s.log.String()))
		}
		time.Sleep(10 * time.Millisecond) // between two looks
	}
}

// serving is how many members of a route's group get requests on each of its
// load balancers, as read back.
func (s *scene) serving(name string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.directory.routes[types.NamespacedName{Namespace: "default", Name: name}]
	var serving []int
	for _, v := range visibilities {
		n := 0
		for _, g := range s.directory.balancers[balancerKey{v, r.home(v).at}].state.Actual.Groups {
			if g.Key != r.pools[0].key {
				continue
			}
			for _, m := range g.Members {
				if m.Weight > 0 {
					n++
				}
			}
		}
		serving = append(serving, n)
	}
	return fmt.Sprint(serving)
}

// BenchmarkThousandIngresses makes them ready, then starts ebb anew and weighs
// what it holds for them: all of it, and by parts.
func BenchmarkThousandIngresses(b *testing.B) {
	const ingresses = 1000
	limits := slb.Limits{RulesPerListener: 5 * ingresses, ExtensionsPerListener: 3, BackendsPerInstance: 5 * ingresses, ListenersPerInstance: 50}
	for b.Loop() {
		s := newScene(b, func(s *scene) { s.config.Limits = &limits })
		var names []string
		for i := range ingresses {
			name := fmt.Sprint("service-", i)
			names = append(names, name)
			s.revision(name, i%machines, i%machines+1)
			s.apply(knative(name, name+"=100"))
		}
		started := time.Now()
		s.start()
		s.ready(names...)
		ready := time.Since(started)
		b.ReportMetric(ready.Seconds(), "s/cold")
		if ready > thousandReady {
			b.Errorf("%d Ingresses are ready after %v, want at most %v", ingresses, ready, thousandReady)
		}
		s.settled("internet", "intranet")
		s.stop()
		cached := s.weigh(func() func() {
			_, stop := s.startCaches()
			return stop
		})
		led := s.weigh(func() func() {
			s.cloud.ResetCalls()
			started = time.Now()
			s.start()
			s.settled("internet", "intranet")
			b.ReportMetric(time.Since(started).Seconds(), "s/restart")
			s.ready(names...)
			n, _ := s.writes()
			b.ReportMetric(float64(n), "writes/restart")
			return s.stop
		})
		total := s.weigh(func() func() {
			var r *relay.Relay
			s.start(s.addRelay(&r)).settled("internet", "intranet")
			s.ready(names...)
			s.eventually("the relay is open, and knows all Ingresses", func() (string, string) { return fmt.Sprint(r.Ready(nil)), "<nil>" })
			return s.stop
		})
		each := func(bytes int64) float64 { return float64(bytes) / 1024 / ingresses }
		b.ReportMetric(each(cached), "KiB/ingress-caches")
		b.ReportMetric(each(led-cached), "KiB/ingress-gateway")
		b.ReportMetric(each(total-led), "KiB/ingress-relay")
		b.ReportMetric(each(total), "KiB/ingress-total")
		if each(total) > ingressKiB {
			b.Errorf("each Ingress holds %.2f KiB, want at most %d", each(total), ingressKiB)
		}
	}
}

// weigh is the heap that goes when what was started ends. The mock cloud's
// memory of calls is not ebb's, and stays.
func (s *scene) weigh(start func() (stop func())) int64 {
	s.Helper()
	s.gateway = nil
	stop := start()
	s.cloud.ResetCalls()
	with := heap()
	stop()
	s.gateway = nil
	return with - heap()
}

// heap in use when all that can be collected is: what finalizers and pools
// hold takes some rounds.
func heap() int64 {
	for range 5 {
		runtime.GC()
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// startCaches runs a Manager's caches of all that the gateway watches, and
// nothing else.
func (s *scene) startCaches() (reader client.Reader, stop func()) {
	s.Helper()
	mgr := newManager(s.TB, s.cluster, s.config.Log)
	ctx, cancel := context.WithCancel(s.ctx)
	for _, o := range []client.Object{&v1alpha1.Ingress{}, &corev1.Service{}, &discoveryv1.EndpointSlice{}, podMetadata()} {
		if _, err := mgr.GetCache().GetInformer(ctx, o, cache.BlockUntilSynced(false)); err != nil {
			s.Fatal(err)
		}
	}
	done := make(chan error, 1)
	go func() { done <- mgr.Start(ctx) }()
	if !mgr.GetCache().WaitForCacheSync(ctx) {
		s.Fatal("the caches are not filled")
	}
	return mgr.GetCache(), func() { cancel(); <-done }
}

// relayPort is the first of ten that nothing else here listens on.
const relayPort = 29370

// addRelay adds the relay as ebb does when load balancers end TLS.
func (s *scene) addRelay(to **relay.Relay) func(ctrl.Manager, backend.Finder) error {
	return func(mgr ctrl.Manager, finder backend.Finder) (err error) {
		*to, err = relay.Add(mgr, relay.Config{
			Bind: "127.0.0.1", Port: relayPort, Finder: finder, Ledger: s.gateway.Ledger, Metrics: prometheus.NewRegistry(), Log: s.config.Log,
		})
		return err
	}
}
