package simulate

import (
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/ebb-node/ebb/instancespecs"
	"github.com/ebb-node/ebb/reserve/decide"
	"github.com/ebb-node/ebb/reserve/simulate/cluster"
)

// Assumptions are what a simulation goes by beside the trace.
type Assumptions struct {
	Knative cluster.Knative
	// StandardStart and ReserveStart are how long a pod takes to become ready.
	StandardStart, ReserveStart time.Duration
	// Takes is how long a request takes of which the trace does not say, and CPU
	// how much of a vCPU it uses meanwhile.
	Takes time.Duration
	CPU   float64
	// StandardSpec and ReserveSpec are instance types or sizes, such as 2-4Gi.
	StandardSpec, ReserveSpec string
	Limits                    decide.Limits
}

// Defaults are Knative's configuration and a cold start of 25 s, within the 30 s
// that one on ECI is said to take at most, for the types of 2 vCPU and 4 GiB whose
// prices are known.
func Defaults() Assumptions {
	return Assumptions{
		Knative: cluster.DefaultKnative(), StandardStart: 25 * time.Second, ReserveStart: 25 * time.Second,
		Takes: 100 * time.Millisecond, CPU: 0.2,
		StandardSpec: "ecs.c5.large", ReserveSpec: "ecs.t5-lc1m2.large", Limits: decide.DefaultLimits(),
	}
}

// Strategy is a way to serve.
type Strategy string

// The strategies.
const (
	AlwaysOn    Strategy = "always on"     // min-scale 1
	ScaleToZero Strategy = "scale to zero" // as Knative is
	WithReserve Strategy = "reserve"
)

// Strategies are all of them.
func Strategies() []Strategy { return []Strategy{AlwaysOn, ScaleToZero, WithReserve} }

// Result is what a strategy has come to.
type Result struct {
	Strategy Strategy
	Sums     cluster.Sums
	Cost     instancespecs.Amount
	Switches int // of the reserve's state

	// LowestCredits is the least that a reserve pod had, and Throttled how long
	// one was held at its baseline. Burstable says whether there are credits.
	Burstable     bool
	LowestCredits float64
	Throttled     time.Duration

	// Points are the pods that ran, minute by minute.
	Points []Point
}

// Point is a moment of a simulation.
type Point struct {
	At                time.Duration
	Standard, Reserve int
	Requests          int // since the point before
}

// step is how finely time passes: a tenth of the shortest time that the autoscaler
// goes by.
const step = 200 * time.Millisecond

// origin is when every simulation begins; only differences matter.
var origin = time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)

// Run serves a trace with a strategy. The error names a spec without a price.
func Run(t *Trace, strategy Strategy, a Assumptions, market *instancespecs.Market) (*Result, error) {
	knative := a.Knative
	if strategy == AlwaysOn {
		knative.MinScale = 1
	}
	s := &simulation{
		Assumptions: a, trace: t, result: &Result{Strategy: strategy},
		ledgers: newLedgers(market.Catalogue(), a.ReserveSpec),
	}
	s.Cluster = cluster.New(cluster.Config{
		Start: origin, Knative: knative,
		StandardStart: cluster.Fixed(a.StandardStart), ReserveStart: cluster.Fixed(a.ReserveStart),
		DrainBound: 5 * time.Minute, Linger: 30 * time.Second, CreditsLow: s.ledgers.low,
		Rand: rand.New(rand.NewPCG(1, 1)),
	})
	s.run()
	return s.result, s.price(market.Prices())
}

// simulation is a run.
type simulation struct {
	Assumptions
	*cluster.Cluster
	trace   *Trace
	result  *Result
	ledgers *ledgers
	next    int // of the trace's arrivals
	state   decide.State
}

func (s *simulation) run() {
	end := origin.Add(s.trace.Length)
	for arrived := 0; s.Now().Before(end); {
		arrived += s.arrive()
		s.Step(step)
		if s.result.Strategy == WithReserve {
			s.decide()
		}
		if at := s.Now().Sub(origin); at%ledgerInterval == 0 {
			s.ledgers.book(s.Now(), s.Reserves(), s.CPU)
		}
		if at := s.Now().Sub(origin); at%time.Minute == 0 {
			standard, reserve := s.Running()
			s.result.Points = append(s.result.Points, Point{At: at, Standard: standard, Reserve: reserve, Requests: arrived})
			arrived = 0
		}
	}
	s.result.Sums = s.Sums
	s.ledgers.close(s.result)
}

// arrive adds the requests of the step that begins.
func (s *simulation) arrive() int {
	n := 0
	for ; s.next < len(s.trace.Arrivals) && s.trace.Arrivals[s.next].At < s.Now().Add(step).Sub(origin); s.next++ {
		takes := s.trace.Arrivals[s.next].Takes
		if takes == 0 {
			takes = s.Takes
		}
		s.Arrive(takes)
		n++
	}
	return n
}

func (s *simulation) decide() {
	s.Apply(decide.Decide(s.Observe(1), s.Limits))
	if state := s.Memory().State; state != s.state {
		s.state = state
		s.result.Switches++
	}
}

// price adds up what the pods cost.
func (s *simulation) price(book *instancespecs.PriceBook) error {
	standard, err := priceOf(s.StandardSpec, book)
	if err != nil {
		return err
	}
	s.result.Cost = standard.Cost(s.Sums.Standard)
	if s.result.Strategy != WithReserve {
		return nil
	}
	reserve, err := priceOf(s.ReserveSpec, book)
	if err != nil {
		return err
	}
	s.result.Cost, err = s.result.Cost.Plus(reserve.Cost(s.Sums.Reserve))
	return err
}

// errNoPrice is returned for a spec whose price is not known.
func errNoPrice(spec string) error {
	return fmt.Errorf("the price of %s is not known: give it with --prices, or name another spec", spec)
}
