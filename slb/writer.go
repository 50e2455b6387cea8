package slb

import (
	"context"
	"errors"
	"io"
	"slices"
	"sync"
	"time"

	"github.com/sirupsen/logrus"
	"k8s.io/utils/clock"
)

// WriterConfig says which load balancer a Writer keeps, and how.
type WriterConfig struct {
	Client  *Client
	Planner Planner
	// ID of the load balancer, from EnsureInstance.
	ID string
	// Interval between full read-backs. Default DefaultInterval.
	Interval time.Duration
	// Gather is how long a change waits for others. Default DefaultGather.
	Gather time.Duration
	// OnState is told what has come of the newest wish, after every read-back,
	// one call at a time. It must not wait.
	OnState func(State)
	// Logger gets a line for every write. Default: none.
	Logger logrus.FieldLogger
	// Clock is for tests.
	Clock clock.Clock
}

const (
	// DefaultInterval lets a full load balancer, 40 groups with a call each, use
	// a quarter of the 90 calls a minute that are sure to be allowed.
	DefaultInterval = 2 * time.Minute
	// DefaultGather makes one call of what a burst of pods changes. Endpoints
	// of pods that start together come in within about 100 ms; half a second of
	// the second that a change may take remains for the calls.
	DefaultGather = 200 * time.Millisecond
	// retryFirst and retryLast bound the pause after a failure, which doubles.
	// Others in the field wait 3 s and more for busy instances; the calls
	// themselves have been repeated for seconds before.
	retryFirst = time.Second
	retryLast  = 30 * time.Second
	// patience is how many rounds in a row a newer wish may cut short, since
	// deletes come last and would never come under steady change; and how many
	// may follow each other at once when one leaves something to do.
	patience = 4
)

// Writer is the one writer of a load balancer: the service refuses writes that
// overlap. It works on the newest wish and reads back what it wrote.
type Writer struct {
	cfg    WriterConfig
	parked *parking

	mu      sync.Mutex
	desired *Desired
	version int
	changed chan struct{}
}

// NewWriter makes a Writer; nothing is sent before Run.
func NewWriter(cfg WriterConfig) *Writer {
	if cfg.Interval == 0 {
		cfg.Interval = DefaultInterval
	}
	if cfg.Gather == 0 {
		cfg.Gather = DefaultGather
	}
	if cfg.Clock == nil {
		cfg.Clock = clock.RealClock{}
	}
	if cfg.OnState == nil {
		cfg.OnState = func(State) {}
	}
	if cfg.Logger == nil {
		quiet := logrus.New()
		quiet.SetOutput(io.Discard)
		cfg.Logger = quiet
	}
	cfg.Logger = cfg.Logger.WithField("loadBalancer", cfg.ID)
	return &Writer{cfg: cfg, parked: newParking(cfg.Clock, cfg.Interval), changed: make(chan struct{}, 1)}
}

// Want replaces the wish. It does not wait; a wish that was not reached yet is
// forgotten. The value must not be changed afterwards.
func (w *Writer) Want(d Desired) {
	w.mu.Lock()
	w.desired = &d
	w.version++
	w.mu.Unlock()
	select {
	case w.changed <- struct{}{}:
	default: // it is told already
	}
}

func (w *Writer) newest() (*Desired, int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.desired, w.version
}

// Run works until ctx ends, and returns its error. A load balancer that is
// gone is reported with every interval, in case it is restored.
func (w *Writer) Run(ctx context.Context) error {
	if err := w.sleep(ctx, nil); err != nil {
		return err
	}
	s := &session{Writer: w}
	for {
		pause := s.round(ctx)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if pause == 0 {
			continue
		}
		timer := w.cfg.Clock.NewTimer(pause)
		err := w.sleep(ctx, timer.C())
		timer.Stop()
		if err != nil {
			return err
		}
	}
}

