package decide_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/ebb-node/ebb/reserve/decide"
	"github.com/ebb-node/ebb/reserve/simulate/cluster"
)

// step is how finely time passes: faster than pods and the autoscaler's ticks,
// slower than endpoints and labels follow (15 to 80 ms, measured).
const step = 100 * time.Millisecond

// run drives the decisions against a model of Knative, as late and as rarely as a
// controller's may be.
type run struct {
	*testing.T
	*cluster.Cluster
	rand     *rand.Rand
	replicas int

	late    []lateDecision
	lastArr time.Time
	changes int // of state
	state   decide.State
}

type lateDecision struct {
	at time.Time
	decide.Decision
}

func newRun(t *testing.T, seed uint64, knative cluster.Knative) *run {
	random := rand.New(rand.NewPCG(seed, 1))
	c := cluster.New(cluster.Config{
		Start: now, Knative: knative, Direct: random.IntN(2) == 0, DrainBound: 30 * time.Second, Rand: random,
		StandardStart: cluster.Between(time.Second, 20*time.Second),
		ReserveStart:  cluster.Between(time.Second, time.Minute),
		GateLag:       time.Duration(random.IntN(60)) * time.Second,
	})
	return &run{T: t, Cluster: c, rand: random, replicas: 1 + random.IntN(2)}
}

// pass lets time pass with so many requests a second, each taking up to a bound.
func (r *run) pass(d time.Duration, rate float64, longest time.Duration) {
	for end := r.Now().Add(d); r.Now().Before(end); {
		for range r.arrivals(rate) {
			r.lastArr = r.Now()
			r.Arrive(time.Millisecond + time.Duration(r.rand.Int64N(int64(longest))))
		}
		r.Step(step)
		r.control()
		r.watch()
	}
}

func (r *run) arrivals(rate float64) int {
	n := 0
	for mean := rate * step.Seconds(); r.rand.ExpFloat64() < mean; mean-- {
		n++
	}
	return n
}

// control decides now and then, and applies what was decided up to 300 ms ago.
func (r *run) control() {
	for len(r.late) > 0 && !r.late[0].at.After(r.Now()) {
		r.Apply(r.late[0].Decision)
		r.late = r.late[1:]
	}
	if !r.Faults.Away && len(r.late) == 0 {
		delay := time.Duration(r.rand.IntN(4)) * step
		r.late = append(r.late, lateDecision{r.Now().Add(delay), decide.Decide(r.Observe(r.replicas), limits)})
	}
	if s := r.Memory().State; s != r.state {
		r.state, r.changes = s, r.changes+1
	}
}

// watch checks what holds at every moment.
func (r *run) watch() {
	if n := r.Counted(); n > 1 {
		r.Fatalf("%v: the autoscaler counts %d reserve pods", r.Now().Sub(now), n)
	}
	if n := r.ReservePods(); n > 2*r.replicas+1 {
		r.Fatalf("%v: %d reserve pods for %d that are wanted", r.Now().Sub(now), n, r.replicas)
	}
}

// traffic is a time of load of any kind, and one without.
func (r *run) traffic() {
	rate := []float64{0.05, 1, 20}[r.rand.IntN(3)]
	longest := []time.Duration{10 * time.Millisecond, time.Second, 20 * time.Second}[r.rand.IntN(3)]
	r.pass(time.Duration(1+r.rand.IntN(90))*time.Second, rate, longest)
	r.pass(time.Duration(r.rand.IntN(150))*time.Second, 0, 1)
}

// calm checks that ten minutes without a request find a reserve, and change
// nothing.
func (r *run) calm(settle time.Duration) {
	r.Helper()
	r.pass(settle, 0, 1)
	if r.state != decide.Reserved {
		r.Fatalf("%v after the last request the state is %v", r.Now().Sub(r.lastArr), r.state)
	}
	before, changes := r.Sums, r.changes
	r.pass(10*time.Minute, 0, 1)
	if r.changes != changes {
		r.Errorf("%d changes of state in ten idle minutes", r.changes-changes)
	}
	if r.Sums.Standard != before.Standard {
		r.Errorf("a standard pod ran for %v in ten idle minutes", r.Sums.Standard-before.Standard)
	}
	if got, want := r.Sums.Reserve-before.Reserve, 10*time.Minute*time.Duration(r.replicas); got != want {
		r.Errorf("reserve pods ran for %v in ten idle minutes; want %v", got, want)
	}
}

