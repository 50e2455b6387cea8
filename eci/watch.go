package eci

import (
	"context"
	"sync"
	"time"

	"k8s.io/utils/clock"
)

// WatchConfig says what a Watch looks at and whom it tells.
type WatchConfig struct {
	// Tags choose the container groups that are watched.
	Tags []KeyValue
	// Fast and Slow bound the time between two looks: while something is going
	// on, and while all is calm. Defaults 300 ms and 3 s.
	Fast, Slow time.Duration
	// FullEvery is the time between two full listings. Default 10 min.
	FullEvery time.Duration
	// OnChange gets a group that is new or has changed, once per change. The
	// value is shared: it must not be modified.
	OnChange func(Group)
	// OnGone gets the id of a group that does not exist any more.
	OnGone func(id string)
	// OnError gets failures; the watch goes on by itself. May be nil.
	OnError func(error)
	// Clock is for tests.
	Clock clock.Clock
}

const (
	// One call each 300 ms is 200 a minute, 2 % of the documented 10,000.
	defaultFast = 300 * time.Millisecond
	// In calm times a container that ends or restarts by itself is noticed
	// this late.
	defaultSlow = 3 * time.Second
	// The full listing is the safety net below the incremental calls, at one
	// call per 20 groups.
	defaultFullEvery = 10 * time.Minute
)

func (c WatchConfig) withDefaults() WatchConfig {
	if c.Fast == 0 {
		c.Fast = defaultFast
	}
	if c.Slow == 0 {
		c.Slow = defaultSlow
	}
	if c.FullEvery == 0 {
		c.FullEvery = defaultFullEvery
	}
	if c.OnChange == nil {
		c.OnChange = func(Group) {}
	}
	if c.OnGone == nil {
		c.OnGone = func(string) {}
	}
	if c.OnError == nil {
		c.OnError = func(error) {}
	}
	if c.Clock == nil {
		c.Clock = clock.RealClock{}
	}
	return c
}

// Watch tells every change of many container groups with one status call per
// look, however many groups there are: the call answers with what changed in
// the last seconds. What that answer lacks is fetched for the groups that need
// it, 20 at a time; a full listing now and then catches what slipped through.
type Watch struct {
	client *Client
	cfg    WatchConfig
	pace   pace
	wake   chan struct{}
	synced chan struct{}

	mu        sync.Mutex
	known     map[string]*tracked
	lastLook  time.Time // start of the last status call that worked
	lastWhole time.Time // start of the last look at the status of all groups
	lastFull  time.Time // start of the last full listing
	full      bool      // the next look must be a full listing
}

// NewWatch builds a watch; Run makes it look.
func NewWatch(client *Client, cfg WatchConfig) *Watch {
	cfg = cfg.withDefaults()
	return &Watch{
		client: client,
		cfg:    cfg,
		pace:   pace{fast: cfg.Fast, slow: cfg.Slow},
		wake:   make(chan struct{}, 1),
		synced: make(chan struct{}),
		known:  map[string]*tracked{},
		full:   true,
	}
}

// Run looks until ctx ends. Callbacks are called from here, one at a time.
func (w *Watch) Run(ctx context.Context) error {
	for ctx.Err() == nil {
		start := w.cfg.Clock.Now()
		err := w.look(ctx)
		if err != nil && ctx.Err() == nil {
			w.cfg.OnError(err)
		}
		w.pace.looked(start, w.busy(start), err)
		w.rest(ctx)
	}
	return nil
}

// Synced is closed once the first full listing has been delivered.
func (w *Watch) Synced() <-chan struct{} { return w.synced }

// Hurry makes the watch look soon and often for a while, because the caller
// expects changes.
func (w *Watch) Hurry() {
	w.pace.hurry(w.cfg.Clock.Now())
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

// Add makes a group known that was just created, so that the watch need not
// ask for what the caller knows: id, name, tags, containers.
func (w *Watch) Add(g Group) {
	now := w.cfg.Clock.Now()
	w.mu.Lock()
	if _, ok := w.known[g.ID]; !ok {
		if g.Status == "" {
			g.Status = StatusScheduling
		}
		w.known[g.ID] = &tracked{base: g, merged: g, since: now, changed: now, told: true}
	}
	w.mu.Unlock()
	w.Hurry()
}

// Ending says that a group was asked to be deleted: its absence from now on
// means that it is gone.
func (w *Watch) Ending(id string) {
	w.mu.Lock()
	if t, ok := w.known[id]; ok {
		t.ending = true
	}
	w.mu.Unlock()
	w.Hurry()
}

// Get returns what is known of a group.
func (w *Watch) Get(id string) (Group, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	t, ok := w.known[id]
	if !ok {
		return Group{}, false
	}
	return t.merged, true
}

// List returns what is known of all groups.
func (w *Watch) List() []Group {
	w.mu.Lock()
	defer w.mu.Unlock()
	out := make([]Group, 0, len(w.known))
	for _, t := range w.known {
		if t.told {
			out = append(out, t.merged)
		}
	}
	return out
}

// rest waits until the next look is due; Hurry shortens it.
func (w *Watch) rest(ctx context.Context) {
	for {
		d := w.pace.due().Sub(w.cfg.Clock.Now())
		if d <= 0 {
			return
		}
		timer := w.cfg.Clock.NewTimer(d)
		select {
		case <-timer.C():
		case <-w.wake:
		case <-ctx.Done():
			timer.Stop()
			return
		}
		timer.Stop()
	}
}