// sleep until a timer or until the wish changes, and then for others that come
// with it.
func (w *Writer) sleep(ctx context.Context, timer <-chan time.Time) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer:
		return nil
	case <-w.changed:
	}
	gather := w.cfg.Clock.NewTimer(w.cfg.Gather)
	defer gather.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-gather.C():
	}
	select {
	case <-w.changed: // the newest wish is taken anyway
	default:
	}
	return nil
}

// session is what a running Writer knows.
type session struct {
	*Writer
	actual   *Actual // nil: to be read
	read     time.Time
	failures int // rounds in a row that failed
	cut      int // rounds in a row that a newer wish cut short
}

// round reads if it is time to, carries out one plan, reads back, and returns
// how long there is nothing to do; 0 is to go on.
func (s *session) round(ctx context.Context) time.Duration {
	now := s.cfg.Clock.Now()
	if s.actual == nil || now.Sub(s.read) >= s.cfg.Interval {
		a, err := s.cfg.Client.Read(ctx, s.cfg.Planner.Owner, s.cfg.ID)
		if err != nil {
			return s.lost(ctx, err)
		}
		desired, _ := s.newest()
		a.share(*desired)
		s.actual, s.read = &a, now
		s.parked.sweep()
	}
	desired, version := s.newest()
	plan := s.cfg.Planner.Plan(*desired, *s.actual)
	r := s.begin(*desired)
	whole := r.steps(ctx, plan.Steps, func() bool {
		_, newest := s.newest()
		return newest != version && s.cut < patience
	})
	if err := s.finish(ctx, r, *desired, len(plan.Steps)); err != nil {
		return s.lost(ctx, err)
	}
	state := newState(s.cfg.Planner, *desired, *s.actual, r.failed)
	s.cfg.OnState(state)
	return s.next(&state, r, whole)
}

func (s *session) begin(d Desired) *run {
	return &run{
		Client: s.cfg.Client, owner: s.cfg.Planner.Owner, want: indexOf(d), now: s.actual.clone(),
		parked: s.parked, touched: newTouched(), stuck: map[string]bool{}, log: s.cfg.Logger,
	}
}

// finish reads back what a run for a wish wrote to.
func (s *session) finish(ctx context.Context, r *run, d Desired, steps int) error {
	if r.fatal != nil {
		return r.fatal
	}
	if steps == 0 {
		return nil
	}
	a, err := s.cfg.Client.refresh(ctx, r.owner, r.now, r.touched)
	if err != nil {
		return err
	}
	a.share(d)
	s.actual = &a
	return nil
}

// next decides when to go on.
func (s *session) next(state *State, r *run, whole bool) time.Duration {
	if !whole {
		s.cut++
		return 0
	}
	s.cut = 0
	idle := max(1, s.cfg.Interval-s.cfg.Clock.Since(s.read))
	if state.Settled {
		s.failures = 0
		return idle
	}
	s.failures++
	if len(r.failed) == 0 && s.failures <= patience {
		return 0 // room was made, or others changed something
	}
	return min(idle, s.backoff())
}

// waits reports whether a failure may pass by itself.
func waits(failed []Problem) bool {
	return slices.ContainsFunc(failed, func(p Problem) bool { return !permanent(p.Err) })
}

// backoff doubles with every failure in a row.
func (s *session) backoff() time.Duration {
	return min(retryLast, retryFirst<<min(s.failures-1, 10))
}

// lost reports a load balancer that cannot be read; it is read in full when
// that works again.
func (s *session) lost(ctx context.Context, err error) time.Duration {
	if ctx.Err() != nil {
		return 0
	}
	state := State{Err: err}
	if desired, _ := s.newest(); desired != nil {
		state.Desired = *desired
	}
	if s.actual != nil {
		state.Actual = *s.actual
	}
	s.actual = nil
	s.failures++
	s.cfg.Logger.WithError(err).Warn("the load balancer cannot be read or written")
	s.cfg.OnState(state)
	var gone *GoneError
	if errors.As(err, &gone) {
		return s.cfg.Interval
	}
	return s.backoff()
}