// flawless checks that nobody ever had to wait.
func (r *run) flawless() {
	r.Helper()
	if s := r.Sums; s.Lost > 0 || s.Gap > 0 || s.LongestWait > 0 {
		r.Errorf("of %d requests %d were lost and %d waited, up to %v; no pod was ready for %v; want none",
			s.Requests, s.Lost, s.Late, s.LongestWait, s.Gap)
	}
}

var configurations = map[string]cluster.Knative{"default": cluster.DefaultKnative(), "short": cluster.ShortKnative()}

// seeds are how many random courses each test runs.
const seeds = 12

func courses(t *testing.T, course func(*run)) { someCourses(t, seeds, course) }

// someCourses is for long courses.
func someCourses(t *testing.T, seeds uint64, course func(*run)) {
	for name, knative := range configurations {
		for seed := range seeds {
			t.Run(fmt.Sprintf("%s/%d", name, seed), func(t *testing.T) {
				t.Parallel()
				r := newRun(t, seed, knative)
				r.pass(2*time.Minute, 1, time.Second) // the first pod starts, the gate closes
				r.Sums = cluster.Sums{}
				course(r)
			})
		}
	}
}

func TestNeverWithoutAPod(t *testing.T) {
	courses(t, func(r *run) {
		for range 8 {
			r.traffic()
		}
		r.calm(5 * time.Minute)
		r.flawless()
	})
}

// TestRestarts stops ebb at any moment, for up to two minutes.
func TestRestarts(t *testing.T) {
	courses(t, func(r *run) {
		for range 8 {
			r.Faults.Away = true
			r.pass(time.Duration(r.rand.IntN(120))*time.Second, 0, 1)
			r.Faults.Away = r.rand.IntN(2) == 0
			r.traffic()
			r.Faults.Away = false
			r.pass(time.Duration(r.rand.IntN(30))*time.Second, 1, time.Second)
		}
		r.calm(5 * time.Minute)
		if r.Sums.Lost > 0 {
			r.Errorf("%d requests were lost", r.Sums.Lost)
		}
	})
}

// TestTroubleEnds lets everything go wrong, and then nothing any more.
func TestTroubleEnds(t *testing.T) {
	courses(t, func(r *run) {
		for range 12 {
			switch r.rand.IntN(7) {
			case 0:
				r.Faults.Refused = "NoStock"
			case 1:
				r.Faults.StandardBroken = true
			case 2:
				r.Faults.Unreported = true
			case 3:
				r.EndReserve()
			case 4:
				r.RestartReserve()
			case 5:
				r.ExpireReserve()
			case 6:
				r.Faults.Silent = true
			}
			r.traffic()
			if r.rand.IntN(2) == 0 {
				r.Faults = cluster.Faults{}
			}
		}
		r.Faults = cluster.Faults{}
		r.traffic()
		r.calm(limits.RetryMost + 20*time.Minute)
		before := r.Sums
		for range 4 {
			r.traffic()
		}
		if r.Sums.Gap != before.Gap || r.Sums.Lost != before.Lost {
			r.Errorf("after the trouble: %v without a pod, %d requests lost", r.Sums.Gap-before.Gap, r.Sums.Lost-before.Lost)
		}
	})
}

