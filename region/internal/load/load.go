package load

import (
	"context"
	"net/http"
	"time"

	vegeta "github.com/tsenart/vegeta/v12/lib"
)

// timeout of a request. It is that of the mock load balancer's slowest answer,
// so that a request that hangs is seen as what the load balancer makes of it.
const timeout = 180 * time.Second

// Target is what is asked.
type Target struct {
	URL  string // http://10.98.0.1/path?query
	Host string // the Host header; empty: that of the URL
}

// Shape is how it is asked. Exactly one of the first two is set.
type Shape struct {
	// PerSecond requests are sent, whatever happens to them.
	PerSecond int
	// InFlight requests are kept up: each answer lets the next one go.
	InFlight int
	// Requests answered are enough; those in flight then are answered and counted,
	// too. Zero: only Stop ends it.
	Requests int
}

// Run is a load that goes on.
type Run struct {
	attacker *vegeta.Attacker
	done     chan struct{}
	report   Report
}

// Start sends requests through a client until Stop is called or ctx is over.
func Start(ctx context.Context, client *http.Client, target Target, shape Shape) *Run {
	options := []func(*vegeta.Attacker){vegeta.Client(client), vegeta.Timeout(timeout), vegeta.Redirects(vegeta.NoFollow)}
	pace := vegeta.Rate{Freq: shape.PerSecond, Per: time.Second}
	if shape.InFlight > 0 {
		options = append(options, vegeta.Workers(uint64(shape.InFlight)), vegeta.MaxWorkers(uint64(shape.InFlight)))
	}
	r := &Run{attacker: vegeta.NewAttacker(options...), done: make(chan struct{})}
	results := r.attacker.Attack(target.next, pace, 0, "")
	go func() {
		defer close(r.done)
		for result := range results {
			r.report.add(result)
			if r.report.Requests == shape.Requests {
				r.attacker.Stop()
			}
		}
	}()
	context.AfterFunc(ctx, func() { r.attacker.Stop() })
	return r
}

// next fills in a request.
func (t Target) next(to *vegeta.Target) error {
	to.Method, to.URL = http.MethodGet, t.URL
	if t.Host != "" {
		to.Header = http.Header{"Host": {t.Host}}
	}
	return nil
}

// Stop sends no more, waits for the answers to come, and tells of all.
func (r *Run) Stop() Report {
	r.attacker.Stop()
	<-r.done
	return r.report
}

// Wait until enough requests were sent and answered, and tell of all.
func (r *Run) Wait() Report {
	<-r.done
	return r.report
}

// For runs a load for a time.
func For(ctx context.Context, d time.Duration, client *http.Client, target Target, shape Shape) Report {
	r := Start(ctx, client, target, shape)
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
	return r.Stop()
}