// TestStandingTroubleIsTriedSeldom has trouble with all new reserve pods that does
// not end, beside a pod that stands ready, or alone: another one is tried as seldom
// as after failures in a row.
func TestStandingTroubleIsTriedSeldom(t *testing.T) {
	for name, faults := range map[string]cluster.Faults{"refused": {Refused: "NoStock"}, "restarting": {Restarting: true}} {
		t.Run(name, func(t *testing.T) {
			someCourses(t, 2, func(r *run) {
				r.calm(10 * time.Minute)
				r.Faults = faults
				r.EndReserve()
				r.pass(time.Minute, 0, 1) // the first failure
				before := r.Sums.Reserves
				r.pass(time.Hour, 0, 1)
				// After 1, 2, 4, 8, 16 and 30 minutes, as many as are missing.
				if got, most := r.Sums.Reserves-before, 6*r.replicas; got > most {
					r.Errorf("%d reserve pods were made in an hour, want at most %d", got, most)
				}
			})
		})
	}
}

// TestRestartingApplication has an application that restarts once whenever it
// starts: its reserve stands all the same, and does not grow.
func TestRestartingApplication(t *testing.T) {
	someCourses(t, 4, func(r *run) {
		r.Faults.Restarting = true
		for range 4 {
			r.traffic()
			r.pass(5*time.Minute, 0, 1)
			if o := r.Observe(r.replicas); r.state != decide.Reserved || o.Standard.Replicas != 0 {
				r.Fatalf("after 5 minutes without traffic: %d standard pods are wanted, state %v", o.Standard.Replicas, r.state)
			}
		}
		r.pass(time.Hour, 0, 1)
		if got, most := r.ReservePods(), 2*r.replicas; got > most {
			r.Errorf("%d reserve pods, want at most %d", got, most)
		}
		r.flawless()
	})
}

// TestExpiringReserveIsReplaced announces that the reserve will be reclaimed, and
// does so three minutes later.
func TestExpiringReserveIsReplaced(t *testing.T) {
	courses(t, func(r *run) {
		r.traffic()
		r.calm(5 * time.Minute)
		if !r.ExpireReserve() {
			r.Fatal("there is no reserve")
		}
		r.pass(3*time.Minute, float64(r.rand.IntN(2))/5, time.Second)
		r.Reclaim()
		r.pass(5*time.Minute, 0, 1)
		r.flawless()
	})
}

// TestLabelsDoNotPin never lets the autoscaler be told of anything.
func TestLabelsDoNotPin(t *testing.T) {
	courses(t, func(r *run) {
		r.Faults.Unreported = true
		for range 8 {
			r.traffic()
		}
		r.calm(5 * time.Minute)
		r.flawless()
	})
}

// TestSilentAutoscaler takes the autoscaler away from a revision that sleeps: the
// first standard pod comes all the same, and nobody has to wait when it is back.
func TestSilentAutoscaler(t *testing.T) {
	courses(t, func(r *run) {
		for range 4 {
			r.calm(5 * time.Minute)
			r.Faults.Silent = true
			r.pass(3*time.Second, 20, 100*time.Millisecond)
			if o := r.Observe(r.replicas); o.Standard.Replicas != 1 {
				r.Errorf("after 3 s of load %d standard pods are wanted", o.Standard.Replicas)
			}
			r.pass(time.Duration(r.rand.IntN(90))*time.Second, 5, 100*time.Millisecond)
			r.Faults.Silent = false
			r.traffic()
		}
		r.calm(5 * time.Minute)
		r.flawless()
	})
}

// TestLoadOnTheReserveIsAnswered lets a load balancer send requests past the
// activator: standard pods come all the same, by reports or by the label.
func TestLoadOnTheReserveIsAnswered(t *testing.T) {
	for name, faults := range map[string]cluster.Faults{"reports": {}, "labels": {Unreported: true}} {
		t.Run(name, func(t *testing.T) {
			courses(t, func(r *run) {
				r.Direct = true
				r.Faults = faults
				r.calm(5 * time.Minute)
				r.pass(time.Minute, 5, 100*time.Millisecond)
				if o := r.Observe(r.replicas); o.Standard.Ready == 0 || r.state != decide.Active && r.state != decide.Handover {
					r.Errorf("after a minute of load: %d standard pods ready, state %v", o.Standard.Ready, r.state)
				}
				r.flawless()
			})
		})
	}
}
